import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, mkdtempSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { postgresPrograms } from './postgresPrograms.js'

const run = promisify(execFile)

export type TestPostgres = {
  /** Of its first database. */
  url: string
  /** A new database, with nothing in it. */
  createDatabase(): Promise<string>
  /** Ends it at once, with all that is in it. */
  stop(): Promise<void>
}

/**
 * A Postgres of its own: Debian's programs, a new folder, a free port of this machine, and no data of anybody's. It ends with `stop()`, and
 * with the process that started it, killed or not.
 *
 * It does not wait for the disk (`fsync` is off). A process that is killed loses nothing by that, the Postgres included; only a machine without power would.
 */
export async function startPostgres(): Promise<TestPostgres> {
  const programs = await postgresPrograms()
  const as = await unprivileged()
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort()
    const { keeper, problem } = await keep(programs, port, as)
    if (problem === undefined) return testPostgres(keeper, port)
    // A port that was free a moment ago can be somebody's by now: then another one.
    if (attempt === 5 || !problem.includes('Address already in use')) throw new Error(`Postgres did not start:\n${problem}`)
  }
}

const password = 'a-password-of-tests'

function testPostgres(keeper: ChildProcess, port: number): TestPostgres {
  const urlOf = (name: string) => `postgres://postgres:${password}@127.0.0.1:${port}/${name}`
  return {
    url: urlOf('postgres'),
    async createDatabase() {
      const name = `test_${crypto.randomUUID().replaceAll('-', '')}`
      const client = new pg.Client(urlOf('postgres'))
      await client.connect()
      await client.query(`create database ${name}`)
      await client.end()
      return urlOf(name)
    },
    async stop() {
      if (keeper.exitCode !== null || keeper.signalCode !== null) return
      const gone = once(keeper, 'exit')
      keeper.stdin?.end()
      await gone
    },
  }
}

type Ids = { uid: number; gid: number }

/** Postgres refuses to run as root. */
async function unprivileged(): Promise<Ids | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const [uid, gid] = await Promise.all(['-u', '-g'].map(async (flag) => Number((await run('id', [flag, 'nobody'])).stdout)))
  return { uid: uid as number, gid: gid as number }
}

async function keep(programs: string, port: number, as: Ids | undefined): Promise<{ keeper: ChildProcess; problem: string | undefined }> {
  const folder = mkdtempSync(join(tmpdir(), 'rsk-postgres-'))
  writeFileSync(join(folder, 'password'), password)
  if (as) for (const path of [folder, join(folder, 'password')]) chownSync(path, as.uid, as.gid)
  const options = ['--username=postgres', '--pwfile=password', '--auth=scram-sha-256', '--encoding=UTF8', '--locale=C.UTF-8', '--no-sync']
  const settings = { listen_addresses: '127.0.0.1', port, unix_socket_directories: '', fsync: 'off', full_page_writes: 'off', max_connections: 200, shared_buffers: '64MB' }
  const steps = [
    [join(programs, 'initdb'), '--pgdata=data', ...options],
    [join(programs, 'postgres'), '-D', 'data', ...Object.entries(settings).map(([name, value]) => `--${name}=${value}`)],
  ]
  const keeper = spawn(process.execPath, [join(import.meta.dirname, 'keepPostgres.mjs')], { detached: true, stdio: ['pipe', 'ignore', 'pipe'] })
  keeper.stdin.write(`${JSON.stringify({ folder, steps, as })}\n`)
  return { keeper, problem: await listening(keeper) }
}

/** What it said, where it does not. */
function listening(keeper: ChildProcess): Promise<string | undefined> {
  return new Promise((resolve) => {
    let output = ''
    keeper.stderr?.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      if (output.includes('ready to accept connections')) resolve(undefined)
    })
    keeper.once('close', () => resolve(output))
  })
}

async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
