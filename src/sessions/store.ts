import type { Address } from 'viem'
import type { StoredKey } from '../keys/storedKey.js'
import type { UnixSeconds } from '../permissions/permission.js'
import type { Session, SessionId } from './session.js'
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
}
