import type { LocalAccount } from 'viem'
import { KeyUnreadableError } from './errors.js'
import { createWrappedKey, wrappedKeySigner, type KeyBinding, type WrappedKey } from './wrappedSecp256k1.js'

/** How a session key is made and kept. */
export type KeyKind = 'secp256k1'

/** A session key as stores keep it. */
export type StoredKey = WrappedKey

/** Makes a fresh key. */
export async function createKey(kind: KeyKind, wrappingKey: CryptoKey, binding: Omit<KeyBinding, 'address'>): Promise<StoredKey> {
  switch (kind) {
    case 'secp256k1':
      return createWrappedKey(wrappingKey, binding)
    default:
      return kind satisfies never
  }
}

/** @throws {KeyUnreadableError} it is the key of another session, or of a kind that this version does not know */
export async function signerOf(key: StoredKey, wrappingKey: CryptoKey | undefined, binding: KeyBinding): Promise<LocalAccount> {
  if (!wrappingKey) throw new KeyUnreadableError({ address: binding.address })
  return wrappedKeySigner(key, wrappingKey, binding)
}
