import type { Address, UserRejectedRequestError } from 'viem'
import { getBlock } from 'viem/actions'
import type { ConsentNotMountedError } from '../consent/consentQueue.js'
import { isFrameworkContract } from '../delegation/framework.js'
import { detectDialect } from '../dialects/detectDialect.js'
import type { Loss, Provider } from '../dialects/dialect.js'
import { PermissionNotSupportedError, type InvalidWalletResponseError, type UnsupportedWalletError } from '../dialects/errors.js'
import { defaultSessionName, type SessionDefinition } from '../permissions/defineSession.js'
import type { ForbiddenTargetError, InvalidExpiryError, InvalidPermissionError, UndoneLimitError } from '../permissions/errors.js'
import { hashPermissions } from '../permissions/compare.js'
import { resolveRequest } from '../permissions/resolveRequest.js'
import { validatePermissions } from '../permissions/validatePermissions.js'
import type { SessionStoreError } from '../sessions/errors.js'
import { grantSession, type GrantFailedError, type GrantMismatchError, type GrantSessionReturnType } from '../sessions/grantSession.js'
import { getChainClient, getConnection, requireConnection, type SessionKeyConfig } from './createSessionKeyConfig.js'
import { ConnectionChangedError, type ChainNotConfiguredError, type NotConnectedError } from './errors.js'

export type GrantPermissionsParameters = SessionDefinition & {
  /** Grant to a key held elsewhere (a server) instead of one made here. */
  key?: { address: Address } | undefined
}

export type GrantPermissionsReturnType = GrantSessionReturnType & {
  /** What the wallet could not express: `optional` permissions that were left out. */
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
  | InvalidWalletResponseError
  | SessionStoreError
  | UserRejectedRequestError
  | ConsentNotMountedError
  | GrantFailedError
  | GrantMismatchError

/**
 * Asks the connected wallet for a session. A fresh key is made for it and stored before the wallet is asked; the
 * promise resolves when the granted session is stored. The same
 * request again, while the first waits, gets the first's answer.
 *
 * @throws {UserRejectedRequestError} the user said no; the key is deleted
 * @throws {ConsentNotMountedError} the embedded wallet found no view that could ask the user
 * @throws {GrantMismatchError} the wallet granted something else; kept aside, never used
 * @throws {GrantFailedError} no readable answer came; the key is kept
 * @see ERC-7715 `wallet_requestExecutionPermissions`
 */
export async function grantPermissions(
  config: SessionKeyConfig,
  parameters: GrantPermissionsParameters,
): Promise<GrantPermissionsReturnType> {
  const { account, chainId: connected } = requireConnection(config)
  const { chainId = connected, name = defaultSessionName, permissions, expiry, key: external } = parameters
  const terms = [hashPermissions(permissions), typeof expiry === 'number' ? expiry : `+${expiry.seconds}`, external?.address]
  const key = [account, chainId, name, ...terms].join()
  const inFlight = config.grantsInFlight.get(key) as Promise<GrantPermissionsReturnType> | undefined
  if (inFlight) return inFlight
  const grant = requestGrant(config, parameters).finally(() => config.grantsInFlight.delete(key))
  config.grantsInFlight.set(key, grant)
  return grant
}

async function requestGrant(config: SessionKeyConfig, parameters: GrantPermissionsParameters): Promise<GrantPermissionsReturnType> {
  const { account, connector, chainId: connected } = requireConnection(config)
  const chainId = parameters.chainId ?? connected
  const block = await getBlock(getChainClient(config, chainId), { includeTransactions: false })
  const now = Number(block.timestamp)
  const request = resolveRequest(parameters, now)
  validatePermissions({ permissions: request.permissions, account, isEngineContract: isFrameworkContract, now })

  const provider = (await connector.getProvider({ chainId })) as Provider
  const { dialect, supported } = await detectDialect(provider, { chainId, wallet: connector.name })
  const losses: Loss[] = []
  const permissions = request.permissions.filter((permission, index) => {
    if (supported.types.has(permission.type)) return true
    if (!permission.optional) throw new PermissionNotSupportedError({ type: permission.type, chainId })
    losses.push({ path: `permissions[${index}]`, kind: 'dropped', reason: `the wallet cannot grant ${permission.type}` })
    return false
  })
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
      permissions,
      expiry: request.expiry,
      external: parameters.key?.address,
      asked: parameters.permissions,
    },
  )
  return { ...result, losses }
}
