import { isAddress, isHex, size, type Address, type Hash, type Hex } from 'viem'
import * as v from 'valibot'
import { mostCalls, mostNameLetters, type SessionAction } from './sessionAction.js'

const address = v.custom<Address>((value) => typeof value === 'string' && isAddress(value, { strict: false }))
const bytes = (length: number) => v.custom<Hex>((value) => isHex(value) && size(value) === length)
const amount = v.pipe(v.bigint(), v.minValue(0n))
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const name = v.pipe(v.string(), v.maxLength(mostNameLetters))
const transactionHash = v.optional(bytes(32) as v.GenericSchema<Hash>)

/** The calls of an action, as they are kept and shown. */
export const callsMadeSchema = v.pipe(
  v.array(v.strictObject({ to: address, selector: v.optional(bytes(4)), functionName: v.optional(name), value: amount, tokenAmount: v.optional(amount) })),
  v.maxLength(mostCalls),
)

const outcome = v.variant('status', [
  v.strictObject({ status: v.literal('sent') }),
  v.strictObject({ status: v.literal('done'), transactionHash }),
  v.strictObject({ status: v.literal('refused'), error: name, by: v.picklist(['check', 'chain']), transactionHash }),
  v.strictObject({ status: v.literal('failed'), error: name, transactionHash }),
  v.strictObject({ status: v.literal('unknown'), error: name, transactionHash }),
])

const schema = v.strictObject({
  id: v.string(),
  v: v.literal(1),
  session: v.string(),
  at: v.pipe(v.number(), v.finite()),
  calls: callsMadeSchema,
  moreCalls: v.optional(count),
  outcome,
})

/** A stored row as an action; undefined where it is none that this kit knows. Nothing about it is trusted. Pure. */
export function readAction(row: unknown): SessionAction | undefined {
  const parsed = v.safeParse(schema, row)
  return parsed.success ? parsed.output : undefined
}

// The stored shape and the type say the same.
type Same = v.InferOutput<typeof schema> extends SessionAction ? true : never
true satisfies Same
