import { getAddress, isAddress, isHex, size, type Address, type Hash, type Hex } from 'viem'
import * as v from 'valibot'
import type { EncodedCall } from '../../actions/sessionCalls.js'
import type { Outgoing } from '../../execution/lane.js'
import type { UnixSeconds } from '../../permissions/permission.js'
import { fromJsonText } from '../../sessions/jsonText.js'
import type { SessionId } from '../../sessions/session.js'

/**
 * `written` nothing has gone out · `sent` something has, and what became of it is not known yet · `done` it is in a block; it never happens
 * again · `failed` it has not happened; sending it again may.
 */
export type IntentState =
  | { status: 'written' }
  | { status: 'sent'; outgoing: readonly Outgoing[] }
  | {
      status: 'done'
      /** Left out where the transaction could not be found: the chain's counter alone says that it happened. */
      transactionHash?: Hash | undefined
      blockNumber?: bigint | undefined
      /** What was to be seen on-chain, and is not. */
      missing: readonly string[]
      /** Whether the chain could be asked for that. */
      checked: boolean
    }
  | {
      status: 'failed'
      /** The name of the error's class. */
      error: string
      message: string
      /** Of one that was included and reverted: it cost gas, and had no effect. */
      transactionHash?: Hash | undefined
    }

/** Something that a session was told to do. It happens at most once, however often it is sent. */
export type Intent = {
  /** Version of this record's shape. */
  v: 1
  /** The app's name for it, unique in the session. */
  id: string
  session: SessionId
  chainId: number
  /** The session key. */
  key: Address
  /** What the chain knows it by: a function of session and id. */
  number: bigint
  /** What it does; fixed from the start. */
  calls: readonly EncodedCall[]
  /** In ms of this server's clock. */
  createdAt: number
  /** What was signed last cannot happen from this moment on. */
  deadline?: UnixSeconds | undefined
  /** It cannot be in this block or before. */
  fromBlock?: bigint | undefined
  state: IntentState
}

/** An intent as it is stored; `rev` is the row's. */
export type StoredIntent = Intent & { rev: number }

const hex = v.custom<Hex>((value) => isHex(value))
const hash = v.custom<Hash>((value) => isHex(value) && size(value) === 32)
const address = v.pipe(
  v.custom<Address>((value) => typeof value === 'string' && isAddress(value, { strict: false })),
  v.transform((value) => getAddress(value)),
)
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const amount = v.pipe(v.bigint(), v.minValue(0n))

const outgoing = v.variant('by', [
  v.object({ by: v.literal('key'), hash, serialized: hex, nonce: count }),
  v.object({ by: v.literal('relay'), leafHash: hash, deadline: count }),
])

const state = v.variant('status', [
  v.object({ status: v.literal('written') }),
  v.object({ status: v.literal('sent'), outgoing: v.array(outgoing) }),
  v.object({ status: v.literal('done'), transactionHash: v.optional(hash), blockNumber: v.optional(amount), missing: v.array(v.string()), checked: v.boolean() }),
  v.object({ status: v.literal('failed'), error: v.string(), message: v.string(), transactionHash: v.optional(hash) }),
])

const schema = v.object({
  v: v.literal(1),
  id: v.string(),
  session: v.string(),
  chainId: count,
  key: address,
  number: amount,
  calls: v.array(v.object({ to: address, value: amount, data: hex, functionName: v.optional(v.string()) })),
  createdAt: v.number(),
  deadline: v.optional(count),
  fromBlock: v.optional(amount),
  state,
})

/** @throws {v.ValiError} a row that this version did not write: nothing may be sent on its account */
export function readIntent(body: string): Intent {
  return v.parse(schema, fromJsonText(body))
}

// The stored shape and the type say the same.
type Same = v.InferOutput<typeof schema> extends Intent ? true : never
true satisfies Same
