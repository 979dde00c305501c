import { getAddress, type Address, type Hex, type UserRejectedRequestError } from 'viem'
import { getBlock } from 'viem/actions'
import type { ConsentTermsError } from '../consent/agreedTerms.js'
import type { ConsentNotMountedError } from '../consent/consentQueue.js'
import { isFrameworkContract } from '../delegation/framework.js'
import type { Loss } from '../dialects/dialect.js'
import type {
  InvalidWalletResponseError,
  PermissionNotSupportedError,
  PermissionWidenedError,
  UnknownLossError,
  UnsupportedWalletError,
  WalletAccountMismatchError,
  WalletBusyError,
  WalletChainMismatchError,
  WalletMethodNotSupportedError,
  WalletRefusedRequestError,
  WalletTimeoutError,
} from '../dialects/errors.js'
import { planGrant, type GrantPlan } from '../dialects/planGrant.js'
import { RelayRequiredError } from '../execution/errors.js'
import type { NetworkFeesNotAllowedError } from '../execution/relayFeeErrors.js'
import { KeyKindNotSupportedError, type ExtractableKeyError } from '../keys/errors.js'
import type { KeyKind } from '../keys/storedKey.js'
import { commonPermission } from '../permissions/commonPermission.js'
import { compare } from '../permissions/compare.js'
import { hashPermissions } from '../permissions/hashPermissions.js'
import { defaultSessionName, type SessionDefinition } from '../permissions/defineSession.js'
import type { ForbiddenTargetError, InvalidExpiryError, InvalidPermissionError, UndoneLimitError } from '../permissions/errors.js'
import { pairPermissions } from '../permissions/pairPermissions.js'
import type { Permission, UnixSeconds } from '../permissions/permission.js'
import { resolveRequest } from '../permissions/resolveRequest.js'
import { validatePermissions } from '../permissions/validatePermissions.js'
import type { SessionStoreError, VolatileStorageError } from '../sessions/storageErrors.js'
import type { SessionLostError } from '../sessions/errors.js'
import type { GrantFailedError, GrantLostError, GrantMismatchError } from '../sessions/grantErrors.js'
import { grantSession, type GrantSessionReturnType } from '../sessions/grantSession.js'
import { grantLock, withLockAcrossTabs } from '../sessions/locks.js'
import type { SessionId } from '../sessions/session.js'
import { requestOf } from '../sessions/requestOf.js'
import { askConsent } from './askConsent.js'
import { getConnectedWallet, peerOf, requireOnChain, type ConnectedWallet } from './connectedWallet.js'
import { getChainClient, getConnection, requireConnection, type Connection, type SessionKeyConfig } from './createSessionKeyConfig.js'
import { existingTerms } from './existingTerms.js'
import { requireNetworkFees } from './requireNetworkFees.js'
import type { ChainNotConfiguredError, NotConnectedError } from './configErrors.js'
import { ConnectionChangedError, KeyHeldElsewhereError } from './errors.js'

export type GrantPermissionsParameters = SessionDefinition & {
  /** How the key is made, where not as the config says; or the address of one that is held elsewhere (a server). */
  key?: { kind: KeyKind } | { address: Address } | undefined
  /**
   * Where the wallet can only grant more than is asked for, take it: the paths of those losses, such as
   * `permissions[0].functions`. The user is asked about what is really granted; the session acts only within what was asked.
   */
  acceptLosses?: readonly string[] | undefined
  /**
   * The user may change the terms in the wallet's own screen (ERC-7715 `isAdjustmentAllowed`). Default: only where that can do nothing
   * but lower them, as in the embedded wallet. Elsewhere a user may raise them too.
   */
  adjustable?: boolean | undefined
  /**
   * What to do when the wallet grants more than was asked, and the signed permission says so too: keep it aside, or take it and
   * act only within what was asked. Default `quarantine`.
   */
  onBroader?: 'quarantine' | 'clamp' | undefined
  /** The stored session that this one takes the place of (`renewSession` ends it afterwards). */
  replaces?: SessionId | undefined
}

export type GrantPermissionsReturnType = GrantSessionReturnType & {
  /** What the wallet could not say as it was asked; `dropped` ones are `optional` permissions that were left out. */
  losses: readonly Loss[]
}

export type GrantPermissionsErrorType =
  | NotConnectedError
  | ChainNotConfiguredError
  | ConnectionChangedError
  | KeyHeldElsewhereError
  | InvalidExpiryError
  | InvalidPermissionError
  | ForbiddenTargetError
  | UndoneLimitError
  | UnsupportedWalletError
  | PermissionNotSupportedError
  | PermissionWidenedError
  | UnknownLossError
  | WalletBusyError
  | WalletTimeoutError
  | WalletChainMismatchError
  | WalletAccountMismatchError
  | WalletRefusedRequestError
  | WalletMethodNotSupportedError
  | InvalidWalletResponseError
  | SessionStoreError
  | SessionLostError
  | VolatileStorageError
  | KeyKindNotSupportedError
  | NetworkFeesNotAllowedError
  | RelayRequiredError
  | ExtractableKeyError
  | UserRejectedRequestError
  | ConsentNotMountedError
  | ConsentTermsError
  | GrantFailedError
  | GrantMismatchError
  | GrantLostError

/**
 * Asks the connected wallet for a session, in whatever dialect it speaks. A fresh key is made for it and stored before the
 * wallet is asked; the promise resolves when the granted session is stored. Where the wallet asks nobody, the kit asks first. The
 * same request again, while the first waits, gets the first's answer, in another tab too.
 *
 * @throws {UserRejectedRequestError} the user said no; the key is deleted where the wallet says so by EIP-1193's code (4001), else kept
 * @throws {PermissionNotSupportedError} {@link PermissionWidenedError} the wallet has no words for it; nobody was asked
 * @throws {KeyKindNotSupportedError} {@link RelayRequiredError} a P-256 key could not act here; nobody was asked
 * @throws {NetworkFeesNotAllowedError} the session could not pay the relay; nobody was asked
 * @throws {ConsentNotMountedError} there is no view that could ask the user
 * @throws {GrantMismatchError} the wallet granted something else; kept aside, never used
 * @throws {GrantFailedError} no readable answer came; the key is kept
 * @throws {VolatileStorageError} this browser would lose the key; nobody was asked
 * @throws {GrantLostError} the browser deleted the key while the wallet was asked
 * @see ERC-7715 `wallet_requestExecutionPermissions`
 */
export async function grantPermissions(
  config: SessionKeyConfig,
  parameters: GrantPermissionsParameters,
): Promise<GrantPermissionsReturnType> {
  const { account, chainId: connected, connector } = requireConnection(config)
  const { chainId = connected, name = defaultSessionName, permissions, expiry, key: wanted, replaces } = parameters
  const { acceptLosses = [], adjustable, onBroader = 'quarantine' } = parameters
  const terms = [hashPermissions(permissions), typeof expiry === 'number' ? expiry : `+${expiry.seconds}`, ...Object.values(wanted ?? {}), replaces]
  const key = [connector.id, account, chainId, name, ...terms, ...acceptLosses, adjustable ?? 'where it lowers', onBroader].join()
  const inFlight = config.grantsInFlight.get(key) as Promise<GrantPermissionsReturnType> | undefined
  if (inFlight) return inFlight
  const since = Date.now()
  const grant = withLockAcrossTabs(grantLock(key), async (waited) => {
    const other = waited ? await grantedMeanwhile(config, { account, chainId, name, hash: hashPermissions(permissions), since }) : undefined
    return other ?? requestGrant(config, parameters)
  }).finally(() => config.grantsInFlight.delete(key))
  config.grantsInFlight.set(key, grant)
  return grant
}

type Wanted = { account: Address; chainId: number; name: string; hash: Hex; since: number }

/** What another tab got for the very same request while this one waited for it. */
async function grantedMeanwhile(config: SessionKeyConfig, { account, chainId, name, hash, since }: Wanted): Promise<GrantPermissionsReturnType | undefined> {
  const active = await config.sessions.find({ account, statuses: ['active'] })
  const session = active.find((one) => one.chainId === chainId && one.name === name && one.permissionsHash === hash && one.rev === revOfGrant && one.updatedAt >= since)
  if (!session) return undefined
  const granted = { permissions: session.granted.map(({ permission }) => permission), expiry: session.grantedExpiry ?? session.expiry }
  return { session, asked: session.asked, granted, diff: compare(requestOf(session), granted), losses: session.losses ?? [] }
}

/** Requested, granted, active: nothing has happened to it since. */
const revOfGrant = 2

async function requestGrant(config: SessionKeyConfig, parameters: GrantPermissionsParameters): Promise<GrantPermissionsReturnType> {
  const connection = requireConnection(config)
  const { account } = connection
  const { chainId = connection.chainId, acceptLosses, adjustable, onBroader, key = { kind: config.key }, replaces } = parameters
  const external = 'address' in key ? key.address : undefined
  const kind = 'kind' in key ? key.kind : undefined
  const block = await getBlock(getChainClient(config, chainId), { includeTransactions: false })
  requireSameConnection(config, connection)
  const now = Number(block.timestamp)
  config.sessions.noteChainTime(chainId, now)
  const request = resolveRequest(parameters, now)
  const rules = { account, isEngineContract: isFrameworkContract, now }
  validatePermissions({ permissions: request.permissions, ...rules })

  const wallet = await getConnectedWallet(config, { chainId, connection })
  requireSameConnection(config, connection)
  const { dialect, abilities, provider } = wallet
  if (kind === 'p256') requireContractKeys(config, wallet)
  if (!external && dialect.acts === 'delegations') await requireNetworkFees(config, chainId, request.permissions)
  const plan = planGrant({ dialect, abilities, permissions: request.permissions, acceptLosses, chainId, wallet: wallet.name })
  const widened = plan.losses.some(({ kind }) => kind === 'widened')
  if (widened) validatePermissions({ permissions: plan.expressed, ...rules })
  if (external && (widened || onBroader === 'clamp')) throw new KeyHeldElsewhereError({ address: external })
  if (!dialect.namesChain) await requireOnChain(wallet)
  const grant = async (agreed: Agreed) => {
    requireSameConnection(config, connection)
    return grantSession(
      config.sessions,
      { provider, dialect, abilities },
      {
        name: parameters.name ?? defaultSessionName,
        chainId,
        account: getAddress(account),
        connector: wallet.connectorId,
        peer: peerOf(provider),
        origin: typeof location === 'undefined' ? 'server' : location.origin,
        permissionsHash: hashPermissions(parameters.permissions),
        ...agreed.plan,
        expiry: agreed.expiry,
        lifetimeSeconds: agreed.expiry - now,
        adjustable,
        onBroader,
        key: { external, kind },
        stillOn: () => stillOn(config, connection, wallet),
        retryDelaysMs: config.busyRetryDelaysMs,
        ...(replaces === undefined ? {} : { replaces }),
      },
    )
  }
  const asked = { plan, expiry: request.expiry }
  const result =
    dialect.consent === 'none'
      ? await agree(config, wallet, { ...asked, now, delegate: external, name: parameters.name ?? defaultSessionName, replaces }, grant)
      : await grant(asked)
  return { ...result, losses: plan.losses }
}

/** A contract account signs delegations and nothing else, and has somebody else send them. */
function requireContractKeys({ lane }: SessionKeyConfig, { dialect, name }: ConnectedWallet): void {
  if (dialect.acts !== 'delegations') throw new KeyKindNotSupportedError({ wallet: name })
  if (lane.name === 'direct') throw new RelayRequiredError()
}

/**
 * An answer that names neither account nor chain is for whatever the wallet was on, so it is asked before and after.
 * @throws {WalletChainMismatchError} {@link WalletAccountMismatchError}
 */
async function stillOn(config: SessionKeyConfig, connection: Connection, wallet: ConnectedWallet): Promise<void> {
  if (!wallet.dialect.namesChain) await requireOnChain(wallet)
  requireSameConnection(config, connection)
}

/** @throws {ConnectionChangedError} another account, or another wallet, is connected by now */
function requireSameConnection(config: SessionKeyConfig, { account, connector }: Connection): void {
  const now = getConnection(config)
  if (now?.account === account && now.connector.uid === connector.uid) return
  throw new ConnectionChangedError({ before: `${account} (${connector.name})`, after: now && `${now.account} (${now.connector.name})` })
}

type Agreed = { plan: GrantPlan; expiry: UnixSeconds }

/** Shows what the wallet will really enforce, and grants what the user agreed to. */
async function agree<result>(
  config: SessionKeyConfig,
  wallet: ConnectedWallet,
  { plan, expiry, now, delegate, name, replaces }: Agreed & { now: UnixSeconds; delegate: Address | undefined; name: string; replaces: SessionId | undefined },
  grant: (agreed: Agreed) => Promise<result>,
): Promise<result> {
  const { expressed, losses } = plan
  const existing = await existingTerms(config, { account: wallet.account, chainId: wallet.chainId, name, replaces, now })
  return askConsent(config, { wallet, delegate, permissions: expressed, expiry, chainTime: now, losses, existing }, (terms) =>
    grant({ plan: terms.permissions === expressed ? plan : loweredPlan(wallet, plan, terms.permissions), expiry: terms.expiry }),
  )
}

/** The user lowered something: it has to be sayable just so. */
function loweredPlan({ dialect, abilities, chainId, name }: ConnectedWallet, { asked, expressed, losses }: GrantPlan, permissions: readonly Permission[]): GrantPlan {
  const lowered = planGrant({ dialect, abilities, permissions, chainId, wallet: name })
  const pairs = pairPermissions(expressed, lowered.asked)
  const within = lowered.asked.map((permission, index) => {
    const before = asked[pairs.indexOf(index)]
    return before ? commonPermission(before, permission) : permission
  })
  return { ...lowered, asked: within, losses }
}
