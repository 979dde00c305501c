/** A Postgres, wherever it runs: a server of its own, or in this process (PGlite). */
export type Database = {
  readonly kind: 'postgres' | 'pglite'
  /** `memory`: gone when it is closed. */
  readonly persistence: 'durable' | 'memory'
  /**
   * One statement; `$1` in `text` is the first of `values`. Without values also several, divided by semicolons: then the rows are the last one's.
   * What it wrote is durable when it resolves. Values of `bigint` and `numeric` come as strings.
   */
  query: DatabaseQuery
  /**
   * Several, as one: all of them are there afterwards, durably, or none is, also where `work` caught the error of one. In `work` only the
   * `query` that it is given may be used: another one can wait for the end of the transaction.
   */
  transaction<result>(work: (query: DatabaseQuery) => Promise<result>): Promise<result>
  /** Waits for what is being done. */
  close(): Promise<void>
}

export type DatabaseQuery = (text: string, values?: readonly unknown[]) => Promise<{ rows: Record<string, unknown>[] }>
