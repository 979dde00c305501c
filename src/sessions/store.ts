import type { StoredKey } from '../keys/storedKey.js'
import type { Session, SessionId } from './session.js'

/**
 * Where sessions are kept. Every promise resolves only when the change is durable.
 * A store holds wrapped keys and one wrapping key, and CryptoKeys that are not extractable; it never sees a clear key. CryptoKeys are kept
 * as structured clones: they have no other form.
 */
export type SessionStore = {
  /** Adds a session and its key together or not at all. */
  create(session: Session, key: StoredKey | undefined): Promise<void>
  get(id: SessionId): Promise<Session | undefined>
  /** All readable sessions. */
  list(): Promise<readonly Session[]>
  /**
   * Replaces a session if its stored `rev` is `session.rev - 1`. With `dropKey` the key goes in the same transaction.
   * @throws {SessionChangedError} the stored one is another
   */
  put(session: Session, options?: { dropKey?: boolean }): Promise<void>
  getKey(id: SessionId): Promise<StoredKey | undefined>
  /** The one wrapping key of this store, made on first need. */
  getWrappingKey(create: () => Promise<CryptoKey>): Promise<CryptoKey>
  /** Calls back when a session was changed here or in another tab. */
  subscribe(listener: (id: SessionId) => void): () => void
}
