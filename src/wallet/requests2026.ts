import { isAddressEqual, numberToHex, type Address } from 'viem'
import * as v from 'valibot'
import { decodePermission, wirePermission, wirePermissionTypes, wireRules } from '../dialects/wire/erc7715Permission.js'
import { address, hex } from '../dialects/wire/primitives.js'
import { chainTime } from './chainTime.js'
import { grant, type AskedPermission } from './grant.js'
import type { GrantedExecutionPermission } from './grantsStore.js'
import { requireAccount, requireChain } from './requestChecks.js'
import { isDisabled } from './revoke.js'
import { invalidParams, parseParams } from './rpcErrors.js'
import type { WalletContext } from './walletContext.js'

/** Every field is known or refused: a limit that nobody reads would be a limit that nobody keeps. */
const rules = v.pipe(
  v.array(v.strictObject({ type: v.string(), data: v.unknown(), isAdjustmentAllowed: v.optional(v.boolean()) })),
  v.check((list) => new Set(list.map(({ type }) => type)).size === list.length, 'a rule is there twice'),
  wireRules,
)
const request = v.strictObject({
  chainId: hex,
  from: v.nullish(address),
  to: address,
  permission: v.strictObject({ ...wirePermission.entries, isOptional: v.optional(v.boolean(), false) }),
  rules: v.nullish(rules),
})
const requests = v.pipe(v.array(request), v.minLength(1, 'no request'), v.maxLength(20, 'too many requests'))

/**
 * `wallet_requestExecutionPermissions`: one prompt for all requests, one context each.
 * @see ERC-7715 (as merged 2026-01)
 */
export async function requestExecutionPermissions(context: WalletContext, params: unknown): Promise<readonly GrantedExecutionPermission[]> {
  const asked = parseParams(requests, params)
  for (const { chainId, from } of asked) {
    requireChain(context, chainId)
    if (from) await requireAccount(context, from)
  }
  const decoded = asked.map(({ to, permission: { isOptional, ...permission }, rules }) => {
    const read = decodePermission(permission, rules ?? [])
    return { ...read, to, isAdjustmentAllowed: permission.isAdjustmentAllowed, permission: isOptional ? { ...read.permission, optional: true } : read.permission }
  })
  const { to: delegate, expiry } = sharedTerms(decoded)
  const { rows } = await grant(context, {
    delegate,
    expiry,
    asked: decoded.map(({ permission, justification, isAdjustmentAllowed }): AskedPermission => ({ permission, justification, isAdjustmentAllowed })),
  })
  return rows
}

/** One consent speaks of one session key and one end. */
function sharedTerms(decoded: readonly { to: Address; expiry: number | undefined }[]): { to: Address; expiry: number } {
  const [first] = decoded
  if (!first || decoded.some(({ expiry }) => expiry === undefined)) {
    throw invalidParams('A permission without an expiry rule is not granted.')
  }
  if (decoded.some(({ to, expiry }) => expiry !== first.expiry || !isAddressEqual(to, first.to))) {
    throw invalidParams('The requests differ in `to` or expiry: ask for them one by one.')
  }
  return { to: first.to, expiry: first.expiry as number }
}

/** `wallet_getSupportedExecutionPermissions` @see ERC-7715 */
export function supportedExecutionPermissions({ chain }: WalletContext) {
  const chainIds = [numberToHex(chain.id)]
  return Object.fromEntries(
    wirePermissionTypes.map((type) => {
      const takesPayee = type !== 'contract-call' && type !== 'erc721-token-transfer'
      // `exact`: every value is granted as it is asked for; the kit's dialect asks for no odd period where it does not stand.
      // `lowers`: where adjusting is allowed, the user can lower terms and never raise them, and leave out what `isOptional`.
      return [type, { chainIds, ruleTypes: ['expiry', ...(takesPayee ? ['payee'] : [])], exact: true, lowers: true }]
    }),
  )
}

/** `wallet_getGrantedExecutionPermissions`: neither expired, on the chain's clock, nor revoked, on the chain. @see ERC-7715 */
export async function grantedExecutionPermissions(context: WalletContext): Promise<readonly GrantedExecutionPermission[]> {
  const { address: account } = await context.owner()
  const [grants, now] = await Promise.all([context.grants.list(account), chainTime(context.client)])
  const current = grants.filter(({ expiry }) => expiry > now)
  const disabled = await Promise.all(current.map(({ hash }) => isDisabled(context, hash)))
  return current.filter((_, index) => !disabled[index]).map(({ row }) => row)
}
