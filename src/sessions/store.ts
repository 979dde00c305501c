import type { Address } from 'viem'
import type { StoredKey } from '../keys/storedKey.js'
import type { UnixSeconds } from '../permissions/permission.js'
import type { Session, SessionId } from './session.js'
import type { SessionAction } from './sessionAction.js'
import type { SessionStatus } from './status.js'

/** Which sessions. All conditions hold; with none, every readable session. */
export type SessionQuery = {
  account?: Address | undefined
  statuses?: readonly SessionStatus[] | undefined
  /** Only those whose `expiry` is before. */
  expiresBefore?: UnixSeconds | undefined
  /** At most so many, the newest. */
  limit?: number | undefined
}

export type SessionChange = { id: SessionId; rev: number }

/**
 * What sessions did, for people to see. Nothing hangs on it: it need not be as durable as the rest, and nobody waits for it. It never holds
 * calldata, signatures or contexts.
 */
export type SessionHistory = {
  /**
   * Adds an action, or puts it in the place of the one with its id. Of each session the newest 20 are kept, by the order in which they
   * were first put; of one that is not stored, or is purged, none.
   */
  put(action: SessionAction): Promise<void>
  /** The newest first. What cannot be read is passed over. */
  list(session: SessionId, limit?: number): Promise<readonly SessionAction[]>
  /** Calls back with the session whose history was changed, here or in another tab. */
  subscribe(listener: (session: SessionId) => void): () => void
}

/** A key and, where it is wrapped, what opens it. */
export type OpenableKey = { key: StoredKey; wrappingKey: CryptoKey | undefined }

/**
 * Where sessions are kept. Every promise resolves only when the change is durable.
 * A store holds wrapped keys and one wrapping key, and CryptoKeys that are not extractable; it never sees a clear key. CryptoKeys are kept
 * as structured clones: they have no other form.
 */
export type SessionStore = {
  /** `memory`: gone when the page is. */
  readonly persistence: 'durable' | 'memory'
  /** Adds a session and its key together or not at all. @throws {SessionChangedError} the id is taken */
  create(session: Session, key: StoredKey | undefined): Promise<void>
  get(id: SessionId): Promise<Session | undefined>
  /** Newest first. A row that cannot be read is set aside and hides nobody else; a newer kit's row is passed over. */
  list(query?: SessionQuery): Promise<readonly Session[]>
  /**
   * Replaces a session if its stored `rev` is `session.rev - 1`. With `dropKey` the key goes in the same transaction.
   * @throws {SessionChangedError} the stored one is another
   * @throws {SessionLostError} there is none: the browser deleted it
   */
  put(session: Session, options?: { dropKey?: boolean }): Promise<void>
  getKey(id: SessionId): Promise<OpenableKey | undefined>
  /** Drops what is held of an open connection, so that the next read shows what was really written. */
  reopen?(): Promise<void>
  /** The one wrapping key of this store, made on first need. */
  getWrappingKey(create: () => Promise<CryptoKey>): Promise<CryptoKey>
  /** Calls back when a session was changed here or in another tab. */
  subscribe(listener: (change: SessionChange) => void): () => void
  /** Left out: no history is kept. Where it is, what a session did goes with the change that makes it `purged`. */
  readonly history?: SessionHistory | undefined
}
