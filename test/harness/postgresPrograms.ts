import { execFile } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** The folder with `initdb` and `postgres`: where Debian puts them, which is not on the PATH. Root installs them where they are missing. */
export async function postgresPrograms(): Promise<string> {
  const found = findPrograms()
  if (found) return found
  if (process.getuid?.() !== 0) throw new Error(`The tests need Postgres: sudo apt-get install postgresql, or PATH with initdb and postgres on it. ${lookedIn()}`)
  await installPrograms()
  const installed = findPrograms()
  if (!installed) throw new Error(`apt-get installed postgresql, and there is no initdb. ${lookedIn()}`)
  return installed
}

const debianFolder = '/usr/lib/postgresql'

function findPrograms(): string | undefined {
  const versions = existsSync(debianFolder) ? readdirSync(debianFolder).sort((a, b) => Number(b) - Number(a)) : []
  const folders = [...versions.map((version) => join(debianFolder, version, 'bin')), ...(process.env['PATH'] ?? '').split(':').filter(Boolean)]
  return folders.find((folder) => ['initdb', 'postgres'].every((program) => existsSync(join(folder, program))))
}

function lookedIn(): string {
  return `Looked in ${debianFolder} and on the PATH.`
}

/** Of several tests that begin at once one installs, and the others wait for apt's own lock. */
async function installPrograms(): Promise<void> {
  // At this level no service is started: the system's own cluster is nobody's business here.
  const options = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' } }
  const waiting = ['-o', 'DPkg::Lock::Timeout=600']
  const install = () => run('apt-get', ['install', '--yes', '--no-install-recommends', ...waiting, 'postgresql'], options)
  await install().catch(async () => {
    // Its lists may be missing, or too old.
    await run('apt-get', ['update', ...waiting], options).catch(() => undefined)
    await install()
  })
}
