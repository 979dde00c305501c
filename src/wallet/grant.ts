import { isAddressEqual, numberToHex, UserRejectedRequestError, zeroAddress, type Address, type LocalAccount } from 'viem'
import { encodeContext } from '../delegation/context.js'
import { delegationTypedData, randomSalt, type UnsignedDelegation } from '../delegation/delegation.js'
import { anyDelegate, framework, isFrameworkContract, rootAuthority } from '../delegation/framework.js'
import { permissionCaveats } from '../delegation/permissionCaveats.js'
import { encodePermission } from '../dialects/wire/erc7715Permission.js'
import type { Duration } from '../permissions/expiry.js'
import { pairPermissions } from '../permissions/pairPermissions.js'
import type { Permission, UnixSeconds } from '../permissions/permission.js'
import { resolveRequest } from '../permissions/resolveRequest.js'
import { validatePermissions } from '../permissions/validatePermissions.js'
import { agreedTerms } from '../consent/agreedTerms.js'
import type { ConsentApproval, ConsentRequest, PermissionConsentRequest } from '../consent/consentRequest.js'
import { chainTime, chainTimes } from './chainTime.js'
import { readContractMetadata } from '../delegation/contractMetadata.js'
import { namedContracts } from '../permissions/namedContracts.js'
import { existingGrants } from './existingGrants.js'
import type { GrantedExecutionPermission } from './grantsStore.js'
import { requireCollections } from './requireCollections.js'
import { invalidParams } from './rpcErrors.js'
import { ensureUpgraded, needsUpgrade } from './upgrade.js'
import type { WalletContext } from './walletContext.js'

/** One permission with what a request says beside it. */
export type AskedPermission = {
  permission: Permission
  isAdjustmentAllowed?: boolean | undefined
  justification?: string | undefined
}

export type GrantParameters = {
  /** The session key. */
  delegate: Address
  asked: readonly AskedPermission[]
  expiry: Duration | UnixSeconds
}

export type Granted = { expiry: UnixSeconds; rows: readonly GrantedExecutionPermission[] }

/**
 * Validates, asks the user once, makes the account a smart account if it is not one, and signs one root delegation per
 * permission. What is signed is what the user was shown, or less where the user lowered it.
 *
 * @throws {InvalidPermissionError} {@link ForbiddenTargetError} {@link UndoneLimitError} {@link InvalidExpiryError} before the user is asked
 * @throws {UserRejectedRequestError} the user said no
 * @throws {ConsentNotMountedError} nothing can ask the user
 */
export async function grant(context: WalletContext, { delegate, asked, expiry: askedExpiry }: GrantParameters): Promise<Granted> {
  const { client } = context
  const owner = await context.owner()
  const account = owner.address
  requireSessionKey(delegate, account)
  const { latest, now } = await chainTimes(client)
  const { permissions, expiry } = resolveRequest({ permissions: asked.map(({ permission }) => permission), expiry: askedExpiry }, now)
  // An app may have read its start from the latest block.
  validatePermissions({ permissions, account, isEngineContract: isFrameworkContract, now: latest })
  if (permissions.some(({ startTime }) => startTime !== undefined && startTime >= expiry)) {
    throw invalidParams('A permission begins only after the session has ended.')
  }
  // Whatever cannot be enforced is found out before the user is asked.
  permissions.forEach((permission) => permissionCaveats(permission, expiry))
  const [upgradesAccount, existing, metadata] = await Promise.all([
    needsUpgrade(context, account),
    existingGrants(context, account, permissions, now),
    readContractMetadata(client, namedContracts(permissions)),
  ])
  await requireCollections(context, permissions, metadata)
  const request = {
    ...consentCommon(context, account),
    type: 'permissions',
    metadata,
    delegate,
    permissions,
    expiry,
    chainTime: now,
    justification: joinJustifications(asked),
    adjustable: asked.every(({ isAdjustmentAllowed }) => isAdjustmentAllowed === true),
    upgradesAccount,
    ...(existing ? { existing } : {}),
  } as const satisfies ConsentRequest
  const decision = await askConsent(context, request)
  return grantAgreed(context, { request, decision, delegate, asked, latest }).finally(decision.settled)
}

type Agreed = Pick<GrantParameters, 'delegate' | 'asked'> & { request: PermissionConsentRequest; decision: ConsentApproval; latest: UnixSeconds }

async function grantAgreed(context: WalletContext, { request, decision, delegate, asked, latest }: Agreed): Promise<Granted> {
  const { chain, client } = context
  const { account, permissions } = request
  const agreed = agreedTerms(request, decision)
  const owner = await context.owner()
  // What was shown is safe as a whole; a part of it may not be.
  if (agreed.permissions !== permissions) validatePermissions({ permissions: agreed.permissions, account, isEngineContract: isFrameworkContract, now: latest })
  await ensureUpgraded(context)
  if (agreed.expiry <= (await chainTime(client))) throw invalidParams('The session would have ended before it was granted.')

  const rows: GrantedExecutionPermission[] = []
  const pairs = pairPermissions(permissions, agreed.permissions)
  for (const [index, permission] of agreed.permissions.entries()) {
    const delegation: UnsignedDelegation = {
      delegate,
      delegator: account,
      authority: rootAuthority,
      caveats: permissionCaveats(permission, agreed.expiry),
      salt: randomSalt(),
    }
    const signature = await signDelegation(owner, delegation, chain.id)
    const { justification, isAdjustmentAllowed = false } = asked[pairs.indexOf(index)] ?? {}
    const wire = encodePermission(permission, agreed.expiry)
    rows.push({
      chainId: numberToHex(chain.id),
      from: account,
      to: delegate,
      permission: {
        ...wire.permission,
        isAdjustmentAllowed,
        data: { ...wire.permission.data, ...(justification === undefined ? {} : { justification }) },
      },
      rules: wire.rules,
      context: encodeContext([{ ...delegation, signature }]),
      dependencies: [],
      delegationManager: framework.DelegationManager,
    })
  }
  // Before the answer: what the wallet cannot find again, it must not hand out.
  await context.grants.add(account, rows)
  return { expiry: agreed.expiry, rows }
}

/** The parts of a consent request that every request has. */
export function consentCommon({ chain, asker }: WalletContext, account: Address) {
  const { id, name, nativeCurrency, blockExplorers } = chain
  return {
    ...asker(),
    id: numberToHex(randomSalt(), { size: 32 }),
    account,
    chain: { id, name, nativeCurrency: { symbol: nativeCurrency.symbol, decimals: nativeCurrency.decimals }, explorer: blockExplorers?.default.url },
  }
}

/** Returns when the user says yes. @throws {UserRejectedRequestError} */
export async function askConsent({ ask }: WalletContext, request: ConsentRequest): Promise<ConsentApproval> {
  const decision = await ask(request)
  if (decision.approved === true) return decision
  throw new UserRejectedRequestError(new Error(`The user did not agree (${decision.reason ?? 'rejected'}).`))
}

/** A session key that is the account, anybody, or the engine would turn limits into their opposite. */
function requireSessionKey(delegate: Address, account: Address): void {
  if (isAddressEqual(delegate, account)) throw invalidParams('The session key is the account itself.')
  if (isAddressEqual(delegate, zeroAddress)) throw invalidParams('The session key is the zero address.')
  if (isAddressEqual(delegate, anyDelegate)) throw invalidParams('That session key would let anybody use the permission.')
  if (isFrameworkContract(delegate)) throw invalidParams('The session key is part of the delegation engine.')
}

function signDelegation(owner: LocalAccount, delegation: UnsignedDelegation, chainId: number) {
  return owner.signTypedData(delegationTypedData(delegation, chainId))
}

function joinJustifications(asked: readonly AskedPermission[]): string | undefined {
  const texts = new Set(asked.flatMap(({ justification }) => justification || []))
  return texts.size > 0 ? [...texts].join('\n') : undefined
}
