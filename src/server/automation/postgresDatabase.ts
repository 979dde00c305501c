import type { Database, DatabaseQuery } from './database.js'
import { DatabaseClosedError, DatabaseUnreachableError, InvalidDatabaseUrlError } from './databaseErrors.js'
import { importOptional } from './importOptional.js'
import { inTransaction } from './inTransaction.js'

/** How long to wait for a connection, a new one or one that others use, before it is said that there is none. */
const connectTimeoutMs = 30_000

/** @throws {DatabaseUnreachableError} */
export async function openPostgres(url: string, { connections = 10 }: { connections?: number | undefined } = {}): Promise<Database> {
  const address = readAddress(url)
  const { default: pg } = await importOptional(() => import('pg'), { packageName: 'pg', neededBy: 'A Postgres', install: 'pg pg-boss' })
  const pool = new pg.Pool({ connectionString: url, max: connections, connectionTimeoutMillis: connectTimeoutMs, application_name: 'react-session-keys', keepAlive: true })
  // A connection that breaks is reported by whatever is asked over it next. Without listeners it would end the process.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))

  const going = new Set<Promise<unknown>>()
  let closed: Promise<void> | undefined

  async function during<result>(work: () => Promise<result>): Promise<result> {
    if (closed) throw new DatabaseClosedError()
    const promise = work()
    going.add(promise)
    try {
      return await promise
    } catch (error) {
      throw withoutAddress(error as Error)
    } finally {
      going.delete(promise)
    }
  }

  const ask: DatabaseQuery = async (text, values = []) => last(await pool.query(text, [...values]))

  async function transaction<result>(work: (query: DatabaseQuery) => Promise<result>): Promise<result> {
    const client = await pool.connect()
    let broken: Error | undefined
    try {
      return await inTransaction(async (text, values = []) => last(await client.query(text, [...values])), work)
    } catch (error) {
      await client.query('rollback').catch((reason: Error) => (broken = reason))
      throw error
    } finally {
      client.release(broken)
    }
  }

  try {
    await during(() => ask('select 1'))
  } catch (error) {
    await pool.end()
    throw new DatabaseUnreachableError({ at: address, cause: error as Error })
  }

  return {
    kind: 'postgres',
    persistence: 'durable',
    query: (text, values) => during(() => ask(text, values)),
    transaction: (work) => during(() => transaction(work)),
    // A pool that ends forgets whoever waits for a connection.
    close: () => (closed ??= Promise.allSettled(going).then(() => pool.end())),
  }
}

/** Several statements at once have several results. */
function last<result>(results: result | result[]): result {
  return Array.isArray(results) ? (results.at(-1) as result) : results
}

/** The host and the name, without who comes in by what. */
function readAddress(url: string): string {
  try {
    const { host, pathname } = new URL(url)
    return `${host || 'this machine'}${pathname}`
  } catch {
    throw new InvalidDatabaseUrlError({ reason: 'is not a connection string that can be read' })
  }
}

/** The driver's own error of an address that it cannot read repeats it, password and all. */
function withoutAddress(error: Error): Error {
  if ('input' in error) delete error.input
  return error
}
