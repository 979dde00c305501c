import type { Hex } from 'viem'

/** What a page is told, in its URL. */
export type PageSettings = {
  chainId: number
  rpcUrl: string
  relayUrl: string
  /** Whose wallet it is. In the URL, so that a browser that was killed comes back with the same one. */
  ownerKey: Hex
  /** How session keys are made. */
  key?: 'secp256k1' | 'p256' | undefined
}
