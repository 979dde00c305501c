import type { Address } from 'viem'

/** What `/demo.json` says: which chain this is, and where its contracts stand. */
export type DemoInfo = {
  /** Every start is a new chain; what a browser remembers of an older one is worth nothing. */
  runId: string
  chainId: number
  gold: Address
  sword: Address
  /** A contract that the session says nothing about. */
  usd: Address
  /** Whom the GOLD goes to. */
  shop: Address
}
