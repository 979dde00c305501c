import { createRequire } from 'node:module'
import { UnsupportedPlatformError } from './errors.js'
import { isNotFound, missingPackage, requireOptional } from './requireOptional.js'

/**
 * The path of anvil itself. Its npm wrapper is never used: killed, it leaves anvil running.
 *
 * @throws {MissingPackageError} `@foundry-rs/anvil`, or its package for this platform, is not installed
 * @throws {UnsupportedPlatformError} no such package exists for this platform
 */
export function anvilBinary({ platform, arch }: { platform: string; arch: string } = process): string {
  const { optionalDependencies } = requireOptional<{ optionalDependencies: Record<string, string> }>(wrapper, 'package.json')
  const packageName = `${wrapper}-${platform}-${arch === 'x64' ? 'amd64' : arch}`
  if (!(packageName in optionalDependencies)) {
    const supported = Object.keys(optionalDependencies).map((name) => name.slice(wrapper.length + 1))
    throw new UnsupportedPlatformError({ platform, arch, supported })
  }
  try {
    // From the wrapper's own place: under a strict node_modules only it can see its platform packages.
    const fromWrapper = createRequire(createRequire(import.meta.url).resolve(`${wrapper}/package.json`))
    return fromWrapper.resolve(`${packageName}/bin/${platform === 'win32' ? 'anvil.exe' : 'anvil'}`)
  } catch (error) {
    if (!isNotFound(error)) throw error
    throw missingPackage(packageName, { install: `${wrapper} --include=optional`, cause: error })
  }
}

const wrapper = '@foundry-rs/anvil'
