import { getAddress, isAddress, isHex, type Address, type Hex } from 'viem'
import * as v from 'valibot'
import type { Session } from './session.js'
import { transitions, type SessionStatus } from './status.js'

const address = v.custom<Address>((value) => typeof value === 'string' && isAddress(value, { strict: false }))
const hex = v.custom<Hex>((value) => isHex(value))
const seconds = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const amount = v.pipe(v.bigint(), v.minValue(0n))
const common = { startTime: v.optional(seconds), optional: v.optional(v.boolean()) }
const payee = { payee: v.optional(address) }
const allowance = { limit: amount, ...payee, ...common }
const periodic = { limit: amount, period: seconds, ...payee, ...common }
const stream = { initial: amount, perSecond: amount, max: amount, ...payee, ...common }

/** A permission, and nothing beside it. */
export const permissionSchema = v.variant('type', [
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

const checksummed = v.pipe(
  address,
  v.transform((value) => getAddress(value)),
)
const status = v.picklist(Object.keys(transitions) as [SessionStatus, ...SessionStatus[]])

/** What every version of the record has in common. */
const parts = {
  id: v.string(),
  rev: seconds,
  name: v.string(),
  permissionsHash: hex,
  dialect: v.string(),
  origin: v.string(),
  chainId: seconds,
  account: address,
  address,
  asked: v.object({ permissions: v.array(permissionSchema), expiry: seconds }),
  granted: v.array(
    v.union([
      v.object({ permission: permissionSchema, within: v.optional(permissionSchema), context: hex, delegationManager: address }),
      v.object({
        permission: permissionSchema,
        within: v.optional(permissionSchema),
        counts: v.optional(v.literal('transactions')),
        context: v.optional(v.undefined()),
        delegationManager: v.optional(v.undefined()),
      }),
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
  problem: v.optional(v.string()),
}
const revocation = { transactionHash: v.optional(hex), blockNumber: v.optional(v.bigint()) }

/** Record version 1: until states had `granted`, `exhausted` and `purged`. */
export const sessionSchema1 = v.object({
  ...parts,
  v: v.literal(1),
  status: v.picklist(['requested', 'active', 'rejected', 'unknown', 'quarantined', 'revoking', 'revoked', 'expired']),
  revocation: v.optional(v.object(revocation)),
})

export const sessionSchema2 = v.object({
  ...parts,
  v: v.literal(2),
  status,
  account: checksummed,
  request: v.optional(v.object({ permissions: v.optional(v.array(permissionSchema)), onBroader: v.optional(v.picklist(['quarantine', 'clamp'])) })),
  revocation: v.optional(v.object({ ...revocation, elsewhere: v.optional(v.boolean()) })),
  connector: v.optional(v.string()),
  peer: v.optional(v.string()),
  replaces: v.optional(v.string()),
  outcome: v.optional(status),
})

export type Session1 = v.InferOutput<typeof sessionSchema1>
type Session2 = v.InferOutput<typeof sessionSchema2>
// The stored shape and the type say the same.
type Same = Session2 extends Session ? true : never
true satisfies Same
