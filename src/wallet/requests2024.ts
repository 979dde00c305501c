import type { Address, Hex } from 'viem'
import * as v from 'valibot'
import { bundleContexts } from '../delegation/contextBundle.js'
import { framework } from '../delegation/framework.js'
import { address, chainId } from '../dialects/wire/primitives.js'
import { expiresIn, type Duration } from '../permissions/expiry.js'
import type { UnixSeconds } from '../permissions/permission.js'
import { grant } from './grant.js'
import type { GrantedExecutionPermission } from './grantsStore.js'
import { permission2024, readPermission2024, type Permission2024 } from './permissions2024.js'
import { requireAccount, requireChain } from './requestChecks.js'
import { invalidParams, parseParams } from './rpcErrors.js'
import type { WalletContext } from './walletContext.js'

const request = v.strictObject({
  signer: v.strictObject({ type: v.string(), data: v.optional(v.unknown()) }),
  expiry: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  permissions: v.pipe(v.array(permission2024), v.minLength(1, 'no permission'), v.maxLength(20, 'too many permissions')),
  chainId: v.optional(chainId),
  address: v.optional(address),
  account: v.optional(address),
})
const params2024 = v.tuple([request])
const signerData = v.union([
  v.pipe(v.strictObject({ id: address }), v.transform(({ id }) => id)),
  v.pipe(v.strictObject({ address }), v.transform((signer) => signer.address)),
])

export type GrantPermissionsAnswer = {
  /** Absolute unix seconds. */
  expiry: UnixSeconds
  grantedPermissions: readonly { type: unknown; data: unknown; policies: readonly unknown[]; required?: boolean }[]
  /** The ERC-7710 context; with several permissions, `bytes[]` of their contexts in order. */
  permissionsContext: Hex
  signerData: { submitToAddress: Address }
}

/**
 * `wallet_grantPermissions` as the drafts of 2024 had it, and as viem and Openfort send it: one object, one session
 * key as an account address. What the wallet cannot enforce is refused; only a permission marked `required: false` is
 * left out instead.
 */
export async function grantPermissions2024(context: WalletContext, params: unknown): Promise<GrantPermissionsAnswer> {
  const [asked] = parseParams(params2024, params)
  const delegate = sessionKey(asked.signer)
  if (asked.chainId !== undefined) requireChain(context, asked.chainId)
  for (const given of [asked.address, asked.account]) if (given) await requireAccount(context, given)

  const read = asked.permissions.map((one, index) => ({ index, required: one.required !== false, ...readPermission2024(one) }))
  const refused = read.find((one) => 'unsupported' in one && one.required)
  if (refused && 'unsupported' in refused) throw invalidParams(`permissions.${refused.index}: ${refused.unsupported}`)
  const kept = read.flatMap((one) => ('asked' in one ? [one] : []))
  if (kept.length === 0) {
    throw invalidParams(`None of the permissions can be granted: ${read.flatMap((one) => ('unsupported' in one ? one.unsupported : [])).join('; ')}`)
  }

  const { expiry, rows } = await grant(context, { delegate, expiry: readExpiry(asked.expiry), asked: kept.map((one) => one.asked) })
  const given = (params as [{ permissions: readonly { type: unknown; data: Record<string, unknown>; policies?: readonly unknown[] }[] }])[0].permissions
  return {
    expiry,
    grantedPermissions: kept.map(({ index }, position) => {
      const { required } = asked.permissions[index] as Permission2024
      const { type, data, policies = [] } = given[index] as (typeof given)[number]
      // viem reads `policies` of every granted permission, so it is always there.
      return { type, data: { ...data, ...startOf(rows[position]) }, policies: [...policies], ...(required === undefined ? {} : { required }) }
    }),
    permissionsContext: bundleContexts(rows.map((row) => row.context)),
    signerData: { submitToAddress: framework.DelegationManager },
  }
}

function sessionKey(signer: v.InferOutput<typeof request>['signer']): Address {
  if (signer.type !== 'account') {
    throw invalidParams(`signer.type: "${signer.type.slice(0, 40)}" is not supported; a session key is given as { type: 'account', data: { id: <address> } }`)
  }
  return parseParams(signerData, signer.data)
}

/** 2001-09-09, as unix seconds. */
const earliestMoment = 1_000_000_000

/** Openfort's SDK counts `expiry` from now, the drafts from 1970. No moment is small, no sensible duration is large. */
function readExpiry(expiry: number): Duration | UnixSeconds {
  return expiry < earliestMoment ? expiresIn({ seconds: expiry }) : expiry
}

/** Periods and streams that named no start have one now. */
function startOf(row: GrantedExecutionPermission | undefined): { startTime?: unknown } {
  const startTime = row?.permission.data['startTime']
  return startTime === undefined ? {} : { startTime }
}
