import type { Address, Client, Hash, Hex } from 'viem'
import { getBlock, waitForTransactionReceipt } from 'viem/actions'
import type { UnixSeconds } from '../permissions/permission.js'
import { atLeastOurs } from './chainClock.js'
import { AlreadyRedeemedError, findRevertError, SessionExpiredError, SignedCallExpiredError } from './errors.js'
import { includedRevertError } from './includedRevert.js'
import type { LaneResult } from './lane.js'
import { findRedemption, isRedeemed, redeemsLeaf } from './leafRedemption.js'
import {
  RelayInvalidResponseError,
  RelayOutcomeUnknownError,
  RelayRevertedError,
  RelayTimeoutError,
  RelayUnknownTransactionError,
  RelayUnreachableError,
} from './relayErrors.js'

/** A call that was given to a relay: what the relay was to send to the DelegationManager, and how to know its leaf on-chain. */
export type RelayedCall = { data: Hex; leafHash: Hex; delegate: Address; deadline: UnixSeconds }

export type SentCall = {
  /** Over the app's own node. */
  client: Client
  call: RelayedCall
  /** It cannot be in this block or before. */
  blockNumber: bigint
}

/** Which transaction the relay says it was. */
export type NamedTransaction = { id: string; transactionHash: Hash } | RelayRevertedError

/** What the chain says of it: the receipt, or why there is none. */
export async function settleRelayed(sent: SentCall, answer: NamedTransaction, receiptTimeoutMs: number): Promise<LaneResult> {
  return confirm(sent, answer, receiptTimeoutMs).then(
    (confirmed) => ({ id: answer.id, ...confirmed }),
    (error: Error) => findAnyway(sent, error),
  )
}

/** Whatever the relay said: the transaction that used the leaf, if one did. */
export async function findAnyway({ client, call, blockNumber }: SentCall, error: Error): Promise<LaneResult> {
  if (!(await isRedeemed(client, call.leafHash).catch(() => false))) throw await outcomeError(client, call, error)
  const receipt = await findRedemption(client, call.leafHash, blockNumber).catch(() => undefined)
  if (!receipt) throw new AlreadyRedeemedError({ leafHash: call.leafHash, cause: error })
  return { id: receipt.transactionHash, transactionHash: receipt.transactionHash, receipt }
}

/** The chain's receipt for the transaction that the relay named, when it is the one that used the leaf. */
async function confirm({ client, call }: SentCall, answer: NamedTransaction, timeout: number): Promise<Pick<LaneResult, 'transactionHash' | 'receipt'>> {
  const { transactionHash } = answer
  // The relay says that it is in a block: it waits for our node, not for a replacement.
  const receipt = await waitForTransactionReceipt(client, { hash: transactionHash, timeout, checkReplacement: false }).catch(() => undefined)
  if (!receipt) throw new RelayUnknownTransactionError({ ...call, transactionHash, problem: 'which the chain does not know' })
  if (receipt.status === 'reverted') {
    const told = answer instanceof RelayRevertedError ? findRevertError(answer) : undefined
    throw told ?? (await includedRevertError({ client, from: call.delegate, data: call.data, receipt }))
  }
  if (!redeemsLeaf(receipt, call.leafHash)) throw new RelayUnknownTransactionError({ ...call, transactionHash, problem: 'which does not hold this call' })
  return { transactionHash, receipt }
}

/** What to tell of a call that has not happened. */
async function outcomeError(client: Client, call: RelayedCall, error: Error): Promise<Error> {
  if (error instanceof RelayUnreachableError || error instanceof RelayInvalidResponseError || error instanceof RelayTimeoutError) {
    return new RelayOutcomeUnknownError({ ...call, cause: error })
  }
  const refused = findRevertError(error)
  // The leaf's own deadline and the session's end are refused in the same words.
  if (refused instanceof SessionExpiredError && (await isPastDeadline(client, call))) {
    return new SignedCallExpiredError({
      message: 'The signed call was held back too long: it came to the chain after its deadline.',
      help: 'Send it again: the old one cannot happen any more.',
      revert: refused.revert,
      cause: error,
    })
  }
  return error
}

/** Whether the signed call cannot happen any more. */
async function isPastDeadline(client: Client, { deadline }: RelayedCall): Promise<boolean> {
  const { timestamp } = await getBlock(client).catch(() => ({ timestamp: 0n }))
  return atLeastOurs(Number(timestamp)) >= deadline
}
