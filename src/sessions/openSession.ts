import type { Address } from 'viem'
import { createKey, signerOf, type KeyKind, type StoredKey } from '../keys/storedKey.js'
import { generateWrappingKey, type KeyBinding } from '../keys/wrappedSecp256k1.js'
import { SessionStoreError } from './storageErrors.js'
import type { Session } from './session.js'
import type { SessionStore } from './store.js'

export type NewSession = Omit<Session, 'address' | 'v' | 'rev' | 'status' | 'granted' | 'createdAt' | 'updatedAt'>

/** Whose the key is: one that is made here, of a kind, or one that is held elsewhere. */
export type KeyChoice = { kind?: KeyKind | undefined; external?: Address | undefined }

/**
 * Writes a fresh key and its session as one, reads both back and signs with the key, before anybody is asked: a browser may take a
 * key and not keep it, or keep it and not be able to use it.
 *
 * @throws {SessionStoreError} it did not come back, or does not sign
 */
export async function openSession(store: SessionStore, fresh: NewSession, { kind = 'secp256k1', external }: KeyChoice): Promise<Session> {
  const key = external ? undefined : await createKey(kind, await store.getWrappingKey(generateWrappingKey), bindingOf(fresh))
  const now = Date.now()
  const address = external ?? (key as StoredKey).address
  const session: Session = { ...fresh, v: 2, rev: 0, status: 'requested', address, granted: [], createdAt: now, updatedAt: now }
  await store.create(session, key)
  try {
    await requireStored(store, session, key !== undefined)
  } catch (error) {
    // Nobody was asked, so there is nothing that a key would be needed for.
    await store.put({ ...session, rev: 1, status: 'purged', outcome: 'requested' }, { dropKey: true }).catch(() => undefined)
    throw error
  }
  return session
}

async function requireStored(store: SessionStore, session: Session, hasKey: boolean): Promise<void> {
  await store.reopen?.()
  const [stored, opened] = await Promise.all([store.get(session.id), hasKey ? store.getKey(session.id) : undefined])
  if (!stored) throw new SessionStoreError('a session just written is not there.')
  if (!hasKey) return
  if (!opened) throw new SessionStoreError('a key just written is not there.')
  try {
    const signer = await signerOf(opened.key, opened.wrappingKey, { ...bindingOf(session), address: session.address })
    await signer.signTypedData(probe)
  } catch (cause) {
    throw new SessionStoreError('a key just written cannot be used.', cause as Error)
  }
}

/** What a session's key is bound to. */
export function bindingOf({ id, chainId, account, origin }: Pick<Session, 'id' | 'chainId' | 'account' | 'origin'>): Omit<KeyBinding, 'address'> {
  return { id, chainId, account, origin }
}

/** Something to sign that means nothing. */
const probe = { domain: {}, types: { Probe: [] }, primaryType: 'Probe', message: {} } as const
