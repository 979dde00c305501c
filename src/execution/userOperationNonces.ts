import { bytesToBigInt, type Address } from 'viem'

type Sender = { chainId: number; address: Address }

/**
 * Numbers for user operations, which nobody has to be asked for. The EntryPoint counts each 192-bit key of an account by itself, so a
 * random key begins at zero and waits for no other operation. A key whose last operation is known to be in a block is used again: that
 * costs 17 000 gas less than a fresh one.
 */
export type UserOperationNonces = {
  take(sender: Sender): bigint
  /** Its operation is in a block. Not for one whose outcome is open: another must never take its number. */
  happened(sender: Sender, nonce: bigint): void
}

export function createUserOperationNonces(): UserOperationNonces {
  const free = new Map<string, bigint[]>()
  const keyOf = ({ chainId, address }: Sender) => `${chainId}:${address.toLowerCase()}`
  return {
    take: (sender) => free.get(keyOf(sender))?.pop() ?? freshNonce(),
    happened(sender, nonce) {
      const key = keyOf(sender)
      free.set(key, [...(free.get(key) ?? []), nonce + 1n])
    },
  }
}

/** Key and sequence, of 192 and 64 bits. @see ERC-4337 "semi-abstracted nonce support" */
export function freshNonce(): bigint {
  return bytesToBigInt(crypto.getRandomValues(new Uint8Array(24))) << 64n
}
