import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

const folder = join(import.meta.dirname, 'bundler')
const modules = join(folder, 'node_modules')

/** Installs the bundler into its own folder, once for each lock file. @returns the path of its command */
export async function installBundler(): Promise<string> {
  const marker = join(modules, '.installed')
  const wanted = createHash('sha256').update(readFileSync(join(folder, 'package-lock.json'))).digest('hex')
  if (!existsSync(marker) || readFileSync(marker, 'utf8') !== wanted) {
    // Nothing of it is built here, so nobody's scripts have to run.
    await promisify(execFile)('npm', ['ci', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'], { cwd: folder, shell: process.platform === 'win32' })
    writeFileSync(marker, wanted)
  }
  return join(modules, '@pimlico/alto/esm/cli/alto.js')
}
