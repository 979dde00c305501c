import { AgentRowChangedError, type AgentRow, type AgentRowKind, type AgentRowQuery, type AgentStore } from '../../src/server/index.js'

/** A store that lives in another process, as a database does. */
export function remoteStore(url: string): AgentStore {
  async function ask(question: object): Promise<unknown> {
    const response = await fetch(url, { method: 'POST', body: JSON.stringify(question) })
    if (response.status === 409) throw new AgentRowChangedError({ kind: 'lease', id: 'a row' })
    if (!response.ok) throw new Error(`The store answered ${response.status}.`)
    return JSON.parse(await response.text()) as unknown
  }
  return {
    persistence: 'durable',
    get: async (kind, id) => ((await ask({ get: [kind, id] })) as AgentRow | null) ?? undefined,
    put: async (row) => void (await ask({ put: [row] })),
    list: async (kind, query) => (await ask({ list: [kind, query] })) as AgentRow[],
  }
}

/** The other end of it. */
export function storeHandler(store: AgentStore): (request: Request) => Promise<Response> {
  return async (request) => {
    const { get, put, list } = (await request.json()) as { get?: [AgentRowKind, string]; put?: [AgentRow]; list?: [AgentRowKind, AgentRowQuery | null] }
    try {
      if (put) await store.put(...put)
      return Response.json((get ? await store.get(...get) : list ? await store.list(list[0], list[1] ?? {}) : undefined) ?? null)
    } catch (error) {
      return new Response(null, { status: error instanceof AgentRowChangedError ? 409 : 500 })
    }
  }
}
