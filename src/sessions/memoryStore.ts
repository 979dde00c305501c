import type { StoredKey } from '../keys/storedKey.js'
import { SessionChangedError, SessionLostError } from './errors.js'
import { createMemoryHistory } from './memoryHistory.js'
import { matchesQuery, newestFirst } from './matchesQuery.js'
import type { Session, SessionId } from './session.js'
import type { SessionChange, SessionStore } from './store.js'

/** Keeps sessions as long as the page lives. For tests and servers' rendering, and where the browser keeps nothing. */
export function createMemoryStore(): SessionStore {
  const sessions = new Map<SessionId, Session>()
  const keys = new Map<SessionId, StoredKey>()
  const listeners = new Set<(change: SessionChange) => void>()
  const history = createMemoryHistory((id) => (sessions.get(id)?.status ?? 'purged') !== 'purged')
  let wrappingKey: Promise<CryptoKey> | undefined

  function changed({ id, rev }: Session) {
    for (const listener of listeners) listener({ id, rev })
  }

  return {
    persistence: 'memory',
    async create(session, key) {
      if (sessions.has(session.id)) throw new SessionChangedError({ id: session.id })
      sessions.set(session.id, session)
      if (key) keys.set(session.id, key)
      changed(session)
    },
    get: async (id) => sessions.get(id),
    async list(query = {}) {
      const found = [...sessions.values()].filter((session) => matchesQuery(session, query)).sort(newestFirst)
      return found.slice(0, query.limit)
    },
    async put(session, { dropKey } = {}) {
      const stored = sessions.get(session.id)
      if (!stored) throw new SessionLostError({ id: session.id, address: session.address })
      if (stored.rev !== session.rev - 1) throw new SessionChangedError({ id: session.id })
      sessions.set(session.id, session)
      if (dropKey) keys.delete(session.id)
      if (session.status === 'purged') history.drop(session.id)
      changed(session)
    },
    async getKey(id) {
      const key = keys.get(id)
      return key && { key, wrappingKey: await wrappingKey }
    },
    getWrappingKey: (create) => (wrappingKey ??= create()),
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    history,
  }
}
