import type { Address } from 'viem'
import type { SessionSigner } from '../keys/sessionSigner.js'
import type { UnixSeconds } from '../permissions/permission.js'
import { createAccountSessionsCache, type AccountSessions } from './accountSessions.js'
import { InvalidTransitionError, SessionStoreError, StoreNotLoadedError, VolatileStorageError } from './storageErrors.js'
import { createHistories, type Histories } from './histories.js'
import { newestFirst } from './matchesQuery.js'
import type { KeyChoice, NewSession } from './openSession.js'
import { isKeyless, type Session, type SessionId } from './session.js'
import { mayFollow, openStatuses, type SessionStatus } from './status.js'
import { createStatusChanges, type StatusChange } from './statusChanges.js'
import type { SessionChange, SessionQuery, SessionStore } from './store.js'

/** `memory`: sessions last as long as the page. `problem` says why, where that was not chosen. */
export type SessionStorageState = { persistence: 'durable' | 'memory'; problem: Error | undefined }

/** The sessions of this store, in step with it and with the other tabs. Framework-free. */
export type SessionBook = {
  /** The account's sessions as far as they are known now. */
  ofAccount(account: Address): AccountSessions
  /** Reads them, and keeps them in step while somebody watches. */
  load(account: Address, options?: { limit?: number }): Promise<AccountSessions>
  /** Sessions that could be used a moment ago, and that the store does not list any more: ended since, or deleted by the browser. */
  vanished(account: Address): readonly Session[]
  /** Calls back when something changed: sessions of the accounts that were loaded, a chain's time, the storage, a lock. */
  watch(listener: () => void): () => void
  /** Asks the store itself. */
  find(query?: SessionQuery): Promise<readonly Session[]>
  get(id: SessionId): Promise<Session | undefined>
  /**
   * Writes a fresh key and its session durably, reads both back and signs, before anybody is asked.
   * @throws {VolatileStorageError} nothing lasts here, and the session was to last longer than that allows
   */
  open(session: NewSession, options: KeyChoice & { lifetimeSeconds: number }): Promise<Session>
  /** @throws {InvalidTransitionError} {@link SessionChangedError} {@link SessionLostError} */
  transition(session: Session, status: SessionStatus, change?: Partial<Session>): Promise<Session>
  /** Writes down a session whose record and key the browser deleted: it cannot be used, but it can be ended. */
  recover(session: Session): Promise<Session>
  /** Signs as the session; opens the key for each signature. @throws {KeyNotHereError} */
  signer(session: Session): Promise<SessionSigner>
  storage(): SessionStorageState
  /** The latest reading of a chain's time. */
  chainTime(chainId: number): UnixSeconds | undefined
  noteChainTime(chainId: number, time: UnixSeconds): void
  /** By how many seconds the chain's clock was ahead of this device's at that reading: what it shows by now is then an estimate. */
  chainAhead(chainId: number): number | undefined
  /** While locked, no session of the account is handed out. */
  lock(account: Address): void
  unlock(account: Address): void
  isLocked(account: Address): boolean
  /** Tells the hooks that a session acted, so that what is left is read again. */
  noteUse(id: SessionId): void
  /** When a session last did something on this page, in ms of this device's clock. */
  lastUse(id: SessionId): number | undefined
  onUse(listener: (id: SessionId) => void): () => void
  /** What sessions did, where the store keeps that. */
  readonly histories: Histories
  /** Calls back when a session has another status: each time it is written here, and when another tab is seen to have written it. */
  onStatus(listener: (change: StatusChange) => void): () => void
}

export type CreateSessionBookParameters = {
  store: SessionStore
  /** Where sessions go that `store` cannot keep. Left out: nowhere; such a grant fails. */
  fallback?: SessionStore | undefined
  /** The longest session that may live in the fallback. */
  maxVolatileSeconds?: number | undefined
}

const defaultMaxVolatileSeconds = 3_600
const defaultLimit = 50

export function createSessionBook({ store, fallback, maxVolatileSeconds = defaultMaxVolatileSeconds }: CreateSessionBookParameters): SessionBook {
  const listeners = new Set<() => void>()
  const useListeners = new Set<(id: SessionId) => void>()
  const statuses = createStatusChanges()
  const lastUses = new Map<SessionId, number>()
  const chainTimes = new Map<number, UnixSeconds>()
  const chainsAhead = new Map<number, number>()
  const locked = new Set<string>()
  const limits = new Map<string, number>()
  const cache = createAccountSessionsCache(changed)
  let storage: SessionStorageState = { persistence: store.persistence, problem: undefined }
  let stopWatching: (() => void) | undefined

  function changed() {
    for (const listener of listeners) listener()
  }

  function noteVolatile(problem: Error) {
    storage = { persistence: 'memory', problem }
    changed()
  }

  /** What is only in memory is looked for there first: it costs nothing. */
  async function storeOf(id: SessionId): Promise<SessionStore> {
    return fallback && (await fallback.get(id)) ? fallback : store
  }

  async function find(query?: SessionQuery): Promise<readonly Session[]> {
    if (!fallback) return store.list(query)
    const [stored, volatile] = await Promise.all([
      store.list(query).catch((error: Error) => {
        if (error instanceof StoreNotLoadedError) throw error
        noteVolatile(error)
        return []
      }),
      fallback.list(query),
    ])
    return volatile.length === 0 ? stored : [...volatile, ...stored].sort(newestFirst).slice(0, query?.limit)
  }

  async function load(account: Address, { limit }: { limit?: number } = {}): Promise<AccountSessions> {
    const key = account.toLowerCase()
    const most = Math.max(limit ?? 0, limits.get(key) ?? defaultLimit)
    limits.set(key, most)
    const opened = find({ account, statuses: openStatuses }).then((open) => {
      cache.setOpen(account, open)
      return open
    })
    const [open, recent] = await Promise.all([opened, find({ account, limit: most })])
    cache.set(account, { open, recent, limit: most })
    return cache.get(account)
  }

  /** Another tab, or this one, has written. Rows of accounts that nobody looks at are not even read. */
  async function onChange({ id }: SessionChange) {
    if (cache.accounts().length === 0) return
    const session = await (await storeOf(id)).get(id).catch(() => undefined)
    if (!session) return
    noteForeign(session)
    cache.apply(session)
  }

  function noteForeign(session: Session) {
    if (!statuses.isHeard()) return
    const { loaded, sessions } = cache.get(session.account)
    const known = sessions.find(({ id }) => id === session.id)
    if (loaded && (known?.rev ?? -1) < session.rev && known?.status !== session.status) statuses.tell(session, known?.status)
  }

  function watchStores() {
    const stops = [store, ...(fallback ? [fallback] : [])].map((one) => one.subscribe((change) => void onChange(change)))
    // What was written while nobody watched.
    for (const account of cache.accounts()) void load(account).catch(() => undefined)
    return () => stops.forEach((stop) => stop())
  }

  async function put(session: Session): Promise<void> {
    await (await storeOf(session.id)).put(session, { dropKey: isKeyless(session) })
    cache.apply(session)
  }

  return {
    ofAccount: cache.get,
    vanished: cache.vanished,
    load,
    watch(listener) {
      listeners.add(listener)
      stopWatching ??= watchStores()
      return () => {
        listeners.delete(listener)
        if (listeners.size > 0) return
        stopWatching?.()
        stopWatching = undefined
      }
    },
    find,
    get: async (id) => (await storeOf(id)).get(id),

    async open(fresh, { lifetimeSeconds, ...key }) {
      const { openSession } = await import('./openSession.js')
      try {
        const session = await openSession(store, fresh, key)
        storage = { persistence: store.persistence, problem: undefined }
        cache.apply(session)
        statuses.tell(session, undefined)
        return session
      } catch (error) {
        if (!fallback || !(error instanceof SessionStoreError)) throw error
        noteVolatile(error)
        if (lifetimeSeconds > maxVolatileSeconds) {
          throw new VolatileStorageError({ seconds: lifetimeSeconds, maxSeconds: maxVolatileSeconds, cause: error })
        }
        const session = await openSession(fallback, fresh, key)
        cache.apply(session)
        statuses.tell(session, undefined)
        return session
      }
    },

    async transition(session, status, change = {}) {
      if (!mayFollow(session.status, status)) throw new InvalidTransitionError({ from: session.status, to: status })
      const next: Session = { ...session, ...change, status, rev: session.rev + 1, updatedAt: Date.now() }
      // What has lost its key stays without one.
      if (isKeyless(session) && !isKeyless(next)) throw new InvalidTransitionError({ from: session.status, to: status })
      await put(next)
      statuses.tell(next, session.status)
      return next
    },

    async recover(session) {
      const next: Session = { ...session, rev: session.rev + 1, updatedAt: Date.now() }
      await store.create(next, undefined).catch((error: unknown) => {
        if (!fallback) throw error
        return fallback.create(next, undefined)
      })
      cache.apply(next)
      statuses.tell(next, undefined)
      return next
    },

    async signer(session) {
      const [{ openSigner }, store] = await Promise.all([import('./openSigner.js'), storeOf(session.id)])
      return openSigner(store, session)
    },

    storage: () => storage,
    chainTime: (chainId) => chainTimes.get(chainId),
    noteChainTime(chainId, time) {
      const known = chainTimes.get(chainId)
      // Nodes are a few blocks apart; a large step back means that the last reading was wrong.
      if (known !== undefined && time <= known && known - time < nodesApartSeconds) return
      chainTimes.set(chainId, time)
      chainsAhead.set(chainId, time - Math.floor(Date.now() / 1000))
      changed()
    },
    chainAhead: (chainId) => chainsAhead.get(chainId),
    lock(account) {
      locked.add(account.toLowerCase())
      changed()
    },
    unlock(account) {
      if (locked.delete(account.toLowerCase())) changed()
    },
    isLocked: (account) => locked.has(account.toLowerCase()),
    lastUse: (id) => lastUses.get(id),
    noteUse(id) {
      lastUses.set(id, Date.now())
      for (const listener of useListeners) listener(id)
    },
    onUse(listener) {
      useListeners.add(listener)
      return () => useListeners.delete(listener)
    },
    histories: createHistories({ stores: fallback ? [fallback, store] : [store], storeOf }),
    onStatus: statuses.listen,
  }
}

const nodesApartSeconds = 600
