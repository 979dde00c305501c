import { isHex, type Hex } from 'viem'
import * as v from 'valibot'
import { address, bytes } from './primitives.js'

/** `SessionKeyStruct.limit` is a uint48; the contracts read its largest value as "no limit". */
export const unlimitedCalls = 2 ** 48 - 1

/** How many contracts `registerSessionKey` takes. */
export const maxContracts = 10

const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0))

/** How many calls are allowed; undefined where the answer names no limit. Openfort leaves it out, or sends one that limits nothing. */
const callLimit = v.pipe(
  v.nullish(v.pipe(whole, v.maxValue(unlimitedCalls))),
  v.transform((limit) => (limit === 0 || limit === unlimitedCalls || limit === null ? undefined : limit)),
)

/** Absolute seconds. 0 is how the contracts spell "revoked". */
const moment = v.pipe(whole, v.minValue(1), v.maxValue(2 ** 47))

export const sessionId = v.pipe(v.string(), v.regex(/^ses_[\w-]{1,100}$/))

const usageLimit = v.object({
  type: v.object({ custom: v.literal('usage-limit') }),
  data: v.object({ limit: callLimit }),
})

/** The backend may name more contracts than it was asked for; those must be seen, not cut off. */
const mostRows = 100

/** What `wallet_grantPermissions` resolves with: made by the provider out of the session's whitelist. An empty whitelist is every contract. */
export const grantedSession = v.object({
  expiry: moment,
  grantedPermissions: v.pipe(
    v.array(
      v.object({
        type: v.literal('contract-call'),
        data: v.object({ address, calls: v.pipe(v.array(v.unknown()), v.length(0)) }),
        policies: v.pipe(v.array(usageLimit), v.maxLength(1)),
      }),
    ),
    v.minLength(1),
    v.maxLength(mostRows),
  ),
  permissionsContext: sessionId,
})

/** Openfort's `SessionResponse` for a session that is in force. @see openfort-js `index.d.ts` */
export const sessionResponse = v.object({
  id: sessionId,
  isActive: v.literal(true),
  /** The session key. */
  address: v.optional(address),
  validUntil: v.union([moment, v.pipe(v.string(), v.regex(/^[1-9]\d{0,14}$/), v.transform(Number), moment)]),
  whitelist: v.pipe(v.array(address), v.minLength(1), v.maxLength(mostRows)),
  limit: v.optional(callLimit),
})

export const hash = v.pipe(bytes, v.check((value) => value.length === 66, 'not 32 bytes'))
const hashes = v.object({ signableHash: v.nullish(hash), userOperationHash: v.nullish(hash) })

/** What has to be signed before something happens; absent where nothing has. */
export const nextAction = v.nullish(v.object({ payload: v.nullish(hashes) }))

/** Openfort's newer answers say `signableHash`, its older ones `userOperationHash`. */
export function hashToSign(next: v.InferOutput<typeof nextAction>): Hex | undefined {
  return next?.payload?.signableHash ?? next?.payload?.userOperationHash ?? undefined
}

/** A session that was made or is to be ended, as far as its next step goes. */
export const sessionStep = v.object({ id: sessionId, nextAction })

/** A signature as a signer answers it. */
export const signature = v.custom<Hex>((value) => isHex(value) && value.length > 2 && value.length <= 20_000, 'not hex')

/** Where an answer is wrong, without repeating it. */
export function wrongPart([issue]: readonly [v.BaseIssue<unknown>, ...v.BaseIssue<unknown>[]]): string {
  return `${v.getDotPath(issue) ?? 'it'} is not as expected`
}
