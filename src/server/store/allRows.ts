import type { AgentRow, AgentRowKind, AgentRowQuery, AgentStore } from './agentStore.js'

const pageSize = 500

/** All rows that a query finds, page by page; where `from` is given, those whose id comes later. */
export async function* allRows(store: AgentStore, kind: AgentRowKind, query: Omit<AgentRowQuery, 'after' | 'limit'> = {}, from?: string): AsyncGenerator<AgentRow> {
  for (let after = from; ; ) {
    const page = await store.list(kind, { ...query, ...(after === undefined ? {} : { after }), limit: pageSize })
    yield* page
    after = page.at(-1)?.id
    if (page.length < pageSize || after === undefined) return
  }
}
