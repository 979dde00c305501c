import { hexToBytes, bytesToHex, isHex, zeroAddress, type Address } from 'viem'
import * as v from 'valibot'
import { createWrappedKey, wrappedKeySigner, type KeyBinding, type WrappedKey } from '../../keys/wrappedSecp256k1.js'
import { SealedKeyError } from './errors.js'
import type { KeptKey, KeyCustody } from './keyCustody.js'
import { hkdf, importSecret, secretBytes } from './secretBytes.js'

export type SealedKeysParameters = {
  /** At least 32 bytes, from a secret manager. Whoever has it and the store has every key. */
  secret: string | Uint8Array
}

/**
 * Fresh keys, each sealed with AES-256-GCM under a key derived from the secret (HKDF) and bound to its user: the store alone opens none, and a
 * row copied to another user does not open. A key is in clear only while it signs.
 *
 * @throws {WeakSecretError} at once
 */
export function sealedKeys({ secret }: SealedKeysParameters): KeyCustody {
  const bytes = secretBytes(secret)
  const derive = async () =>
    crypto.subtle.deriveKey(hkdf('react-session-keys/sealed-keys/1'), await importSecret(bytes, ['deriveKey']), { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
  let wrappingKey: Promise<CryptoKey> | undefined

  return {
    async create(user) {
      const key = await createWrappedKey(await (wrappingKey ??= derive()), bindingOf(user))
      return { address: key.address, material: JSON.stringify({ v: 1, iv: bytesToHex(key.iv), ciphertext: bytesToHex(key.ciphertext) }) }
    },
    async signer(user, kept) {
      const account = wrappedKeySigner(read(kept), await (wrappingKey ??= derive()), { ...bindingOf(user), address: kept.address })
      // One that does not open says so now, before anything depends on it.
      await account.signTypedData({ domain: {}, types: { Probe: [] }, primaryType: 'Probe', message: {} }).catch((cause: Error): never => {
        throw new SealedKeyError({ address: kept.address, cause })
      })
      return account
    },
  }
}

function bindingOf(user: string): Omit<KeyBinding, 'address'> {
  return { id: user, chainId: 0, account: zeroAddress, origin: 'react-session-keys/server' }
}

const hex = v.custom<`0x${string}`>((value) => isHex(value) && value.length % 2 === 0)
const schema = v.object({ v: v.literal(1), iv: hex, ciphertext: hex })

function read({ address, material }: KeptKey): WrappedKey {
  const parsed = v.safeParse(schema, parse(material))
  if (!parsed.success) throw new SealedKeyError({ address })
  return { kind: 'wrapped-secp256k1', address: address satisfies Address, iv: hexToBytes(parsed.output.iv), ciphertext: hexToBytes(parsed.output.ciphertext) }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
