import type { Hex, TransactionReceipt } from 'viem'
import * as v from 'valibot'
import { RelayInvalidResponseError } from './relayErrors.js'
import { formatRelayReceipt } from './relayReceipt.js'
import { revertData } from './relayRpc.js'
import { relayStatusCode, wireHash, wireIssue } from './relayWire.js'

/** Where a relay's task stands. `id` is the relay's; the transaction's hash where the relay answered with a bare receipt. */
export type RelayStatus =
  | { status: typeof relayStatusCode.pending; id: string }
  | { status: typeof relayStatusCode.submitted; id: string; transactionHash: Hex | undefined }
  | { status: typeof relayStatusCode.success; id: string; receipt: TransactionReceipt }
  | { status: typeof relayStatusCode.rejected; id: string; message: string; data: unknown }
  | { status: typeof relayStatusCode.reverted; id: string; data: Hex | undefined; receipt: TransactionReceipt }

/** Gelato tells inclusion (200) and finality (210) apart; both are a success. */
const finalized = 210

const statusSchema = v.variant('status', [
  v.looseObject({ status: v.literal(relayStatusCode.pending) }),
  v.looseObject({ status: v.literal(relayStatusCode.submitted), hash: v.nullish(wireHash) }),
  v.looseObject({ status: v.literal(relayStatusCode.success), receipt: v.unknown() }),
  v.looseObject({ status: v.literal(finalized), receipt: v.unknown() }),
  v.looseObject({ status: v.literal(relayStatusCode.rejected), message: v.optional(v.string(), 'no reason given'), data: v.optional(v.unknown()) }),
  v.looseObject({ status: v.literal(relayStatusCode.reverted), data: v.optional(v.unknown()), receipt: v.unknown() }),
])

export const relayTaskId = v.pipe(v.string(), v.minLength(1), v.maxLength(256))

const identified = v.looseObject({ id: v.optional(relayTaskId) })

/**
 * Reads a task's status; `id` is the one asked for, when it is known.
 * @throws {RelayInvalidResponseError}
 */
export function readRelayStatus(value: unknown, id?: string): RelayStatus {
  const parsed = v.safeParse(statusSchema, value)
  if (!parsed.success) throw new RelayInvalidResponseError({ reason: `no task status: ${wireIssue(parsed.issues)}` })
  const named = v.safeParse(identified, value)
  return status(parsed.output, id ?? (named.success ? named.output.id : undefined))
}

function status(task: v.InferOutput<typeof statusSchema>, named: string | undefined): RelayStatus {
  const id = (receipt?: TransactionReceipt) => {
    const known = named ?? receipt?.transactionHash
    if (known === undefined) throw new RelayInvalidResponseError({ reason: 'a task status without an id' })
    return known
  }
  switch (task.status) {
    case relayStatusCode.pending:
      return { status: task.status, id: id() }
    case relayStatusCode.submitted:
      return { status: task.status, id: id(), transactionHash: task.hash ?? undefined }
    case relayStatusCode.success:
    case finalized: {
      const receipt = formatRelayReceipt(task.receipt)
      return outcome(id(receipt), receipt)
    }
    case relayStatusCode.rejected:
      return { status: task.status, id: named ?? '', message: task.message.slice(0, 500), data: task.data }
    case relayStatusCode.reverted: {
      const receipt = formatRelayReceipt(task.receipt)
      return { status: task.status, id: id(receipt), data: revertData(task.data), receipt }
    }
    default:
      return task satisfies never
  }
}

/** `relayer_sendTransactionSync` answers with a terminal status (Gelato's client) or with the receipt alone (its docs). */
export function readSyncAnswer(value: unknown): RelayStatus {
  if (!v.is(v.looseObject({ transactionHash: wireHash }), value)) return readRelayStatus(value)
  const receipt = formatRelayReceipt(value)
  return outcome(receipt.transactionHash, receipt)
}

/** The receipt decides: a "success" whose transaction reverted is a revert. */
function outcome(id: string, receipt: TransactionReceipt): RelayStatus {
  return receipt.status === 'success'
    ? { status: relayStatusCode.success, id, receipt }
    : { status: relayStatusCode.reverted, id, data: undefined, receipt }
}
