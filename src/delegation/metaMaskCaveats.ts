import type { Address } from 'viem'
import { InvalidExpiryError } from '../permissions/errors.js'
import type { Erc20Permission, NativePermission, UnixSeconds } from '../permissions/permission.js'
import { caveats } from './caveats.js'
import type { Caveat } from './delegation.js'
import { limitCaveats, payeeCaveats, started } from './permissionCaveats.js'

/** The types that MetaMask grants. Each must have its start: MetaMask fills in the present where none was asked for. */
export type MetaMaskPermission = Erc20Permission | NativePermission

/**
 * The caveats that MetaMask signs for one permission, in its order.
 *
 * @param expiry undefined where its user took the end away; MetaMask then signs none
 * @param nonce the delegator's current one in `NonceEnforcer`; counting on ends every grant at once
 * @param redeemers of a `redeemer` rule, which MetaMask adds by itself for some sites
 * @throws {InvalidExpiryError} an expiry that the enforcer would take for none
 * @see MetaMask/snap-7715-permissions bfa810b `GrantedPermissionResolutionService`; `@metamask/7715-permission-types` 2.0.0
 */
export function metaMaskCaveats(
  permission: MetaMaskPermission,
  expiry: UnixSeconds | undefined,
  nonce: bigint,
  redeemers: readonly Address[] = [],
): readonly Caveat[] {
  if (expiry !== undefined && !(expiry > 0)) throw new InvalidExpiryError(`${expiry} is no end.`)
  return [
    ...metaMaskLimitCaveats(permission),
    ...(expiry === undefined ? [] : [caveats.time({ until: expiry })]),
    ...(redeemers.length > 0 ? [caveats.redeemers(redeemers)] : []),
    ...payeeCaveats(permission),
    caveats.nonce(nonce),
  ]
}

function metaMaskLimitCaveats(permission: MetaMaskPermission): readonly Caveat[] {
  switch (permission.type) {
    case 'erc20-token-allowance':
      return [caveats.erc20Period(permission.token, oneLongPeriod(started(permission))), caveats.value(0n)]
    case 'native-token-allowance':
      return [caveats.nativePeriod(oneLongPeriod(started(permission))), caveats.exactCalldata('0x')]
    default:
      return limitCaveats(permission)
  }
}

/** MetaMask's allowances are periods that never end: the limit is there once. */
function oneLongPeriod({ limit, startTime }: { limit: bigint; startTime: UnixSeconds }) {
  return { limit, period: (1n << 256n) - 1n, startTime }
}
