import { isAddressEqual, isHex, numberToHex, type Address, type Hex } from 'viem'
import * as v from 'valibot'
import { decodeContext, encodeContext } from '../delegation/context.js'
import { bundledIn, unbundleContexts } from '../delegation/contextBundle.js'
import { framework } from '../delegation/framework.js'
import type { GrantedPermission } from '../delegation/grantedPermission.js'
import { latestMoment } from '../permissions/expiry.js'
import type { Permission, PermissionType } from '../permissions/permission.js'
import type { Dialect, Expression, GrantAnswer, ListedGrant, WalletAbilities, WalletProbe } from './dialect.js'
import { InvalidWalletResponseError, WalletBusyError, WalletTimeoutError } from './errors.js'
import { erc7715 } from './erc7715.js'
import { express2024 } from './express2024.js'
import { countsTransactions, decodePermission2024, encodePermission2024, wirePermission2024 } from './wire/permission2024.js'
import { readPermissionsCapability } from './wire/permissionsCapability.js'
import { address, bytes, chainId as wireChainId, namesFewFunctions, unixSeconds } from './wire/primitives.js'

const grantMethod = 'wallet_grantPermissions'
const listMethod = 'wallet_getGrantedExecutionPermissions'

/**
 * ERC-7715 as its drafts of 2024 had it, which is what viem's types still say: one object with one session key, several
 * permissions with policies, one `permissionsContext` for all of them. Spoken by ZeroDev's wallet, which lists and revokes
 * in the words of 2026, and by ours. The request names neither chain nor account: strict wallets refuse what they do not know.
 *
 * Where the context is ERC-7710 delegations the session acts by them; any other is opaque, and the wallet acts.
 *
 * @see ERC-7715 in ethereum/ERCs#436 (2024); viem `experimental/erc7715`; zerodevapp/zerodev-wallet-sdk `packages/react/src/permissions`
 */
export const erc7715From2024 = {
  id: 'erc7715-2024',
  consent: 'wallet',
  namesChain: false,
  acts: 'wallet',

  async detect(wallet): Promise<WalletAbilities | undefined> {
    const { account, chainId } = wallet
    // Its capabilities say nothing of permissions; of its versions those that grant also list.
    if (wallet.connectorId === zeroDev.connectorId) return (await lists(wallet)) ? zeroDev.abilities : undefined
    const capability = readPermissionsCapability(await wallet.ask('wallet_getCapabilities', [account, [numberToHex(chainId)]]), chainId)
    if (!capability || capability.feeToken) return undefined
    const { signerTypes, permissionTypes, policyTypes } = capability
    if (!signerTypes && !permissionTypes) return undefined
    if (signerTypes && !signerTypes.includes('account')) return undefined
    const types = permissionTypes && new Set(permissionTypes.flatMap((type) => typesByName.get(type) ?? []))
    const rules = policyTypes && new Map([...typesByName.values()].map((type) => [type, new Set(policyTypes)]))
    return { types, rules, list: await lists(wallet) }
  },

  express(permissions, abilities): readonly Expression[] {
    return express2024(permissions, abilities)
  },

  encodeGrant({ delegate, permissions, expiry, abilities }) {
    const encode = (permission: Permission) => encodePermission2024(permission, abilities?.counts)
    return {
      method: grantMethod,
      params: [{ expiry, signer: { type: 'account', data: { id: delegate } }, permissions: permissions.map(encode) }],
    }
  },

  decodeGrant(answer, request): GrantAnswer {
    const refuse = (reason: string, cause?: Error) => new InvalidWalletResponseError({ method: grantMethod, reason, cause })
    const parsed = v.safeParse(grantAnswer, Array.isArray(answer) && answer.length === 1 ? answer[0] : answer)
    if (!parsed.success) throw refuse(issueText(parsed.issues[0]))
    const { chainId, expiry, factory, factoryData } = parsed.output
    if ((chainId ?? request.chainId) !== request.chainId) throw refuse('it is for another chain')
    try {
      return {
        ...grantOf(parsed.output, parsed.output.grantedPermissions),
        expiry,
        dependencies: factory && factoryData ? [{ factory, factoryData }] : undefined,
      }
    } catch (cause) {
      throw refuse(v.isValiError(cause) ? `in a permission, ${issueText(cause.issues[0])}` : (cause as Error).message.slice(0, 300), cause as Error)
    }
  },

  /** Never `wallet_revokePermissions`, the name of 2025: at other wallets it disconnects the site or logs the user out. */
  encodeRevoke({ granted, handle }) {
    const contexts = granted.flatMap(({ context }) => context ?? [])
    const names = contexts.length > 0 ? contexts : handle === undefined ? [] : [handle]
    return names.map((permissionContext) => ({ method: 'wallet_revokeExecutionPermission', params: [{ permissionContext }] }))
  },

  list: {
    encode: () => ({ method: listMethod, params: [] }),
    decode(answer): readonly ListedGrant[] {
      const rows = v.safeParse(v.pipe(v.array(v.unknown()), v.maxLength(1_000)), answer)
      if (!rows.success) throw new InvalidWalletResponseError({ method: listMethod, reason: 'it is no list' })
      return rows.output.flatMap((row) => listed(row) ?? erc7715.list.decode([row]))
    },
  },
} as const satisfies Dialect

/** In the words of the drafts; the plural is Openfort's. */
const typesByName: ReadonlyMap<string, PermissionType> = new Map([
  ['contract-call', 'contract-call'],
  ['contract-calls', 'contract-call'],
  ['erc20-token-transfer', 'erc20-token-allowance'],
  ['native-token-transfer', 'native-token-allowance'],
])

/**
 * ZeroDev's wallet grants calls of functions, and counts transactions. It refuses `call-limit`, and limits that differ, with an error
 * that carries no code.
 * @see zerodevapp/zerodev-wallet-sdk b93986b `packages/react/src/permissions`: `erc7715.ts`, `toPolicies.ts`
 */
const zeroDev = {
  connectorId: 'zerodev-wallet',
  abilities: { types: new Set<PermissionType>(['contract-call']), list: true, counts: 'transactions', functionsOnly: true },
} as const

/** Asked apart: whether a wallet grants says nothing of whether it lists. */
async function lists(wallet: WalletProbe): Promise<boolean> {
  try {
    return Array.isArray(await wallet.ask(listMethod))
  } catch (error) {
    if (error instanceof WalletBusyError || error instanceof WalletTimeoutError) throw error
    return false
  }
}

/** 2001-09-09: what is smaller counts from now. What is larger than `latestMoment` counts milliseconds. */
const earliestMoment = 1_000_000_000
const expiry = v.pipe(unixSeconds, v.minValue(earliestMoment, 'no moment'), v.maxValue(latestMoment, 'in milliseconds'))

const accountSigner = v.pipe(
  v.object({ type: v.literal('account'), data: v.union([v.strictObject({ id: address }), v.strictObject({ address })]) }),
  v.transform(({ data }) => ('id' in data ? data.id : data.address)),
)
const permissions = v.pipe(
  v.array(wirePermission2024),
  v.minLength(1),
  v.maxLength(100),
  v.check((rows) => namesFewFunctions(rows.map(({ data }) => data)), 'of too many functions'),
)
const grantFields = {
  permissionsContext: v.pipe(v.string(), v.minLength(1), v.maxLength(200_000)),
  signer: v.nullish(accountSigner),
  signerData: v.nullish(v.object({ userOpBuilder: v.nullish(address), submitToAddress: v.nullish(address) })),
  chainId: v.nullish(wireChainId),
  /** The granter, where a wallet names it: the draft does not. */
  address: v.nullish(address),
}

/** Strict: a later draft had limits for the whole grant here, and a limit that is skipped is one that nobody heard of. */
const grantAnswer = v.strictObject({
  ...grantFields,
  expiry,
  grantedPermissions: permissions,
  factory: v.nullish(address),
  factoryData: v.nullish(bytes),
})

const listRow = v.object({
  ...grantFields,
  expiry: v.nullish(expiry),
  grantedPermissions: v.nullish(permissions),
  /** ZeroDev's rows are the request with some more. */
  permissions: v.nullish(permissions),
  status: v.nullish(v.picklist(['active', 'pending'])),
  grantedAt: v.nullish(v.number()),
})

type GrantFields = Pick<v.InferOutput<typeof grantAnswer>, keyof typeof grantFields>

/** What an answer and a row of the list have in common. @throws {Error} a permission that cannot be read */
function grantOf(
  { permissionsContext, signer, signerData, address: account }: GrantFields,
  permissions: v.InferOutput<typeof grantAnswer>['grantedPermissions'],
): Omit<GrantAnswer, 'expiry'> {
  const decoded = permissions.map(decodePermission2024)
  // Not `submitToAddress`: with some wallets it is the account, with others whatever the session key sends to.
  const parties = { account: account ?? undefined, delegate: signer ?? undefined }
  const read = readContext(permissionsContext, { submitTo: signerData?.submitToAddress ?? undefined, permissions: decoded.length })
  if ('contexts' in read) return { ...parties, granted: decoded.map((permission, index) => delegated(permission, read.contexts[index] as Hex)) }
  return { ...parties, ...read, handle: permissionsContext, granted: decoded.map((permission, index) => opaque(permission, permissions[index])) }
}

function opaque(permission: Permission, wire: v.InferOutput<typeof wirePermission2024> | undefined): GrantedPermission {
  return { permission, ...(wire && countsTransactions(wire) ? { counts: 'transactions' } : {}) }
}

function delegated(permission: Permission, context: Hex): GrantedPermission {
  return { permission, context, delegationManager: framework.DelegationManager }
}

/**
 * The ERC-7710 contexts that it is a bundle of, one for each permission; nothing where only the wallet can read it. What can be read
 * as delegations is never taken for opaque: such a context is not compared with anything.
 */
function readContext(
  permissionsContext: string,
  { submitTo, permissions }: { submitTo: Address | undefined; permissions: number },
): { contexts: readonly Hex[] } | { problem?: string } {
  if (!isHex(permissionsContext)) return {}
  const contexts = unbundleContexts(permissionsContext)
  if (!contexts.every(isDelegationContext)) {
    const readable = [permissionsContext, ...contexts, ...bundledIn(permissionsContext)].some(holdsDelegations)
    return readable ? { problem: 'its context holds delegations, and something beside them' } : {}
  }
  if (submitTo && !isAddressEqual(submitTo, framework.DelegationManager)) return { problem: 'its delegations are for another delegation manager' }
  if (contexts.length !== permissions) return { problem: `its context holds ${contexts.length} delegations for ${permissions} permissions` }
  return { contexts }
}

/** Delegations and nothing beside them. */
function isDelegationContext(context: Hex): boolean {
  try {
    const delegations = decodeContext(context)
    // Without a delegation the manager takes the redeemer for the account.
    return delegations.length > 0 && encodeContext(delegations) === context.toLowerCase()
  } catch {
    return false
  }
}

/** As the chain would read it: it passes over what comes after, and does not mind where the parts are. */
function holdsDelegations(context: Hex): boolean {
  try {
    return decodeContext(context).length > 0
  } catch {
    return false
  }
}

/** Undefined for a row in another shape, or of another app's business. */
function listed(given: unknown): ListedGrant | undefined {
  const parsed = v.safeParse(listRow, given)
  const rows = parsed.success ? (parsed.output.grantedPermissions ?? parsed.output.permissions) : undefined
  if (!parsed.success || !rows) return undefined
  const { chainId, expiry } = parsed.output
  try {
    return { ...grantOf(parsed.output, rows), chainId: chainId ?? undefined, expiry: expiry ?? undefined }
  } catch {
    return undefined
  }
}

/** Where it is wrong, and why where the kit has words of its own; the value is never repeated. */
function issueText(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue) ?? 'it'
  if (issue.expected === 'never') return `${path} is not a field of it`
  return issue.message.startsWith('Invalid') ? `${path} is not as expected` : `${path} is ${issue.message}`
}
