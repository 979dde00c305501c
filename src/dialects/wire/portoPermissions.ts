import { numberToHex, toFunctionSignature, type Address, type Hex } from 'viem'
import * as v from 'valibot'
import { parseFunctionSignature } from '../../permissions/functionSignature.js'
import type { Permission } from '../../permissions/permission.js'
import { address, amount } from './primitives.js'

/**
 * Permissions as Porto carries them: rows of calls that a key may make, and rows of what it may spend meanwhile. A call
 * needs a row of the first kind; what it spends, of whatever token, needs one of the second.
 * @see `porto` 0.2.37 `core/internal/schema/key.ts`; ithacaxyz/account 767e973 `GuardedExecutor`
 */
export type PortoPermissions = {
  calls: readonly { to: Address; signature?: string }[]
  spend?: readonly { limit: Hex; period: PortoPeriod; token: Address }[]
}

export type PortoPeriod = 'minute' | 'hour' | 'day' | 'week'

/** Months and years at their shortest: they are never asked for, and read like this they are no less than they are. */
export const portoPeriodSeconds = { minute: 60, hour: 3_600, day: 86_400, week: 604_800, month: 28 * 86_400, year: 365 * 86_400 } as const

export function portoPeriodOf(seconds: number): PortoPeriod | undefined {
  return (['minute', 'hour', 'day', 'week'] as const).find((period) => portoPeriodSeconds[period] === seconds)
}

/** What the contract reads as anything. */
export const portoWildcards = {
  target: '0x3232323232323232323232323232323232323232',
  selector: '0x32323232',
  /** A call without calldata. */
  noCalldata: '0xe0e0e0e0',
} as const satisfies Record<string, Hex>

/** The only call that a limit on spending a token comes with. */
export const transferSignature = 'transfer(address,uint256)'

/** Of permissions that Porto has words for (`expressPorto`). */
export function encodePortoPermissions(permissions: readonly Permission[]): PortoPermissions {
  const calls = permissions.flatMap((permission): PortoPermissions['calls'] => {
    if (permission.type === 'erc20-token-periodic') return [{ to: permission.token, signature: transferSignature }]
    if (permission.type !== 'contract-call') return []
    const { address: to, functions } = permission
    // Names of arguments are for people; the types are what is hashed.
    return functions?.map(({ signature }) => ({ to, signature: toFunctionSignature(parseFunctionSignature(signature)) })) ?? [{ to }]
  })
  const spend = permissions.flatMap((permission) => {
    const period = permission.type === 'erc20-token-periodic' && portoPeriodOf(permission.period)
    return period ? [{ limit: numberToHex(permission.limit), period, token: permission.token }] : []
  })
  return { calls, ...(spend.length > 0 ? { spend } : {}) }
}

const anyAmount = v.union([
  amount,
  v.pipe(v.bigint(), v.minValue(0n), v.maxValue((1n << 256n) - 1n)),
  v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.transform((value) => BigInt(value))),
])
const callRow = v.pipe(
  v.strictObject({ to: v.optional(address), signature: v.optional(v.pipe(v.string(), v.maxLength(1_000))) }),
  v.check(({ to, signature }) => to !== undefined || signature !== undefined, 'a call of anything'),
)
const spendRow = v.strictObject({
  limit: anyAmount,
  period: v.picklist(['minute', 'hour', 'day', 'week', 'month', 'year']),
  /** Left out: the chain's own. */
  token: v.optional(address),
})

/** More than any session needs, and few enough to be read without holding up the page. */
const maxRows = 100

/** As the wallet answers. A kind of permission that is not here may allow anything, so it is refused. */
export const answeredPortoPermissions = v.strictObject({
  calls: v.pipe(v.array(callRow), v.minLength(1), v.maxLength(maxRows)),
  spend: v.optional(v.pipe(v.array(spendRow), v.maxLength(maxRows))),
  signatureVerification: v.optional(v.strictObject({ addresses: v.pipe(v.array(address), v.maxLength(maxRows)) })),
})

export type AnsweredPortoPermissions = v.InferOutput<typeof answeredPortoPermissions>
