import type { Address } from 'viem'
import { KeyNotHereError } from '../keys/errors.js'
import type { SessionSigner } from '../keys/sessionSigner.js'
import { createKey, signerOf, type KeyKind, type StoredKey } from '../keys/storedKey.js'
import { generateWrappingKey } from '../keys/wrappedSecp256k1.js'
import type { UnixSeconds } from '../permissions/permission.js'
import { InvalidTransitionError, SessionStoreError } from './errors.js'
import type { Session, SessionId } from './session.js'
import { keylessStatuses, mayFollow, type SessionStatus } from './status.js'
import type { SessionStore } from './store.js'

export type SessionBookState = {
  /** False until the store has been read. */
  loaded: boolean
  /** Newest first. */
  sessions: readonly Session[]
  /** The latest time seen on each chain. */
  chainTimes: Readonly<Record<number, UnixSeconds>>
}

/** The sessions of this store, in step with it and with the other tabs. Framework-free. */
export type SessionBook = {
  getState(): SessionBookState
  subscribe(listener: () => void): () => void
  /** Reads the store; again at each call. */
  load(): Promise<readonly Session[]>
  get(id: SessionId): Promise<Session | undefined>
  /** Writes a fresh key and its session durably, and reads both back, before anybody is asked. */
  open(session: NewSession, external?: Address, kind?: KeyKind): Promise<Session>
  /** @throws {InvalidTransitionError} @throws {SessionChangedError} */
  transition(session: Session, status: SessionStatus, change?: Partial<Session>): Promise<Session>
  /** Signs as the session; opens the key for each signature. @throws {KeyNotHereError} */
  signer(session: Session): Promise<SessionSigner>
  noteChainTime(chainId: number, time: UnixSeconds): void
  /** Tells the hooks that a session acted, so that what is left is read again. */
  noteUse(id: SessionId): void
  onUse(listener: (id: SessionId) => void): () => void
}

export type NewSession = Omit<Session, 'address' | 'v' | 'rev' | 'status' | 'granted' | 'createdAt' | 'updatedAt'>

export function createSessionBook(store: SessionStore): SessionBook {
  let state: SessionBookState = { loaded: false, sessions: [], chainTimes: {} }
  const listeners = new Set<() => void>()
  const useListeners = new Set<(id: SessionId) => void>()
  let stopWatching: (() => void) | undefined
  let reading: Promise<readonly Session[]> | undefined

  function set(change: Partial<SessionBookState>) {
    state = { ...state, ...change }
    for (const listener of listeners) listener()
  }

  async function read(): Promise<readonly Session[]> {
    const sessions = [...(await store.list())].sort((a, b) => b.createdAt - a.createdAt)
    set({ loaded: true, sessions })
    return sessions
  }

  /** One read at a time; a change during a read is seen by the read that follows it. */
  function load(): Promise<readonly Session[]> {
    const next = (reading ?? Promise.resolve()).then(read, read)
    reading = next
    next.finally(() => reading === next && (reading = undefined)).catch(() => undefined)
    return next
  }

  const binding = (session: Pick<Session, 'id' | 'chainId' | 'account' | 'origin'>) => {
    const { id, chainId, account, origin } = session
    return { id, chainId, account, origin }
  }

  return {
    getState: () => state,
    subscribe(listener) {
      listeners.add(listener)
      if (!stopWatching) {
        stopWatching = store.subscribe(() => void load().catch(() => undefined))
        // Where there is no storage there are no sessions to show; asking for a grant says why.
        load().catch(() => set({ loaded: true }))
      }
      return () => {
        listeners.delete(listener)
        if (listeners.size > 0) return
        stopWatching?.()
        stopWatching = undefined
      }
    },
    load,
    get: (id) => store.get(id),

    async open(fresh, external, kind = 'secp256k1') {
      const wrappingKey = external ? undefined : await store.getWrappingKey(generateWrappingKey)
      const key = wrappingKey && (await createKey(kind, wrappingKey, binding(fresh)))
      const now = Date.now()
      const address = (external ?? key?.address) as Address
      const session: Session = { ...fresh, v: 1, rev: 0, status: 'requested', address, granted: [], createdAt: now, updatedAt: now }
      await store.create(session, key)
      await readBack(session, key)
      await load()
      return session
    },

    async transition(session, status, change = {}) {
      if (!mayFollow(session.status, status)) throw new InvalidTransitionError({ from: session.status, to: status })
      const next: Session = { ...session, ...change, status, rev: session.rev + 1, updatedAt: Date.now() }
      await store.put(next, { dropKey: keylessStatuses.includes(status) })
      await load()
      return next
    },

    async signer(session) {
      const [key, wrappingKey] = await Promise.all([store.getKey(session.id), store.getWrappingKey(generateWrappingKey)])
      if (!key) throw new KeyNotHereError({ address: session.address })
      return signerOf(key, wrappingKey, { ...binding(session), address: session.address })
    },

    noteChainTime(chainId, time) {
      if ((state.chainTimes[chainId] ?? 0) >= time) return
      set({ chainTimes: { ...state.chainTimes, [chainId]: time } })
    },
    noteUse(id) {
      for (const listener of useListeners) listener(id)
    },
    onUse(listener) {
      useListeners.add(listener)
      return () => useListeners.delete(listener)
    },
  }

  /** A browser may accept a key and not keep it, or keep it and not be able to use it: try before the wallet is asked. */
  async function readBack(session: Session, key: StoredKey | undefined): Promise<void> {
    const [storedSession, storedKey] = await Promise.all([store.get(session.id), store.getKey(session.id)])
    if (!storedSession) throw new SessionStoreError('a session just written is not there.')
    if (!key) return
    if (!storedKey) throw new SessionStoreError('a key just written is not there.')
    const bound = { ...binding(session), address: session.address }
    try {
      const signer = await signerOf(storedKey, await store.getWrappingKey(generateWrappingKey), bound)
      await signer.signTypedData(probe)
    } catch (cause) {
      throw new SessionStoreError('a key just written cannot be used.', cause as Error)
    }
  }
}

/** Something to sign that means nothing. */
const probe = { domain: {}, types: { Probe: [] }, primaryType: 'Probe', message: {} } as const
