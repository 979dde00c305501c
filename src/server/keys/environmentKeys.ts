import { bytesToHex, isAddressEqual, type LocalAccount } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { EnvironmentKeyError, SealedKeyError } from './errors.js'
import type { KeyCustody } from './keyCustody.js'
import { hkdf, importSecret, secretBytes } from './secretBytes.js'

export type EnvironmentKeysParameters = {
  /** At least 32 bytes: `process.env.SESSION_KEYS_SECRET`. */
  secret: string | Uint8Array
  /** Use it where `NODE_ENV` is `production` too. @default false */
  allowInProduction?: boolean | undefined
}

/**
 * Every user's key derived from one secret (HKDF), and nothing stored. For development: whoever has read the secret once has every user's key
 * for good, and it cannot be changed without losing them.
 *
 * @throws {EnvironmentKeyError} in production, unless it is allowed
 * @throws {WeakSecretError}
 */
export function environmentKeys({ secret, allowInProduction = false }: EnvironmentKeysParameters): KeyCustody {
  if (isProduction() && !allowInProduction) throw new EnvironmentKeyError()
  const bytes = secretBytes(secret)

  async function accountOf(user: string): Promise<LocalAccount> {
    const bits = await crypto.subtle.deriveBits(hkdf(`react-session-keys/environment-key/1:${user}`), await importSecret(bytes, ['deriveBits']), 256)
    // Of 2^128 users one would hash to a number that is no key, and viem says so.
    return privateKeyToAccount(bytesToHex(new Uint8Array(bits)))
  }

  return {
    create: async (user) => ({ address: (await accountOf(user)).address, material: '' }),
    async signer(user, { address }) {
      const account = await accountOf(user)
      if (!isAddressEqual(account.address, address)) throw new SealedKeyError({ address })
      return account
    },
  }
}

function isProduction(): boolean {
  const { process } = globalThis as { process?: { env?: Record<string, string | undefined> } }
  return process?.env?.['NODE_ENV'] === 'production'
}
