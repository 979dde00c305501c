import type { SessionId } from './session.js'
import type { SessionAction } from './sessionAction.js'
import type { SessionStore } from './store.js'

/** What one session did, as far as it is known: the newest first. The same object until it is another. */
export type KnownHistory = {
  /** False until the store has been read. */
  loaded: boolean
  actions: readonly SessionAction[]
}

export type Histories = {
  /** Writes an action down, or what became of it. Nobody waits for it, and where it cannot be written nobody is disturbed. */
  note(action: SessionAction): void
  of(id: SessionId): KnownHistory
  /** Reads it, and calls back when it is another, here or in another tab. */
  watch(id: SessionId, listener: () => void): () => void
}

export type CreateHistoriesParameters = {
  stores: readonly SessionStore[]
  /** The one that holds the session. */
  storeOf: (id: SessionId) => Promise<SessionStore>
}

const unread: KnownHistory = { loaded: false, actions: [] }

/** The histories that somebody looks at, in step with the stores. A store without one shows an empty one. */
export function createHistories({ stores, storeOf }: CreateHistoriesParameters): Histories {
  const known = new Map<SessionId, KnownHistory>()
  const watchers = new Map<SessionId, Set<() => void>>()
  const reads = new Map<SessionId, number>()
  let stops: readonly (() => void)[] = []
  // One after the other, so that what became of an action is not written before the action.
  let writing: Promise<unknown> = Promise.resolve()

  async function read(id: SessionId): Promise<void> {
    const turn = (reads.get(id) ?? 0) + 1
    reads.set(id, turn)
    const stored = await storeOf(id)
      .then(({ history }) => history?.list(id) ?? [])
      // Where there is no storage there is nothing to show.
      .catch(() => known.get(id)?.actions ?? [])
    if (reads.get(id) !== turn) return
    const before = known.get(id) ?? unread
    const actions = stored.map((action) => before.actions.find((one) => isSame(one, action)) ?? action)
    if (before.loaded && before.actions.length === actions.length && before.actions.every((one, index) => one === actions[index])) return
    known.set(id, { loaded: true, actions })
    for (const listener of watchers.get(id) ?? []) listener()
  }

  function onChange(id: SessionId) {
    if (watchers.has(id)) void read(id)
  }

  return {
    note(action) {
      writing = writing.then(async () => (await storeOf(action.session)).history?.put(action)).catch(() => undefined)
    },
    of: (id) => known.get(id) ?? unread,
    watch(id, listener) {
      if (watchers.size === 0) stops = stores.flatMap(({ history }) => history?.subscribe(onChange) ?? [])
      const first = !watchers.has(id)
      const listeners = watchers.get(id) ?? new Set()
      watchers.set(id, listeners.add(listener))
      if (first) void read(id)
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0 && watchers.get(id) === listeners) watchers.delete(id)
        if (watchers.size > 0) return
        for (const stop of stops) stop()
        stops = []
      }
    },
  }
}

/** Nothing of an action changes but what became of it. */
function isSame(one: SessionAction, other: SessionAction): boolean {
  return one.id === other.id && one.outcome.status === other.outcome.status
}
