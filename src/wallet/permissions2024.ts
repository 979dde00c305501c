import * as v from 'valibot'
import { decodePermission, wirePermissionTypes } from '../dialects/wire/erc7715Permission.js'
import { address, amount, count } from '../dialects/wire/primitives.js'
import { plainFunctionSignature } from '../permissions/functionSignature.js'
import type { PermissionType } from '../permissions/permission.js'
import type { AskedPermission } from './grant.js'
import { invalidParams, parseParams } from './rpcErrors.js'

/** `{ custom: 'x' }` is how viem's types write a type that is not in the draft; on the wire it sends `x`. */
const name = v.union([v.string(), v.pipe(v.strictObject({ custom: v.string() }), v.transform(({ custom }) => custom))])
const data = v.record(v.string(), v.unknown())
const policy = v.strictObject({ type: name, data })
export const permission2024 = v.strictObject({
  type: name,
  data,
  policies: v.optional(v.pipe(v.array(policy), v.maxLength(10))),
  required: v.optional(v.boolean()),
})

export type Permission2024 = v.InferOutput<typeof permission2024>

type Read = { asked: AskedPermission } | { unsupported: string }
type Policies = NonNullable<Permission2024['policies']>

/** Types that `wallet_grantPermissions` takes, in the words of the drafts and in the kit's own. */
export const permissionTypes2024: readonly string[] = ['contract-call', 'erc20-token-transfer', 'native-token-transfer', ...wirePermissionTypes.filter((type) => type !== 'contract-call')]

/**
 * Reads one permission with its policies.
 * @returns `unsupported`: a type or a policy that the wallet does not know; to skip it would widen the grant
 * @throws {InvalidParamsRpcError} {@link InvalidPermissionError} a known type in a wrong shape
 */
export function readPermission2024({ type, data, policies = [] }: Permission2024): Read {
  switch (type) {
    case 'contract-call':
      return contractCall(data, policies)
    case 'erc20-token-transfer': {
      const limit = allowance(policies)
      if (typeof limit !== 'bigint') return limit
      return { asked: { permission: { type: 'erc20-token-allowance', token: parseParams(erc20Transfer, data).address, limit } } }
    }
    case 'native-token-transfer': {
      const limit = allowance(policies)
      if (typeof limit !== 'bigint') return limit
      parseParams(nativeTransfer, data)
      return { asked: { permission: { type: 'native-token-allowance', limit } } }
    }
    default: {
      if (!isKitType(type)) return { unsupported: `the type "${type.slice(0, 60)}" is not known` }
      const [first] = policies
      if (first) return { unsupported: unknownPolicy(first.type, type) }
      return { asked: decodePermission({ type, data, isAdjustmentAllowed: false }, []) }
    }
  }
}

const ticker = v.optional(v.pipe(v.string(), v.maxLength(100)))
const erc20Transfer = v.strictObject({ address, ticker })
const nativeTransfer = v.strictObject({ ticker })

function isKitType(type: string): type is PermissionType {
  return (wirePermissionTypes as readonly string[]).includes(type)
}

function unknownPolicy(policy: string, type: string): string {
  return `the policy "${policy.slice(0, 60)}" is not enforced for ${type}`
}

/** A transfer without an allowance would be the whole balance, so it is refused. */
function allowance(policies: Policies): bigint | { unsupported: string } {
  const other = policies.find(({ type }) => type !== 'token-allowance')
  if (other) return { unsupported: unknownPolicy(other.type, 'a token transfer') }
  const [only, ...more] = policies
  if (!only || more.length > 0) throw invalidParams('A token transfer needs exactly one token-allowance policy.')
  return parseParams(v.strictObject({ allowance: amount }), only.data).allowance
}

function contractCall(data: Permission2024['data'], policies: Policies): Read {
  const other = policies.find(({ type }) => type !== 'call-limit')
  if (other) return { unsupported: unknownPolicy(other.type, 'contract-call') }
  const limits = policies.map((policy) => parseParams(callLimit, policy.data))
  if (limits.length > 1 || (limits.length > 0 && data['callLimit'] !== undefined)) throw invalidParams('A call limit is given twice.')
  const [limit] = limits
  const calls = Array.isArray(data['calls']) ? data['calls'].map((call: unknown) => (typeof call === 'string' && call.length <= 1000 ? plainFunctionSignature(call) : call)) : data['calls']
  const asked = decodePermission({ type: 'contract-call', data: { ...data, calls }, isAdjustmentAllowed: false }, [])
  return limit === undefined || asked.permission.type !== 'contract-call'
    ? { asked }
    : { asked: { ...asked, permission: { ...asked.permission, callLimit: limit } } }
}

/** Openfort says `limit`, ERC-7715's first text `count`. */
const callLimit = v.union([
  v.pipe(v.strictObject({ limit: count }), v.transform(({ limit }) => limit)),
  v.pipe(v.strictObject({ count }), v.transform((data) => data.count)),
])
