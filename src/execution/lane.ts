import type { Client, Hash, TransactionReceipt } from 'viem'
import type { Execution, Redemption } from '../delegation/redeem.js'
import type { SessionSigner } from '../keys/sessionSigner.js'
import type { UnixSeconds } from '../permissions/permission.js'

/** Calls with the delegations that allow them, ready to be made as one. */
export type LaneRequest = {
  chainId: number
  client: Client
  /** The session key. */
  signer: SessionSigner
  redemptions: readonly Redemption[]
  /** The chain's time. */
  now: UnixSeconds
  /** The block that `now` was read at, where it is at hand: what is sent cannot be in it or before it. */
  blockNumber?: bigint | undefined
  /**
   * Our own check has allowed these calls, by what is known of every limit. Otherwise they are simulated before they are sent, so that what
   * the contracts refuse costs nothing. Left out: no.
   */
  checked?: boolean | undefined
  /**
   * One more call that the session makes, such as a relay's fee, with the delegation that allows it. Counted as made; asked for again, the
   * new one takes the place of the one before.
   * @throws {CallRefusedError} the session does not allow it
   */
  cover?: ((call: Execution) => Promise<Redemption>) | undefined
}

export type LaneResult = {
  /** What the lane calls it: the transaction's hash, or a relay's task. */
  id: string
  transactionHash: Hash
  receipt: TransactionReceipt
}

export type LaneName = 'direct' | 'relay' | 'user-operation'

/** The app by its relay or paymaster; the session key or its account, of what it holds; the user's account, out of a permission for it. */
export type GasPayer = 'relay' | 'session-key' | 'account'

/** A way to bring redemptions on-chain: all of them in one transaction, or none. Resolves after inclusion. */
export type Lane = { readonly name: LaneName; readonly payer: GasPayer; send(request: LaneRequest): Promise<LaneResult> }
