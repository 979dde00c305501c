import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { build, type Rolldown } from 'vite'
import { alias } from '../../vite.config.js'

const root = resolve(import.meta.dirname, '../..')

export type Bundle = { folder: string; file: string; code: string; remove(): void }

/**
 * A module of ours as plain JavaScript in a folder of its own, with these packages installed there and no others. With none given, or with `inline`,
 * all else that it needs is in the one file, which starts at once.
 */
export async function bundle(entry: string, packages: readonly string[] = [], { inline = packages.length === 0 }: { inline?: boolean } = {}): Promise<Bundle> {
  const built = await build({
    root,
    configFile: false,
    logLevel: 'error',
    resolve: { alias },
    ssr: { noExternal: inline ? true : [], external: [...packages] },
    build: { ssr: resolve(import.meta.dirname, entry), write: false, minify: false, target: 'es2022', rolldownOptions: { output: { codeSplitting: false } } },
  })
  const { output } = (Array.isArray(built) ? built[0] : built) as Rolldown.RolldownOutput
  const folder = mkdtempSync(join(tmpdir(), 'rsk-bundle-'))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  for (const name of packages) {
    mkdirSync(dirname(join(folder, 'node_modules', name)), { recursive: true })
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name))
  }
  const chunks = output.filter((one) => one.type === 'chunk')
  for (const { fileName, code } of chunks) {
    mkdirSync(dirname(join(folder, fileName)), { recursive: true })
    writeFileSync(join(folder, fileName), code)
  }
  const first = chunks.find(({ isEntry }) => isEntry)
  if (!first) throw new Error(`${entry} made no module.`)
  return { folder, file: join(folder, first.fileName), code: chunks.map(({ code }) => code).join('\n'), remove: () => rmSync(folder, { recursive: true }) }
}
