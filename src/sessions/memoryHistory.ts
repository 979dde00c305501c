import type { SessionId } from './session.js'
import { mostActions, type SessionAction } from './sessionAction.js'
import type { SessionHistory } from './store.js'

/** What sessions did, as long as the page lives. `isHeld`: whether there is such a session, and more of it than a tombstone. */
export function createMemoryHistory(isHeld: (session: SessionId) => boolean): SessionHistory & { drop(session: SessionId): void } {
  const kept = new Map<SessionId, readonly SessionAction[]>()
  const listeners = new Set<(session: SessionId) => void>()

  function set(session: SessionId, actions: readonly SessionAction[]) {
    kept.set(session, actions)
    for (const listener of listeners) listener(session)
  }

  return {
    async put(action) {
      const { session } = action
      if (!isHeld(session)) return
      const actions = kept.get(session) ?? []
      const known = actions.some(({ id }) => id === action.id)
      set(session, known ? actions.map((one) => (one.id === action.id ? action : one)) : [action, ...actions].slice(0, mostActions))
    },
    list: async (session, limit = mostActions) => (kept.get(session) ?? []).slice(0, limit),
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    drop(session) {
      if (!kept.has(session)) return
      set(session, [])
      kept.delete(session)
    },
  }
}
