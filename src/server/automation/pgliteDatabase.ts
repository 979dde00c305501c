import { resolve } from 'node:path'
import { createOneAtATime } from '../../execution/oneAtATime.js'
import type { Database, DatabaseQuery } from './database.js'
import { DatabaseClosedError } from './databaseErrors.js'
import { lockFolder } from './folderLock.js'
import { inTransaction } from './inTransaction.js'
import { importPglite, openPgliteIn } from './pgliteFolder.js'

/** @param folder none: in memory */
export async function openPglite(folder: string | undefined): Promise<Database> {
  const { PGlite, types } = await importPglite()
  // As `pg` has it.
  const options = { parsers: { [types.INT8]: (text: string) => text } }
  const lock = folder === undefined ? undefined : await lockFolder(resolve(folder))
  try {
    const pglite = folder === undefined ? await PGlite.create(options) : await openPgliteIn(resolve(folder), options)
    // There is one connection. A transaction of one caller must not take in what another one asks.
    const turn = createOneAtATime()

    const query: DatabaseQuery = async (text, values = []) => {
      try {
        return values.length > 0 ? await pglite.query<Record<string, unknown>>(text, [...values]) : ((await pglite.exec(text)).at(-1) ?? { rows: [] })
      } catch (error) {
        // It would carry keys and signatures into logs.
        if (error instanceof Error && 'params' in error) delete error.params
        throw error
      }
    }

    /** Several statements may have begun a transaction of their own, which an error leaves open. */
    async function undone<result>(work: Promise<result>): Promise<result> {
      try {
        return await work
      } catch (error) {
        await pglite.exec('rollback').catch(() => undefined)
        throw error
      }
    }

    let closed: Promise<void> | undefined
    const whileOpen = async <result>(work: () => Promise<result>) => {
      if (closed) throw new DatabaseClosedError()
      return turn(() => undone(work()))
    }

    return {
      kind: 'pglite',
      persistence: folder === undefined ? 'memory' : 'durable',
      query: (text, values) => whileOpen(() => query(text, values)),
      transaction: (work) => whileOpen(() => inTransaction(query, work)),
      close: () =>
        (closed ??= turn(async () => {
          await pglite.close()
          await lock?.release()
        })),
    }
  } catch (error) {
    await lock?.release()
    throw error
  }
}
