import type { StoredKey } from '../keys/storedKey.js'
import { SessionChangedError } from './errors.js'
import type { Session, SessionId } from './session.js'
import type { SessionStore } from './store.js'

/** Keeps sessions as long as the page lives. For tests and servers' rendering. */
export function createMemoryStore(): SessionStore {
  const sessions = new Map<SessionId, Session>()
  const keys = new Map<SessionId, StoredKey>()
  const listeners = new Set<(id: SessionId) => void>()
  let wrappingKey: Promise<CryptoKey> | undefined

  function changed(id: SessionId) {
    for (const listener of listeners) listener(id)
  }

  return {
    async create(session, key) {
      if (sessions.has(session.id)) throw new SessionChangedError({ id: session.id })
      sessions.set(session.id, session)
      if (key) keys.set(session.id, key)
      changed(session.id)
    },
    get: async (id) => sessions.get(id),
    list: async () => [...sessions.values()],
    async put(session, { dropKey } = {}) {
      if (sessions.get(session.id)?.rev !== session.rev - 1) throw new SessionChangedError({ id: session.id })
      sessions.set(session.id, session)
      if (dropKey) keys.delete(session.id)
      changed(session.id)
    },
    getKey: async (id) => keys.get(id),
    getWrappingKey: (create) => (wrappingKey ??= create()),
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
