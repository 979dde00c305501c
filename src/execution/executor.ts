import type { Client, LocalAccount } from 'viem'
import type { Execution } from '../delegation/redeem.js'
import type { KnownGrant, Provider } from '../dialects/dialect.js'
import type { LaneResult } from './lane.js'

export type ExecutorRequest = {
  chainId: number
  /** Over the app's own transport. */
  client: Client
  /** The connected wallet. */
  provider: Provider
  grant: KnownGrant
  /** The session key. */
  signer: LocalAccount
  calls: readonly Execution[]
}

/**
 * Brings the calls of a session on-chain where its grant is no ERC-7710 delegation: all of them take effect or none.
 * Resolves after inclusion, with a receipt from `client`.
 */
export type Executor = (request: ExecutorRequest) => Promise<LaneResult>
