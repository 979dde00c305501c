import type { Address, LocalAccount } from 'viem'

/** A user's key, as it is stored: never in clear. */
export type KeptKey = {
  address: Address
  /** What its custody needs to sign with it again: the sealed key, or the name by which a KMS knows it. */
  material: string
}

/**
 * How a server makes and keeps its keys, one for each user.
 * @see {@link sealedKeys} {@link kmsKeys} {@link environmentKeys}
 */
export type KeyCustody = {
  /** Makes a user's key. It is used only once what this returns is stored, so one whose making broke off is none. */
  create(user: string): Promise<KeptKey>
  /** Signs with it. */
  signer(user: string, key: KeptKey): Promise<LocalAccount>
}
