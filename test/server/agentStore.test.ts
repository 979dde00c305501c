import { describe, expect, test } from 'vitest'
import { createMemoryAgentStore, type AgentStore } from '../../src/server/index.js'
import { storedSessions } from '../../src/server/store/storedSessions.js'
import { agentStoreCases, mockSession, sessionStoreCases } from '../../src/testing/index.js'
import { serveFetch } from '../../src/testing/chain/serveFetch.js'
import { remoteStore, storeHandler } from './remoteStore.js'

describe('in memory', () => {
  test.each(agentStoreCases)('$name', ({ run }) => {
    const store = createMemoryAgentStore()
    return run(() => store)
  })
})

describe('in another process', () => {
  test.each(agentStoreCases)('$name', async ({ run }) => {
    const served = await serveFetch(storeHandler(createMemoryAgentStore()))
    await run(() => remoteStore(served.url))
    await served.close()
  })
})

/** A store with a fault has to fail. */
function faulty(fault: (store: AgentStore) => Partial<AgentStore>): () => AgentStore {
  const store = createMemoryAgentStore()
  return () => ({ ...store, ...fault(store) })
}

test.each<[string, (store: AgentStore) => Partial<AgentStore>]>([
  ['forgets', () => ({ put: async () => undefined })],
  ['lets the last writer win', (store) => ({ put: async (row) => store.put({ ...row, rev: ((await store.get(row.kind, row.id))?.rev ?? -1) + 1 }) })],
  ['knows no groups', (store) => ({ list: (kind, query) => store.list(kind, { ...query, group: undefined }) })],
  ['knows no pages', (store) => ({ list: (kind, query) => store.list(kind, { ...query, after: undefined }) })],
  ['has no order', (store) => ({ list: async (kind, query) => [...(await store.list(kind, query))].reverse() })],
  ['mixes the kinds', (store) => ({ get: (_kind, id) => store.get('intent', id) })],
])('the cases find out a store that %s', async (_name, fault) => {
  const results = await Promise.allSettled(agentStoreCases.map(({ run }) => run(faulty(fault))))
  expect(results.some(({ status }) => status === 'rejected')).toBe(true)
})

/** The cases that need no key: a server keeps its keys elsewhere. */
const withoutKeys = sessionStoreCases.filter(({ name }) => /^(finds by account|says so when the session)/.test(name))

test.each(withoutKeys)('a server’s sessions, as the kit’s own store: $name', ({ run }) => {
  const store = createMemoryAgentStore()
  return run(() => storedSessions(store))
})

test('a server’s sessions: whoever wrote last wins, and what cannot be read is none', async () => {
  expect(withoutKeys).toHaveLength(2)
  const rows = createMemoryAgentStore()
  const store = storedSessions(rows)
  const session = mockSession({ status: 'active' })
  await store.create(session, undefined)
  await store.put({ ...session, rev: 1, status: 'exhausted' })
  await expect(store.put({ ...session, rev: 1, status: 'revoked' })).rejects.toThrow('changed by somebody else')
  await expect(store.create(session, undefined)).rejects.toThrow('changed by somebody else')
  expect(await storedSessions(rows).get(session.id)).toEqual({ ...session, rev: 1, status: 'exhausted' })

  await rows.put({ kind: 'session', id: 'odd', rev: 0, group: 'x', open: true, body: '{"v":2,"id":"odd"}' })
  await rows.put({ kind: 'session', id: 'torn', rev: 0, group: 'x', open: true, body: '{"v":2' })
  expect(await store.get('odd')).toBeUndefined()
  expect((await store.list()).map(({ id }) => id)).toEqual([session.id])
})
