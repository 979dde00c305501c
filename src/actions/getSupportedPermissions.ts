import type { Expression } from '../dialects/dialect.js'
import type { UnsupportedWalletError, WalletBusyError, WalletTimeoutError } from '../dialects/errors.js'
import { expiresIn } from '../permissions/expiry.js'
import type { Permission } from '../permissions/permission.js'
import { resolveRequest } from '../permissions/resolveRequest.js'
import { getConnectedWallet } from './connectedWallet.js'
import type { SessionKeyConfig } from './createSessionKeyConfig.js'
import type { NotConnectedError } from './configErrors.js'

export type GetSupportedPermissionsParameters = { chainId?: number | undefined }

export type GetSupportedPermissionsReturnType = {
  /** How the wallet speaks: `erc7715`, `erc7715-2024`, `openfort`, `porto`, or a dialect of your own. */
  dialect: string
  /** Who asks the user: the wallet, or the kit's own consent. */
  consent: 'wallet' | 'kit'
  /** How a session acts once it is granted. */
  acts: 'delegations' | 'wallet' | 'backend'
  /** The wallet lists what it granted. */
  lists: boolean
  /** True when the wallet can grant it with nothing more than it says; it may be less (`express`). */
  supports(permission: Permission): boolean
  /** What the wallet would make of it, and what is lost; `impossible` where it has no words for it. */
  express(permission: Permission): Expression
}

export type GetSupportedPermissionsErrorType = NotConnectedError | UnsupportedWalletError | WalletBusyError | WalletTimeoutError

/**
 * What the connected wallet can grant, found out without a prompt, so that an app can choose before it asks.
 * @throws {UnsupportedWalletError} it grants nothing; the error says the way out
 */
export async function getSupportedPermissions(
  config: SessionKeyConfig,
  parameters: GetSupportedPermissionsParameters = {},
): Promise<GetSupportedPermissionsReturnType> {
  // Some wallets refuse every question while one is being asked for permissions.
  await Promise.allSettled(config.grantsInFlight.values())
  const { dialect, abilities } = await getConnectedWallet(config, parameters)
  const express = (permission: Permission): Expression => {
    const { permissions } = resolveRequest({ permissions: [permission], expiry: expiresIn({ seconds: 1 }) }, Math.floor(Date.now() / 1000))
    return dialect.express(permissions, abilities)[0] ?? { impossible: 'the wallet has no words for it' }
  }
  return {
    dialect: dialect.id,
    consent: dialect.consent === 'none' ? 'kit' : 'wallet',
    acts: dialect.acts,
    lists: abilities.list,
    express,
    supports(permission) {
      const expression = express(permission)
      return !('impossible' in expression) && expression.losses.every(({ kind }) => kind !== 'widened')
    },
  }
}
