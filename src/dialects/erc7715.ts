import { isAddressEqual, numberToHex } from 'viem'
import * as v from 'valibot'
import type { Permission, PermissionType, UnixSeconds } from '../permissions/permission.js'
import type { Dialect, Expression, GrantAnswer, ListedGrant, WalletAbilities } from './dialect.js'
import { InvalidWalletResponseError } from './errors.js'
import { answeredRules, decodePermission, encodePermission, wirePermission, wirePermissionTypes } from './wire/erc7715Permission.js'
import { address, bytes, chainId as wireChainId, namesFewFunctions } from './wire/primitives.js'

const grantMethod = 'wallet_requestExecutionPermissions'
const listMethod = 'wallet_getGrantedExecutionPermissions'

/**
 * ERC-7715 as merged 2026-01: one permission per request, several requests per prompt. Spoken by MetaMask and by our wallet.
 *
 * @see ERC-7715 at ethereum/ERCs 2adc37836; `@metamask/7715-permission-types` 2.0.0; MetaMask/core eth-json-rpc-middleware 24
 */
export const erc7715 = {
  id: 'erc7715',
  consent: 'wallet',
  namesChain: true,
  acts: 'delegations',

  async detect(wallet) {
    const { chainId } = wallet
    const parsed = v.safeParse(supported, await wallet.ask('wallet_getSupportedExecutionPermissions'))
    if (!parsed.success) return undefined
    const types = new Set<PermissionType>()
    const rules = new Map<PermissionType, ReadonlySet<string>>()
    const exact = new Set<PermissionType>()
    const lowers = new Set<PermissionType>()
    for (const type of wirePermissionTypes) {
      const row = parsed.output[type]
      if (!row?.chainIds.includes(chainId)) continue
      types.add(type)
      if (row.exact === true) exact.add(type)
      if (row.lowers === true) lowers.add(type)
      const known = row.ruleTypes ?? row.rulesTypes
      if (known) rules.set(type, new Set(known))
    }
    return { types, rules, exact, lowers, list: true }
  },

  express(permissions, abilities): readonly Expression[] {
    return permissions.map((permission) => expressOne(permission, abilities))
  },

  encodeGrant({ chainId, account, delegate, permissions, expiry, adjustable, abilities }) {
    return {
      method: grantMethod,
      params: permissions.map((permission) => {
        const wire = encodePermission(permission, expiry)
        const lowers = abilities?.lowers?.has(permission.type) ?? false
        return {
          chainId: numberToHex(chainId),
          from: account,
          to: delegate,
          permission: { ...wire.permission, isAdjustmentAllowed: adjustable ?? lowers, ...(lowers && permission.optional ? { isOptional: true } : {}) },
          rules: wire.rules,
        }
      }),
    }
  },

  decodeGrant(answer, request): GrantAnswer {
    const refuse = (reason: string, cause?: Error) => new InvalidWalletResponseError({ method: grantMethod, reason, cause })
    const parsed = v.safeParse(grantAnswer, answer)
    if (!parsed.success) throw refuse(issuePath(parsed.issues[0]))
    if (parsed.output.some((row) => row.chainId !== request.chainId)) throw refuse('it is for another chain')
    const rows = parsed.output.map((row) => {
      try {
        return { row, ...decodePermission(row.permission, row.rules ?? []) }
      } catch (cause) {
        throw refuse('it holds a permission of another shape', cause as Error)
      }
    })
    const [first] = rows
    const unlike = rows.some(({ row }) => !first || !isAddressEqual(row.to, first.row.to) || row.from !== first.row.from)
    if (!first || unlike) throw refuse('its parts have different keys or accounts')
    return {
      account: first.row.from,
      delegate: first.row.to,
      expiry: latestEnd(rows.map(({ expiry }) => expiry)),
      granted: rows.map(({ row, permission }) => ({ permission, context: row.context, delegationManager: row.delegationManager })),
      dependencies: rows.flatMap(({ row }) => row.dependencies ?? []),
    }
  },

  encodeRevoke({ granted }) {
    return granted.flatMap(({ context }) =>
      context === undefined ? [] : [{ method: 'wallet_revokeExecutionPermission', params: [{ permissionContext: context }] }],
    )
  },

  list: {
    encode: () => ({ method: listMethod, params: [] }),
    decode(answer): readonly ListedGrant[] {
      const rows = v.safeParse(v.pipe(v.array(v.unknown()), v.maxLength(1_000)), answer)
      if (!rows.success) throw new InvalidWalletResponseError({ method: listMethod, reason: 'it is no list' })
      return rows.output.flatMap((given) => {
        const row = v.safeParse(grantRow, given)
        return row.success ? listed(row.output) : []
      })
    },
  },
} as const satisfies Dialect

/** The user may have taken the end away (MetaMask lets them), from one part or from all. @returns 0 where one never ends */
function latestEnd(ends: readonly (UnixSeconds | undefined)[]): UnixSeconds {
  return ends.includes(undefined) ? 0 : Math.max(...ends.map((end) => end ?? 0))
}

function expressOne(permission: Permission, { types, rules, exact }: WalletAbilities): Expression {
  const { type } = permission
  if (types && !types.has(type)) return { impossible: `the wallet does not grant ${type}` }
  const changed = exact?.has(type) ? undefined : changedByMetaMask(permission)
  if (changed !== undefined) return { impossible: changed }
  const known = rules?.get(type)
  if (known && !known.has('expiry')) return { impossible: `the wallet ends no ${type} by itself` }
  if ('payee' in permission && permission.payee && known && !known.has('payee')) {
    const anyone = { ...permission }
    delete anyone.payee
    return { permission: anyone, losses: [{ field: 'payee', kind: 'widened', reason: 'the wallet cannot hold it to one recipient' }] }
  }
  return { permission, losses: [] }
}

const daySeconds = 86_400
/** An hour, a day, a week, two weeks, 30 days, a year. */
const metaMaskPeriods: readonly number[] = [daySeconds / 24, daySeconds, 7 * daySeconds, 14 * daySeconds, 30 * daySeconds, 365 * daySeconds]

/**
 * Why MetaMask would grant something else, or ask its user and then fail. Undefined where it grants it as it is.
 * @see MetaMask/snap-7715-permissions bfa810b `utils/time.ts` `zPeriodDuration`, which rounds; `@metamask/7715-permission-types` 2.0.0
 * `createErc20TokenStreamCaveats`, `createNativeTokenStreamCaveats`, which run after the user agreed
 */
function changedByMetaMask(permission: Permission): string | undefined {
  if ('period' in permission && !metaMaskPeriods.includes(permission.period)) {
    return `the wallet has periods of an hour, a day, a week, two weeks, 30 days and a year, not of ${permission.period} seconds`
  }
  if ('perSecond' in permission && permission.max <= permission.initial) return 'the wallet has no stream that starts at its maximum'
  if ('perSecond' in permission && permission.perSecond === 0n) return 'the wallet has no stream that does not grow'
  return undefined
}

/** Rows that the kit cannot read are other apps' business. */
function listed(row: v.InferOutput<typeof grantRow>): ListedGrant[] {
  try {
    const { permission, expiry } = decodePermission(row.permission, row.rules ?? [])
    const { from, to, chainId, context, delegationManager } = row
    return [{ account: from, delegate: to, chainId, expiry, granted: [{ permission, context, delegationManager }] }]
  } catch {
    return []
  }
}

// The ERC's text spells it both ways.
const ruleTypes = v.optional(v.pipe(v.array(v.string()), v.maxLength(100)))
const supported = v.record(v.string(), v.object({
  chainIds: v.pipe(v.array(wireChainId), v.maxLength(1_000)),
  ruleTypes,
  rulesTypes: ruleTypes,
  /** The embedded wallet's own word: it takes every value. */
  exact: v.optional(v.unknown()),
  /** Likewise: its users only ever lower what is asked, and it knows `isOptional`. */
  lowers: v.optional(v.unknown()),
}))

const grantRow = v.object({
  chainId: wireChainId,
  from: v.optional(address),
  to: address,
  permission: wirePermission,
  rules: v.optional(v.nullable(answeredRules)),
  context: bytes,
  delegationManager: address,
  dependencies: v.optional(v.nullable(v.pipe(v.array(v.object({ factory: address, factoryData: bytes })), v.maxLength(10)))),
})
const grantAnswer = v.pipe(
  v.array(grantRow),
  v.minLength(1),
  v.maxLength(100),
  v.check((rows) => namesFewFunctions(rows.map(({ permission }) => permission.data)), 'it names too many functions'),
)

function issuePath(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue)
  // A check of ours about the whole says what it is in its own words.
  return issue.type === 'check' && path === null ? issue.message : `${path ?? 'it'} is not as expected`
}
