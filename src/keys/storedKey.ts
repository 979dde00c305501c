import { KeyUnreadableError } from './errors.js'
import type { SessionSigner } from './sessionSigner.js'
import type { P256Key } from './webcryptoP256.js'
import { createWrappedKey, wrappedKeySigner, type KeyBinding, type WrappedKey } from './wrappedSecp256k1.js'

/** How a session key is made and kept. `secp256k1` is an account of its own; `p256` acts through a contract account. */
export type KeyKind = 'secp256k1' | 'p256'

/** A session key as stores keep it. */
export type StoredKey = WrappedKey | P256Key

/** Makes a fresh key. What a kind needs is loaded when it is first used. */
export async function createKey(kind: KeyKind, wrappingKey: CryptoKey, binding: Omit<KeyBinding, 'address'>): Promise<StoredKey> {
  switch (kind) {
    case 'secp256k1':
      return createWrappedKey(wrappingKey, binding)
    case 'p256':
      return (await import('./webcryptoP256.js')).createP256Key()
    default:
      return kind satisfies never
  }
}

/** @throws {KeyUnreadableError} it is the key of another session, or of a kind that this version does not know */
export async function signerOf(key: StoredKey, wrappingKey: CryptoKey | undefined, binding: KeyBinding): Promise<SessionSigner> {
  switch (key.kind) {
    case 'wrapped-secp256k1':
      if (!wrappingKey) throw new KeyUnreadableError({ address: binding.address })
      return wrappedKeySigner(key, wrappingKey, binding)
    case 'webcrypto-p256':
      return (await import('./webcryptoP256.js')).p256Signer(key, binding)
    default:
      key satisfies never
      throw new KeyUnreadableError({ address: binding.address })
  }
}
