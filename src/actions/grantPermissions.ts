import type { Address, UserRejectedRequestError } from 'viem'
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
import { KeyKindNotSupportedError, type ExtractableKeyError } from '../keys/errors.js'
import type { KeyKind } from '../keys/storedKey.js'
import { commonPermission } from '../permissions/commonPermission.js'
import { hashPermissions } from '../permissions/compare.js'
import { defaultSessionName, type SessionDefinition } from '../permissions/defineSession.js'
import type { ForbiddenTargetError, InvalidExpiryError, InvalidPermissionError, UndoneLimitError } from '../permissions/errors.js'
import { pairPermissions } from '../permissions/pairPermissions.js'
import type { UnixSeconds } from '../permissions/permission.js'
import { resolveRequest } from '../permissions/resolveRequest.js'
import { validatePermissions } from '../permissions/validatePermissions.js'
import type { SessionStoreError } from '../sessions/errors.js'
import { grantSession, type GrantFailedError, type GrantMismatchError, type GrantSessionReturnType } from '../sessions/grantSession.js'
import { askConsent } from './askConsent.js'
import { getConnectedWallet, requireOnChain, type ConnectedWallet } from './connectedWallet.js'
import { getChainClient, getConnection, requireConnection, type SessionKeyConfig } from './createSessionKeyConfig.js'
import { ConnectionChangedError, type ChainNotConfiguredError, type NotConnectedError } from './errors.js'

export type GrantPermissionsParameters = SessionDefinition & {
  /** How the key is made, where not as the config says; or the address of one that is held elsewhere (a server). */
  key?: { kind: KeyKind } | { address: Address } | undefined
  /**
   * Where the wallet can only grant more than is asked for, take it: the paths of those losses, such as
   * `permissions[0].functions`. The user is asked about what is really granted; the session acts only within what was asked.
   */
  acceptLosses?: readonly string[] | undefined
  /** The user may change the terms in the wallet's own screen (ERC-7715 `isAdjustmentAllowed`). Default false. */
  adjustable?: boolean | undefined
  /**
   * What to do when the wallet grants more than was asked, and the signed permission says so too: keep it aside, or take it and
   * act only within what was asked. Default `quarantine`.
   */
  onBroader?: 'quarantine' | 'clamp' | undefined
}

export type GrantPermissionsReturnType = GrantSessionReturnType & {
  /** What the wallet could not say as it was asked; `dropped` ones are `optional` permissions that were left out. */
  losses: readonly Loss[]
}

export type GrantPermissionsErrorType =
  | NotConnectedError
  | ChainNotConfiguredError
  | ConnectionChangedError
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
  | KeyKindNotSupportedError
  | RelayRequiredError
  | ExtractableKeyError
  | UserRejectedRequestError
  | ConsentNotMountedError
  | ConsentTermsError
  | GrantFailedError
  | GrantMismatchError

/**
 * Asks the connected wallet for a session, in whatever dialect it speaks. A fresh key is made for it and stored before the
 * wallet is asked; the promise resolves when the granted session is stored. Where the wallet asks nobody, the kit asks first. The
 * same request again, while the first waits, gets the first's answer.
 *
 * @throws {UserRejectedRequestError} the user said no; the key is deleted
 * @throws {PermissionNotSupportedError} {@link PermissionWidenedError} the wallet has no words for it; nobody was asked
 * @throws {KeyKindNotSupportedError} {@link RelayRequiredError} a P-256 key could not act here; nobody was asked
 * @throws {ConsentNotMountedError} there is no view that could ask the user
 * @throws {GrantMismatchError} the wallet granted something else; kept aside, never used
 * @throws {GrantFailedError} no readable answer came; the key is kept
 * @see ERC-7715 `wallet_requestExecutionPermissions`
 */
export async function grantPermissions(
  config: SessionKeyConfig,
  parameters: GrantPermissionsParameters,
): Promise<GrantPermissionsReturnType> {
  const { account, chainId: connected } = requireConnection(config)
  const { chainId = connected, name = defaultSessionName, permissions, expiry, key: wanted } = parameters
  const { acceptLosses = [], adjustable = false, onBroader = 'quarantine' } = parameters
  const terms = [hashPermissions(permissions), typeof expiry === 'number' ? expiry : `+${expiry.seconds}`, ...Object.values(wanted ?? {})]
  const key = [account, chainId, name, ...terms, ...acceptLosses, adjustable, onBroader].join()
  const inFlight = config.grantsInFlight.get(key) as Promise<GrantPermissionsReturnType> | undefined
  if (inFlight) return inFlight
  const grant = requestGrant(config, parameters).finally(() => config.grantsInFlight.delete(key))
  config.grantsInFlight.set(key, grant)
  return grant
}

async function requestGrant(config: SessionKeyConfig, parameters: GrantPermissionsParameters): Promise<GrantPermissionsReturnType> {
  const { account, chainId: connected } = requireConnection(config)
  const { chainId = connected, acceptLosses, adjustable, onBroader, key = { kind: config.key } } = parameters
  const external = 'address' in key ? key.address : undefined
  const kind = 'kind' in key ? key.kind : undefined
  const block = await getBlock(getChainClient(config, chainId), { includeTransactions: false })
  const now = Number(block.timestamp)
  const request = resolveRequest(parameters, now)
  const rules = { account, isEngineContract: isFrameworkContract, now }
  validatePermissions({ permissions: request.permissions, ...rules })

  const wallet = await getConnectedWallet(config, { chainId })
  const { dialect, abilities, provider } = wallet
  if (kind === 'p256') requireContractKeys(config, wallet)
  const plan = planGrant({ dialect, abilities, permissions: request.permissions, acceptLosses, chainId, wallet: wallet.name })
  if (plan.losses.some(({ kind }) => kind === 'widened')) validatePermissions({ permissions: plan.expressed, ...rules })
  if (!dialect.namesChain) await requireOnChain(wallet)
  const asked = { plan, expiry: request.expiry }
  const agreed = dialect.consent === 'none' ? await agree(config, wallet, { ...asked, now, delegate: external }) : asked
  // The user may have taken a while.
  if (!dialect.namesChain && agreed !== asked) await requireOnChain(wallet)
  const after = getConnection(config)?.account
  if (after !== account) throw new ConnectionChangedError({ before: account, after })

  const result = await grantSession(
    config.sessions,
    { provider, dialect },
    {
      name: parameters.name ?? defaultSessionName,
      chainId,
      account,
      origin: typeof location === 'undefined' ? 'server' : location.origin,
      permissionsHash: hashPermissions(parameters.permissions),
      ...agreed.plan,
      expiry: agreed.expiry,
      adjustable,
      onBroader,
      external,
      kind,
      retryDelaysMs: config.busyRetryDelaysMs,
    },
  )
  return { ...result, losses: plan.losses }
}

/** A contract account signs delegations and nothing else, and has somebody else send them. */
function requireContractKeys({ lane }: SessionKeyConfig, { dialect, name }: ConnectedWallet): void {
  if (dialect.acts !== 'delegations') throw new KeyKindNotSupportedError({ wallet: name })
  if (lane.name === 'direct') throw new RelayRequiredError()
}

type Agreed = { plan: GrantPlan; expiry: UnixSeconds }

/** Shows what the wallet will really enforce, and carries on with what the user agreed to. */
async function agree(
  config: SessionKeyConfig,
  wallet: ConnectedWallet,
  { plan, expiry, now, delegate }: Agreed & { now: UnixSeconds; delegate: Address | undefined },
): Promise<Agreed> {
  const { asked, expressed, losses } = plan
  const terms = await askConsent(config, { wallet, delegate, permissions: expressed, expiry, chainTime: now, losses })
  if (terms.permissions === expressed) return { plan, expiry: terms.expiry }
  // The user lowered something: it has to be sayable just so.
  const { dialect, abilities, chainId, name } = wallet
  const lowered = planGrant({ dialect, abilities, permissions: terms.permissions, chainId, wallet: name })
  const pairs = pairPermissions(expressed, lowered.asked)
  const within = lowered.asked.map((permission, index) => {
    const before = asked[pairs.indexOf(index)]
    return before ? commonPermission(before, permission) : permission
  })
  return { plan: { ...lowered, asked: within, losses }, expiry: terms.expiry }
}
