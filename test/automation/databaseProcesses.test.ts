import { spawn } from 'node:child_process'
import { cpSync, existsSync, linkSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { createDatabaseStore, openDatabase } from '../../src/server/automation/index.js'
import { lockFolder } from '../../src/server/automation/folderLock.js'
import { allRows } from '../../src/server/store/allRows.js'
import { createRandom } from '../harness/random.js'
import { startPostgres } from '../harness/startPostgres.js'
import type { Bundle } from '../server/bundle.js'
import { bundleDatabaseProcess, startDatabaseProcess } from './startDatabaseProcess.js'

let program: Bundle
let made: string
beforeAll(async () => {
  program = await bundleDatabaseProcess()
  made = mkdtempSync(join(tmpdir(), 'rsk-database-'))
  await (await openDatabase(made)).close()
}, 120_000)
afterAll(() => {
  program.remove()
  rmSync(made, { recursive: true })
})

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rsk-database-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

/** Making one takes seconds, so most tests begin with a copy of one that has been made, and is empty. */
function newDatabase(): string {
  const folder = newFolder()
  cpSync(made, folder, { recursive: true })
  return folder
}

test('of a process that is killed while it writes, nothing is missing that it said was written, and nothing is there in part', async () => {
  const folder = newDatabase()
  const random = createRandom(20)
  const rows = new Set<string>()
  const pairs = new Set<string>()
  for (let time = 0; time < 4; time += 1) {
    const writer = startDatabaseProcess(program, { url: folder, work: 'write' })
    expect((await writer.said(1 + Math.floor(random() * 400)))[0]).toBe('open')
    const lines = await writer.kill()
    for (const line of lines) {
      const [what, id = ''] = line.split(' ')
      if (what === 'row') rows.add(id)
      if (what === 'pair') pairs.add(id)
    }
  }
  const database = await openDatabase(folder)
  const found = new Set<string>()
  for await (const { id } of allRows(createDatabaseStore(database), 'intent')) found.add(id)
  expect(rows.size).toBeGreaterThan(50)
  expect([...rows].filter((id) => !found.has(id))).toEqual([])
  const counted = new Map((await database.query('select id, count(*) from pairs group by id')).rows.map(({ id, count }) => [String(id), Number(count)]))
  expect([...pairs].filter((id) => counted.get(id) !== 2)).toEqual([])
  expect([...counted].filter(([, count]) => count !== 2)).toEqual([])
  await database.close()
}, 180_000)

test('a process that is killed while it makes the database leaves nothing that stands in the way', async () => {
  const folder = newFolder()
  const maker = startDatabaseProcess(program, { url: folder, work: 'hold' })
  await expect.poll(() => existsSync(join(folder, 'postgres-unfinished', 'global')), { interval: 1, timeout: 60_000 }).toBe(true)
  await maker.kill()
  expect(existsSync(join(folder, 'postgres'))).toBe(false)
  const database = await openDatabase(folder)
  expect((await database.query('select 1 as n')).rows).toEqual([{ n: 1 }])
  await database.close()
  expect(readdirSync(folder)).toEqual(['postgres'])
}, 180_000)

test('a second process is refused, and told who holds the folder; killed, the first holds it no more', async () => {
  const folder = newDatabase()
  const first = startDatabaseProcess(program, { url: folder, work: 'hold' })
  expect(await first.said(1)).toEqual(['open'])
  const refused = await startDatabaseProcess(program, { url: folder, work: 'hold' }).end()
  expect(refused).toEqual([expect.stringMatching(new RegExp(`^error DatabaseLockedError ${first.pid} .*in use by another process \\(pid ${first.pid}\\)`))])
  await expect(openDatabase(folder)).rejects.toMatchObject({ name: 'DatabaseLockedError', pid: first.pid })
  await first.kill()
  const database = await openDatabase(folder)
  await database.close()
}, 180_000)

test('many that come at once for a dead one’s folder: one of them has it', async () => {
  const folder = join(newFolder(), 'x'.repeat(120))
  // What a killed process leaves.
  const dead = startDatabaseProcess(program, { url: folder, work: 'lock' })
  await dead.said(1)
  await dead.kill()
  expect(readdirSync(folder).filter((name) => name.startsWith(`lock-${dead.pid}-`))).toHaveLength(1)

  const claims = await Promise.allSettled(Array.from({ length: 12 }, () => lockFolder(folder)))
  const held = claims.filter((one) => one.status === 'fulfilled')
  expect(held).toHaveLength(1)
  expect(readdirSync(folder).filter((name) => name.startsWith('lock-'))).toHaveLength(1)
  await held[0]?.value.release()
  expect(readdirSync(folder).filter((name) => name.startsWith('lock-'))).toEqual([])
}, 180_000)

test('the number of a dead process that another one has by now keeps nobody out; one that listens does, whatever its number', async () => {
  const folder = newFolder()
  // Of this very process, which is alive and holds nothing.
  const name = `lock-${process.pid}-00000000`
  const left = createServer()
  await new Promise<void>((resolve) => left.listen(join(folder, name), resolve))
  await expect(lockFolder(folder, 0)).rejects.toMatchObject({ name: 'DatabaseLockedError', pid: process.pid })
  // Closed as by a kill: the name stays.
  const kept = `${join(folder, name)}-kept`
  linkSync(join(folder, name), kept)
  await new Promise((resolve) => left.close(resolve))
  linkSync(kept, join(folder, name))
  await (await lockFolder(folder, 0)).release()
})

test('three processes over one Postgres: each change is made once, and the tables are made once', async () => {
  const postgres = await startPostgres()
  onTestFinished(() => postgres.stop())
  const url = await postgres.createDatabase()
  const processes = [0, 1, 2].map(() => startDatabaseProcess(program, { url, work: 'count', times: 60 }))
  expect(await Promise.all(processes.map((one) => one.end()))).toEqual(Array(3).fill(['open', 'closed']))
  const database = await openDatabase(url)
  const rows = await createDatabaseStore(database).list('intent')
  expect(rows.map(({ body, rev }) => [body, rev])).toEqual(Array(3).fill(['60', 59]))
  const { rows: steps } = await database.query('select name, count(*) from session_keys.migrations group by name having count(*) > 1')
  expect(steps).toEqual([])
  await database.close()
}, 180_000)

test('a Postgres of tests is gone when its test process is killed', async () => {
  const holder = `
    const { createServer } = await import('vite')
    const server = await createServer({ configFile: false, root: ${JSON.stringify(process.cwd())}, appType: 'custom', server: { middlewareMode: true, hmr: false, ws: false, watch: null }, optimizeDeps: { noDiscovery: true } })
    const { startPostgres } = await server.ssrLoadModule('/test/harness/startPostgres.ts')
    console.log((await startPostgres()).url)
  `
  const child = spawn(process.execPath, ['--input-type=module', '-e', holder], { stdio: ['ignore', 'pipe', 'inherit'] })
  const url = await new Promise<string>((resolve) => child.stdout.on('data', (chunk: Buffer) => resolve(chunk.toString().trim())))
  const database = await openDatabase(url)
  const { rows } = await database.query(`select current_setting('data_directory') as folder`)
  await database.close()
  child.kill('SIGKILL')
  await expect.poll(() => openDatabase(url).then((one) => one.close(), (error: Error) => error.name)).toBe('DatabaseUnreachableError')
  await expect.poll(() => existsSync(String(rows[0]?.['folder']))).toBe(false)
}, 60_000)
