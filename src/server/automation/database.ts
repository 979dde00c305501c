/** A Postgres, wherever it runs: a server of its own, or in this process (PGlite). */
export type Database = {
  readonly kind: 'postgres' | 'pglite'
  /** One statement. `$1` in `text` is the first of `values`. */
  query(text: string, values?: readonly unknown[]): Promise<{ rows: Record<string, unknown>[] }>
  /** Several, as one: all of them are there afterwards, durably, or none is. */
  transaction<result>(work: (query: Database['query']) => Promise<result>): Promise<result>
  close(): Promise<void>
}
