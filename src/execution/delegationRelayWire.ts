import { isHex, numberToHex, size, toHex, type Address, type Hex, type SignedAuthorization } from 'viem'
import * as v from 'valibot'
import type { Redemption } from '../delegation/redeem.js'
import { RelayInvalidResponseError } from './relayErrors.js'
import { encodeAuthorization, relayStatusCode, wireAddress, wireHash, wireIssue, wireQuantity } from './relayWire.js'

/** What a relay that takes delegations is given: all of it becomes one `redeemDelegations`. */
export type DelegationBundle = {
  chainId: number
  redemptions: readonly Redemption[]
  authorizationList: readonly SignedAuthorization[]
}

/**
 * The parameters of `relayer_estimate7710Transaction`, and with a quote's `context` those of `relayer_send7710Transaction`. One execution
 * for each context: of a context with several nobody but the relay knows in which mode it would make them.
 */
export function encodeDelegationBundle({ chainId, redemptions, authorizationList }: DelegationBundle) {
  return {
    chainId: String(chainId),
    transactions: redemptions.map(({ delegations, execution: { to, value, data } }) => ({
      permissionContext: delegations.map((delegation) => ({
        delegate: delegation.delegate,
        delegator: delegation.delegator,
        authority: delegation.authority,
        caveats: delegation.caveats.map(({ enforcer, terms, args }) => ({ enforcer, terms, args })),
        salt: numberToHex(delegation.salt, { size: 32 }),
        signature: delegation.signature,
      })),
      executions: [{ target: to, value: String(value), data }],
    })),
    ...(authorizationList.length > 0 ? { authorizationList: authorizationList.map(encodeAuthorization) } : {}),
  }
}

/** A price that the relay holds for a moment. `context` is its own to read. */
export type RelayQuote = { requiredAmount: bigint; context: string | undefined }

const estimateSchema = v.looseObject({
  success: v.boolean(),
  error: v.nullish(v.string()),
  requiredPaymentAmount: v.nullish(wireQuantity),
  context: v.nullish(v.pipe(v.string(), v.maxLength(10_000))),
})

/** The quote; or why the relay would not take the bundle, which it says in its result. */
export function readEstimate(value: unknown): RelayQuote | { refused: string } {
  const parsed = v.safeParse(estimateSchema, value)
  if (!parsed.success) throw new RelayInvalidResponseError({ reason: `no estimate: ${wireIssue(parsed.issues)}` })
  const { success, error, requiredPaymentAmount, context } = parsed.output
  if (!success) return { refused: error?.slice(0, maxReasonLength) ?? 'no reason given' }
  if (requiredPaymentAmount === undefined || requiredPaymentAmount === null) throw new RelayInvalidResponseError({ reason: 'an estimate without an amount' })
  return { requiredAmount: requiredPaymentAmount, context: context ?? undefined }
}

const feeDataSchema = v.looseObject({ minFee: wireQuantity, feeCollector: v.nullish(wireAddress) })

/** The least that the relay takes, of `relayer_getFeeData`. */
export function readMinFee(value: unknown): { minFee: bigint; feeCollector: Address | undefined } {
  const parsed = v.safeParse(feeDataSchema, value)
  if (!parsed.success) throw new RelayInvalidResponseError({ reason: `no fee data: ${wireIssue(parsed.issues)}` })
  return { minFee: parsed.output.minFee, feeCollector: parsed.output.feeCollector ?? undefined }
}

/** Where a task stands. Unlike other relays' its receipt is a short one, so only the transaction is read. */
export type DelegationTask =
  | { status: typeof relayStatusCode.pending }
  | { status: typeof relayStatusCode.submitted; transactionHash: Hex }
  | { status: typeof relayStatusCode.success; transactionHash: Hex }
  | { status: typeof relayStatusCode.rejected; message: string }
  | { status: typeof relayStatusCode.reverted; data: Hex | undefined }

const taskSchema = v.variant('status', [
  v.looseObject({ status: v.literal(relayStatusCode.pending) }),
  v.looseObject({ status: v.literal(relayStatusCode.submitted), hash: wireHash }),
  v.looseObject({ status: v.literal(relayStatusCode.success), receipt: v.looseObject({ transactionHash: wireHash }) }),
  v.looseObject({ status: v.literal(relayStatusCode.rejected), message: v.optional(v.string(), 'no reason given') }),
  v.looseObject({ status: v.literal(relayStatusCode.reverted), data: v.optional(v.unknown()) }),
])

export function readDelegationTask(value: unknown): DelegationTask {
  const parsed = v.safeParse(taskSchema, value)
  if (!parsed.success) throw new RelayInvalidResponseError({ reason: `no task status: ${wireIssue(parsed.issues)}` })
  const task = parsed.output
  switch (task.status) {
    case relayStatusCode.pending:
      return { status: task.status }
    case relayStatusCode.submitted:
      return { status: task.status, transactionHash: task.hash }
    case relayStatusCode.success:
      return { status: task.status, transactionHash: task.receipt.transactionHash }
    case relayStatusCode.rejected:
      return { status: task.status, message: task.message.slice(0, maxReasonLength) }
    case relayStatusCode.reverted:
      return { status: task.status, data: isHex(task.data) && size(task.data) >= 4 ? task.data : undefined }
    default:
      return task satisfies never
  }
}

const maxReasonLength = 500

/** An id of our own for a task, so that the same one can be given again where the answer was lost. */
export function freshTaskId(): Hex {
  return toHex(crypto.getRandomValues(new Uint8Array(32)))
}
