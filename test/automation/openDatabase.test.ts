import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { openDatabase, type Database } from '../../src/server/automation/index.js'
import { startPostgres, type TestPostgres } from '../harness/startPostgres.js'
import { emptyDatabase } from './databases.js'

let postgres: TestPostgres
beforeAll(async () => void (postgres = await startPostgres()), 120_000)
afterAll(() => postgres.stop())

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rsk-database-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

async function failure(work: Promise<unknown>): Promise<Error> {
  return work.then(
    () => expect.fail('It did not fail.'),
    (error: Error) => error,
  )
}

describe.each<Database['kind']>(['postgres', 'pglite'])('a database (%s)', (kind) => {
  let database: Database
  beforeAll(async () => void (database = await emptyDatabase(kind, postgres)), 60_000)
  afterAll(() => database.close())

  test('answers with the same values, whichever it is', async () => {
    const { rows } = await database.query(
      `select $1::text as text, $2::boolean as yes, $3::integer as number, 9007199254740993::bigint as big, 1.50::numeric as exact, $4::jsonb as json,
       $5::text[] as list, null as nothing, to_timestamp(1.5) as at, count(*) from json_to_recordset($6) as entries (n integer)`,
      ['“ü”', true, 5, JSON.stringify({ a: [1] }), ['a', 'b'], JSON.stringify([{ n: 1 }, { n: 2 }])],
    )
    const expected = { text: '“ü”', yes: true, number: 5, big: '9007199254740993', exact: '1.50', json: { a: [1] }, list: ['a', 'b'], nothing: null, at: new Date(1_500), count: '2' }
    expect(rows).toEqual([expected])
  })

  test('takes several statements at once, and answers with the last one’s rows', async () => {
    expect((await database.query('create table several (n integer); insert into several values (1), (2); select * from several order by n')).rows).toEqual([{ n: 1 }, { n: 2 }])
    expect((await database.query('insert into several values (3)')).rows).toEqual([])
  })

  test('goes on after an error, also in a transaction that the text itself began', async () => {
    await expect(database.query('begin; create table undone (n integer); select 1 / 0; commit')).rejects.toMatchObject({ code: '22012' })
    await expect(database.query('select $1::integer', ['x'])).rejects.toMatchObject({ code: '22P02' })
    const results = await Promise.allSettled(Array.from({ length: 6 }, (_, index) => database.query(index % 2 ? 'begin; select 1 / 0; commit' : `select ${index} as n`)))
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected', 'fulfilled', 'rejected'])
    expect((await database.query(`select to_regclass('undone') as undone`)).rows).toEqual([{ undone: null }])
  })

  test('a transaction is there as a whole, or not at all', async () => {
    await database.query('create table accounts (id integer primary key, amount integer)')
    expect(await database.transaction(async (query) => (await query('insert into accounts values (1, 10), (2, 0) returning id')).rows.length)).toBe(2)
    const refused = database.transaction(async (query) => {
      await query('update accounts set amount = $1 where id = 1', [0])
      throw new Error('no')
    })
    await expect(refused).rejects.toThrow('no')
    const swallowed = database.transaction(async (query) => {
      await query('update accounts set amount = $1 where id = 1', [0])
      await query('insert into accounts values (1, 1)').catch(() => undefined)
    })
    await expect(swallowed).rejects.toMatchObject({ code: '23505' })
    expect((await database.query('select * from accounts order by id')).rows).toEqual([
      { id: 1, amount: 10 },
      { id: 2, amount: 0 },
    ])
  })

  test('transactions that begin at once do not mix', async () => {
    await database.query('create table counter (n integer); insert into counter values (0)')
    const add = () =>
      database.transaction(async (query) => {
        const { rows } = await query('select n from counter for update')
        await query('update counter set n = $1', [Number(rows[0]?.['n']) + 1])
      })
    await Promise.all([...Array.from({ length: 10 }, add), database.query('select 1'), ...Array.from({ length: 10 }, add)])
    expect((await database.query('select n from counter')).rows).toEqual([{ n: 20 }])
  })

  test('an error does not repeat what was to be written', async () => {
    await database.query('create table secrets (id integer primary key, body text)')
    await database.query('insert into secrets values ($1, $2)', [1, 'a sealed key'])
    expect(inspect(await failure(database.query('insert into secrets values ($1, $2)', [1, 'a sealed key'])), { depth: 9 })).not.toContain('a sealed key')
  })

  test('is closed once, however often that is said, and not before what it is doing has ended', async () => {
    const other = await emptyDatabase(kind, postgres)
    const last = other.query('select 1 as n')
    await Promise.all([other.close(), other.close()])
    expect((await last).rows).toEqual([{ n: 1 }])
    await expect(other.query('select 1')).rejects.toMatchObject({ name: 'DatabaseClosedError' })
    await expect(other.transaction((query) => query('select 1'))).rejects.toMatchObject({ name: 'DatabaseClosedError' })
  })
})

test('what an address is, and what is none', async () => {
  await expect(openDatabase('')).rejects.toThrow('is empty')
  await expect(openDatabase('mysql://somebody:secret@host/name')).rejects.toMatchObject({ name: 'InvalidDatabaseUrlError' })
  await expect(openDatabase('postgres://user:secret@host:port/name')).rejects.toMatchObject({ name: 'InvalidDatabaseUrlError' })
  expect((await openDatabase(postgres.url.replace('postgres://', 'postgresql://')).then((one) => one.close().then(() => one))).kind).toBe('postgres')
})

test('no error shows the password', async () => {
  const { port } = new URL(postgres.url)
  const wrong = [
    'postgres://postgres:hunter2@127.0.0.1:1/postgres',
    `postgres://postgres:hunter2@127.0.0.1:${port}/postgres`,
    `postgres://nobody:hunter2@127.0.0.1:${port}/postgres`,
    'postgres://postgres:hunter2@no host/postgres',
    'postgres://postgres:hunter2@[/postgres',
    `postgres://postgres:hunter2@127.0.0.1:${port}/postgres?sslmode=verify-full`,
    'mysql://postgres:hunter2@127.0.0.1/postgres',
  ]
  for (const url of wrong) {
    const error = await failure(openDatabase(url))
    expect(error.name, url).toMatch(/^(DatabaseUnreachable|InvalidDatabaseUrl)Error$/)
    expect(inspect(error, { depth: 9, showHidden: true }), url).not.toContain('hunter2')
  }
  const database = await openDatabase(postgres.url)
  const { password } = new URL(postgres.url)
  expect(inspect([database, await failure(database.query('select nonsense')), await failure(database.transaction((query) => query('select nonsense')))], { depth: 9, showHidden: true })).not.toContain(password)
  await database.close()
})

test('a connection that breaks is an error of what was asked over it, and the next one works', async () => {
  const [database, other] = await Promise.all([openDatabase(postgres.url, { connections: 1 }), openDatabase(postgres.url)])
  const idOf = async (query: Database['query']) => Number((await query('select pg_backend_pid() as id')).rows[0]?.['id'])
  const end = async (id: number) => other.query('select pg_terminate_backend($1, 5000)', [id])

  await end(await idOf(database.query))
  await expect.poll(() => database.query('select 1 as n').catch(() => undefined)).toMatchObject({ rows: [{ n: 1 }] })
  const broken = database.transaction(async (query) => {
    await end(await idOf(query))
    await query('select 1')
  })
  await expect(broken).rejects.toThrow()
  expect((await database.query('select 1 as n')).rows).toEqual([{ n: 1 }])
  await Promise.all([database.close(), other.close()])
})

test('a folder keeps what was written, for whoever opens it next; nobody else does meanwhile', async () => {
  const folder = join(newFolder(), 'a', 'new one')
  const first = await openDatabase(folder)
  await first.query('create table kept (n integer); insert into kept values (7)')
  await expect(openDatabase(folder)).rejects.toMatchObject({ name: 'DatabaseLockedError', pid: process.pid, message: expect.stringContaining(`pid ${process.pid}`) as string })
  expect(first.persistence).toBe('durable')
  await first.close()
  const second = await openDatabase(folder)
  expect((await second.query('select n from kept')).rows).toEqual([{ n: 7 }])
  await second.close()
  expect(readdirSync(folder)).toEqual(['postgres'])
})

test('in memory each is its own', async () => {
  const [one, other] = await Promise.all([openDatabase('memory:'), openDatabase('memory:')])
  await one.query('create table mine (n integer)')
  await expect(other.query('select * from mine')).rejects.toMatchObject({ code: '42P01' })
  expect(one.persistence).toBe('memory')
  await Promise.all([one.close(), other.close()])
})

test('a place that cannot be a folder is said to be none, and is let go of', async () => {
  const file = join(newFolder(), 'file')
  writeFileSync(file, '')
  await expect(openDatabase(join(file, 'database'))).rejects.toMatchObject({ name: 'DatabaseFolderError' })
  expect(existsSync(file)).toBe(true)
})
