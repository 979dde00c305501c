import { numberToHex } from 'viem'
import * as v from 'valibot'
import { plainFunctionSignature } from '../../permissions/functionSignature.js'
import type { ContractCallPermission, Permission } from '../../permissions/permission.js'
import { address, amount, count } from './primitives.js'

/**
 * Permissions as the drafts of ERC-7715 had them in 2024 and as viem's `grantPermissions` sends them: limits are policies
 * beside the permission, amounts are hex, types are plain strings.
 */
export type WirePermission2024 = {
  type: string
  data: Record<string, unknown>
  policies: readonly WirePolicy2024[]
  /** The wallet must not leave it out. */
  required: boolean
}
export type WirePolicy2024 = { type: string; data: Record<string, unknown> }

/** viem's types require a ticker. The chain knows a token by its address, and nobody here knows its symbol. */
const ticker = { erc20: 'ERC20', native: 'NATIVE' } as const

/** For permissions that the dialect expressed: `startTime`, `payee`, `valueLimit` and pinned arguments have no place here. */
export function encodePermission2024(permission: Permission, counts?: 'transactions'): WirePermission2024 {
  return { ...encodeTerms(permission, counts), required: !permission.optional }
}

function encodeTerms(permission: Permission, counts: 'transactions' | undefined): Omit<WirePermission2024, 'required'> {
  switch (permission.type) {
    case 'contract-call': {
      const { address, functions = [], callLimit } = permission
      return {
        type: 'contract-call',
        // With the keyword it is what abitype, ethers and solc read; ZeroDev's wallet takes nothing else.
        data: { address, calls: functions.map(({ signature }) => `function ${signature}`) },
        policies: callLimit === undefined ? [] : [counts === 'transactions' ? lifetimeRatePolicy(callLimit) : { type: 'call-limit', data: { count: callLimit } }],
      }
    }
    case 'erc20-token-allowance':
      return { type: 'erc20-token-transfer', data: { address: permission.token, ticker: ticker.erc20 }, policies: [allowancePolicy(permission.limit)] }
    case 'native-token-allowance':
      return { type: 'native-token-transfer', data: { ticker: ticker.native }, policies: [allowancePolicy(permission.limit)] }
    case 'erc20-token-periodic':
    case 'erc20-token-stream':
    case 'native-token-periodic':
    case 'native-token-stream':
    case 'erc721-token-transfer':
      throw new Error(`${permission.type} has no form in the drafts of 2024.`)
    default:
      return permission satisfies never
  }
}

/** Over the whole grant: no interval after which it would count anew. ZeroDev's; to others it may mean anything. */
function lifetimeRatePolicy(count: number): WirePolicy2024 {
  return { type: 'rate-limit', data: { count, interval: 0 } }
}

function allowancePolicy(limit: bigint): WirePolicy2024 {
  return { type: 'token-allowance', data: { allowance: numberToHex(limit) } }
}

/** viem's types write a name that is not in the draft as `{ custom }`; wallets that kept them may send it so. */
const name = v.union(
  [
    v.pipe(v.string(), v.maxLength(100)),
    v.pipe(v.strictObject({ custom: v.pipe(v.string(), v.maxLength(100)) }), v.transform(({ custom }) => custom)),
  ],
  'not a name',
)
/** Handed on as it is, so that the schema of its type sees every key. */
const data = v.custom<Record<string, unknown>>((value) => typeof value === 'object' && value !== null && !Array.isArray(value), 'not an object')
const policies = v.pipe(v.array(v.strictObject({ type: name, data })), v.maxLength(10))

export const wirePermission2024 = v.strictObject({
  type: name,
  data,
  policies: v.nullish(policies),
  required: v.nullish(v.boolean()),
})

type Answered = v.InferOutput<typeof wirePermission2024>

/** For people; some wallets carry it along. */
const words = v.nullish(v.pipe(v.string(), v.maxLength(1_000)))
const signature = v.pipe(v.string(), v.maxLength(1_000))
const shapes = {
  'contract-call': v.strictObject({
    address,
    calls: v.pipe(v.array(v.union([signature, v.pipe(v.strictObject({ signature }), v.transform((call) => call.signature))])), v.maxLength(100)),
    label: words,
  }),
  'erc20-token-transfer': v.strictObject({ address, ticker: words }),
  'native-token-transfer': v.strictObject({ ticker: words }),
}

/** Openfort says `limit`, ERC-7715's first text `count`. */
const callLimit = v.union([
  v.pipe(v.strictObject({ count }), v.transform((limit) => limit.count)),
  v.pipe(v.strictObject({ limit: count }), v.transform(({ limit }) => limit)),
])
/** Without an interval it counts over the whole grant: ZeroDev's nearest to a `call-limit`. */
const lifetimeRate = v.pipe(v.strictObject({ count, interval: v.literal(0) }), v.transform((limit) => limit.count))
const allowance = v.pipe(v.strictObject({ allowance: amount }), v.transform((limit) => limit.allowance))

/** A transfer that no policy limits is one of any amount. */
const unlimited = (1n << 256n) - 1n

/**
 * Reads one granted permission with its policies.
 * @throws {Error} a type, a policy or a field that the kit does not know: an unknown limit is never skipped
 */
export function decodePermission2024({ type, data, policies }: Answered): Permission {
  const [policy, ...more] = policies ?? []
  if (more.length > 0) throw new Error(`a ${shown(type)} has more than one policy`)
  switch (type) {
    case 'contract-call': {
      const { address, calls } = v.parse(shapes[type], data)
      const functions = calls.map((call) => ({ signature: plainFunctionSignature(call) }))
      const limit = policy && callLimitOf(policy)
      return {
        type,
        address,
        ...(functions.length > 0 ? { functions } : {}),
        ...(limit === undefined ? {} : { callLimit: limit }),
        valueLimit: 0n,
      } satisfies ContractCallPermission
    }
    case 'erc20-token-transfer':
      return { type: 'erc20-token-allowance', token: v.parse(shapes[type], data).address, limit: policy ? allowanceOf(policy) : unlimited }
    case 'native-token-transfer':
      v.parse(shapes[type], data)
      return { type: 'native-token-allowance', limit: policy ? allowanceOf(policy) : unlimited }
    default:
      throw new Error(`the type ${shown(type)} is not known`)
  }
}

/** A rate over the whole grant is one of transactions (ZeroDev): for calls there is `call-limit`. */
export function countsTransactions({ policies }: Answered): boolean {
  return policies?.some(({ type }) => type === 'rate-limit') ?? false
}

type Policy = v.InferOutput<typeof policies>[number]

function callLimitOf({ type, data }: Policy): number {
  if (type === 'call-limit') return v.parse(callLimit, data)
  if (type === 'rate-limit') return v.parse(lifetimeRate, data)
  throw new Error(`the policy ${shown(type)} of a contract-call is not known`)
}

function allowanceOf({ type, data }: Policy): bigint {
  if (type === 'token-allowance') return v.parse(allowance, data)
  throw new Error(`the policy ${shown(type)} of a token transfer is not known`)
}

function shown(name: string): string {
  return JSON.stringify(name.slice(0, 60))
}
