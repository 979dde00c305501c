import { createRequire } from 'node:module'
import { MissingPackageError } from '../../errors/MissingPackageError.js'

/**
 * Loads a file of an optional package, only when it is needed. `require` and not `import()`: it takes JSON without
 * an import attribute, and no bundler or module runner has to keep it working.
 */
export function requireOptional<module>(packageName: string, file: string, install = packageName): module {
  const require = createRequire(import.meta.url)
  try {
    return require(`${packageName}/${file}`) as module
  } catch (error) {
    if (!isNotFound(error)) throw error
    throw missingPackage(packageName, { install, cause: error })
  }
}

export function missingPackage(packageName: string, { install = packageName, cause }: { install?: string; cause?: Error } = {}): MissingPackageError {
  return new MissingPackageError({ packageName, neededBy: 'The local chain', install: `--save-dev ${install}`, cause })
}

export function isNotFound(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && (error.code === 'MODULE_NOT_FOUND' || error.code === 'ERR_PACKAGE_PATH_NOT_EXPORTED')
}
