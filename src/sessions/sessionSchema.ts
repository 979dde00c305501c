import { isAddress, isHex, type Address, type Hex } from 'viem'
import * as v from 'valibot'
import type { Permission } from '../permissions/permission.js'
import type { Session } from './session.js'

const address = v.custom<Address>((value) => typeof value === 'string' && isAddress(value, { strict: false }))
const hex = v.custom<Hex>((value) => isHex(value))
const seconds = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const amount = v.pipe(v.bigint(), v.minValue(0n))
const common = { startTime: v.optional(seconds), optional: v.optional(v.boolean()) }
const payee = { payee: v.optional(address) }
const allowance = { limit: amount, ...payee, ...common }
const periodic = { limit: amount, period: seconds, ...payee, ...common }
const stream = { initial: amount, perSecond: amount, max: amount, ...payee, ...common }

const permission = v.variant('type', [
  v.strictObject({
    type: v.literal('contract-call'),
    address,
    functions: v.optional(v.array(v.strictObject({ signature: v.string(), args: v.optional(v.array(v.nullable(hex))) }))),
    callLimit: v.optional(seconds),
    valueLimit: amount,
    ...common,
  }),
  v.strictObject({ type: v.literal('erc20-token-allowance'), token: address, ...allowance }),
  v.strictObject({ type: v.literal('erc20-token-periodic'), token: address, ...periodic }),
  v.strictObject({ type: v.literal('erc20-token-stream'), token: address, ...stream }),
  v.strictObject({ type: v.literal('native-token-allowance'), ...allowance }),
  v.strictObject({ type: v.literal('native-token-periodic'), ...periodic }),
  v.strictObject({ type: v.literal('native-token-stream'), ...stream }),
  v.strictObject({ type: v.literal('erc721-token-transfer'), token: address, tokenId: amount, ...common }),
])

const session = v.object({
  id: v.string(),
  v: v.literal(1),
  rev: seconds,
  status: v.picklist(['requested', 'active', 'rejected', 'unknown', 'quarantined', 'revoking', 'revoked', 'expired']),
  name: v.string(),
  permissionsHash: hex,
  dialect: v.string(),
  origin: v.string(),
  chainId: seconds,
  account: address,
  address,
  asked: v.object({ permissions: v.array(permission), expiry: seconds }),
  granted: v.array(
    v.union([
      v.object({ permission, within: v.optional(permission), context: hex, delegationManager: address }),
      v.object({ permission, within: v.optional(permission), context: v.optional(v.undefined()), delegationManager: v.optional(v.undefined()) }),
    ]),
  ),
  expiry: seconds,
  grantedExpiry: v.optional(seconds),
  losses: v.optional(v.array(v.object({ path: v.string(), kind: v.picklist(['widened', 'narrowed', 'dropped']), reason: v.string() }))),
  handle: v.optional(v.string()),
  dependencies: v.optional(v.array(v.object({ factory: address, factoryData: hex }))),
  answer: v.optional(v.string()),
  createdAt: v.number(),
  updatedAt: v.number(),
  revocation: v.optional(v.object({ transactionHash: v.optional(hex), blockNumber: v.optional(v.bigint()) })),
  problem: v.optional(v.string()),
})

/** A stored row as a session; undefined for a row of another shape, which is then left as it is. */
export function parseSession(row: unknown): Session | undefined {
  const result = v.safeParse(session, row)
  return result.success ? (result.output satisfies { granted: { permission: Permission }[] } as Session) : undefined
}
