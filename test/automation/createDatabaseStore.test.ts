import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDatabaseStore, type Database } from '../../src/server/automation/index.js'
import { agentStoreCases } from '../../src/testing/index.js'
import { startPostgres, type TestPostgres } from '../harness/startPostgres.js'
import { emptyDatabase } from './databases.js'

let postgres: TestPostgres
beforeAll(async () => void (postgres = await startPostgres()), 120_000)
afterAll(() => postgres.stop())

describe.each<Database['kind']>(['postgres', 'pglite'])('over %s', (kind) => {
  let database: Database
  beforeAll(async () => void (database = await emptyDatabase(kind, postgres)), 60_000)
  afterAll(() => database.close())

  test('makes its table when many use it first, at once', async () => {
    const stores = Array.from({ length: 8 }, () => createDatabaseStore(database))
    expect(await Promise.all(stores.map((store) => store.list('session')))).toEqual(Array(8).fill([]))
    const { rows } = await database.query('select version, name from session_keys.migrations order by version')
    expect(rows[0]).toEqual({ version: 1, name: 'rows' })
  })

  test.each(agentStoreCases)('$name', async ({ run }) => {
    await createDatabaseStore(database).list('session')
    await database.query('truncate session_keys.rows')
    await run(() => createDatabaseStore(database))
  })
})
