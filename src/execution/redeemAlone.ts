import { BaseError, InsufficientFundsError, type Client, type TransactionReceipt } from 'viem'
import { getNodeError } from 'viem/utils'
import type { ChainFees } from './chainFees.js'
import { includedRevertError } from './includedRevert.js'
import type { KeyTransactions, Terms } from './keyTransactions.js'
import { gasLimit, ranOut } from './knownGas.js'
import { redemptionCall, type KeyRedemption, type RedemptionGas } from './redemptionGas.js'

/** What a session key sends with, over one client. */
export type KeySending = { client: Client; fees: ChainFees; gas: RedemptionGas; transactions: KeyTransactions }

/** The transaction that made them, and which of its logs are theirs; undefined where others' cannot be told from them. */
export type Redeemed = { receipt: TransactionReceipt; logs: TransactionReceipt['logs'] | undefined }

/**
 * Brings the redemptions into a block, once, in a transaction of their own, and resolves when they are there.
 * @param known what they take; left out, they are simulated first
 * @throws what the contracts said, when it reverted or would
 * @throws {TransactionOutcomeUnknownError}
 */
export async function redeemAlone(sending: KeySending, redemption: KeyRedemption, known?: bigint): Promise<Redeemed> {
  const { client, fees, gas, transactions } = sending
  const call = redemptionCall(redemption)
  const anew = (refusal: Error) => termsAnew(sending, () => gas.estimate(redemption), refusal)
  const [estimate, offered] = await Promise.all([known ?? gas.estimate(redemption), fees.current()])
  const first = await transactions.include(call, { gas: gasLimit(estimate), fees: offered }, anew)
  // What was known was too little: nothing took effect, and it is estimated anew.
  const isShort = first.receipt.status === 'reverted' && known !== undefined && ranOut({ gasUsed: first.receipt.gasUsed, gas: first.gas })
  const { receipt } = isShort
    ? await transactions.include(call, { gas: gasLimit(await gas.estimate(redemption)), fees: await fees.current() }, anew)
    : first
  if (receipt.status === 'success') return { receipt, logs: receipt.logs }
  gas.failed(redemption)
  throw await includedRevertError({ client, from: redemption.signer.address, data: call.data, receipt })
}

/** What to offer where the node refuses what was known. */
export async function termsAnew({ fees }: KeySending, simulate: () => Promise<bigint>, refusal: Error): Promise<Terms> {
  const [estimate, exact] = await Promise.all([simulate(), fees.exact()])
  // A key with little left may still cover what is needed, without what is kept in hand.
  return isBroke(refusal) ? { gas: estimate, fees: exact } : { gas: gasLimit(estimate), fees: await fees.current() }
}

function isBroke(refusal: Error): boolean {
  return refusal instanceof BaseError && getNodeError(refusal, {}) instanceof InsufficientFundsError
}
