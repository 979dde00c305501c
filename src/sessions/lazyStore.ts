import { StoreNotLoadedError } from './storageErrors.js'
import { once } from './once.js'
import type { SessionHistory, SessionStore } from './store.js'

/** A store whose code is loaded when it is first asked. Where that fails nothing is known of the sessions, which is not the same as none. */
export function createLazyStore({ persistence, load }: Pick<SessionStore, 'persistence'> & { load: () => Promise<SessionStore> }): SessionStore {
  const loaded = once(() =>
    load().catch((cause: Error) => {
      throw new StoreNotLoadedError({ cause })
    }),
  )

  async function history(): Promise<SessionHistory | undefined> {
    return (await loaded()).history
  }

  return {
    persistence,
    create: async (session, key) => (await loaded()).create(session, key),
    get: async (id) => (await loaded()).get(id),
    list: async (query) => (await loaded()).list(query),
    put: async (session, options) => (await loaded()).put(session, options),
    getKey: async (id) => (await loaded()).getKey(id),
    reopen: async () => (await loaded()).reopen?.(),
    getWrappingKey: async (create) => (await loaded()).getWrappingKey(create),
    subscribe: (listener) => whenLoaded(loaded, (store) => store.subscribe(listener)),
    history: {
      put: async (action) => (await history())?.put(action),
      list: async (session, limit) => (await history())?.list(session, limit) ?? [],
      subscribe: (listener) => whenLoaded(history, (one) => one?.subscribe(listener)),
    },
  }
}

/** Begins to listen as soon as there is something to listen to; whoever left before that hears nothing. */
function whenLoaded<loaded>(load: () => Promise<loaded>, listen: (to: loaded) => (() => void) | undefined): () => void {
  let left = false
  let stop: (() => void) | undefined
  load().then(
    (to) => {
      if (!left) stop = listen(to)
    },
    // Whoever reads is told.
    () => undefined,
  )
  return () => {
    left = true
    stop?.()
  }
}
