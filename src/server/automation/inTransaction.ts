import type { DatabaseQuery } from './database.js'

/** Begins, works and commits, over one connection. Whoever calls it rolls back when it throws. */
export async function inTransaction<result>(query: DatabaseQuery, work: (query: DatabaseQuery) => Promise<result>): Promise<result> {
  let failed: { error: unknown } | undefined
  await query('begin')
  const result = await work(async (text, values) => {
    try {
      return await query(text, values)
    } catch (error) {
      failed ??= { error }
      throw error
    }
  })
  // A Postgres answers `commit` of such a one with a rollback, and no error.
  if (failed) throw failed.error
  await query('commit')
  return result
}
