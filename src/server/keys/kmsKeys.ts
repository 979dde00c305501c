import type { Address, Hex } from 'viem'
import type { KeyCustody } from './keyCustody.js'
import { kmsAccount } from './kmsAccount.js'

export type KmsKeysParameters = {
  /** Makes a secp256k1 key (`ECC_SECG_P256K1`) for a user, and says what it is called and what its address is. */
  create: (user: string) => Promise<{ keyId: string; address: Address }>
  /** Signs a 32-byte digest as it is. DER, as KMSs answer, or `r‖s`, with or without a recovery byte. */
  sign: (parameters: { keyId: string; hash: Hex }) => Promise<Uint8Array | Hex>
}

/** Keys that never leave a KMS or an enclave; the store keeps their names. */
export function kmsKeys({ create, sign }: KmsKeysParameters): KeyCustody {
  return {
    async create(user) {
      const { keyId, address } = await create(user)
      return { address, material: keyId }
    },
    signer: async (_user, { address, material: keyId }) => kmsAccount({ address, sign: (hash) => sign({ keyId, hash }) }),
  }
}
