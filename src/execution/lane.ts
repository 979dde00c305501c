import type { Client, Hash, Hex, TransactionReceipt } from 'viem'
import type { Execution, Redemption } from '../delegation/redeem.js'
import type { SessionSigner } from '../keys/sessionSigner.js'
import type { UnixSeconds } from '../permissions/permission.js'
import type { Once } from './onceOnly.js'

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
   * They happen at most once under this number, whoever else sends them. Only the direct lane, and a relay that the app pays, can do that; the
   * others refuse it, and `onOutgoing` (`OnceNotSupportedError`). Left out: as often as somebody signs them.
   */
  once?: Once | undefined
  /** Told of what goes out, and waited for, before anybody else hears of it. What it throws keeps it here. */
  onOutgoing?: ((outgoing: Outgoing) => Promise<void>) | undefined
  /**
   * They may share a transaction with other sends of the key, where the lane does that and nothing has to be simulated. Each keeps an
   * outcome of its own. Left out: no.
   */
  join?: boolean | undefined
  /**
   * One more call that the session makes, such as a relay's fee, with the delegation that allows it. Counted as made; asked for again, the
   * new one takes the place of the one before.
   * @throws {CallRefusedError} the session does not allow it
   */
  cover?: ((call: Execution) => Promise<Redemption>) | undefined
}

/** Something signed that can take effect as soon as others have it. */
export type Outgoing =
  /** A transaction of the session key. */
  | { by: 'key'; hash: Hash; serialized: Hex; nonce: number }
  /** A leaf that a relay redeems. */
  | { by: 'relay'; leafHash: Hex; deadline: UnixSeconds }

export type LaneResult = {
  /** What the lane calls it: the transaction's hash, or a relay's task. */
  id: string
  transactionHash: Hash
  /** Of the whole transaction: one that several sends share holds the logs of all of them. */
  receipt: TransactionReceipt
  /** What these calls logged, and their limits; undefined where the lane cannot tell it from what else is in the transaction. */
  logs?: TransactionReceipt['logs'] | undefined
}

export type LaneName = 'direct' | 'relay' | 'user-operation'

/** The app by its relay or paymaster; the session key or its account, of what it holds; the user's account, out of a permission for it. */
export type GasPayer = 'relay' | 'session-key' | 'account'

/** A way to bring redemptions on-chain: all of them in one transaction, or none. Resolves after inclusion. */
export type Lane = { readonly name: LaneName; readonly payer: GasPayer; send(request: LaneRequest): Promise<LaneResult> }
