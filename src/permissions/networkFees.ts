import type { Address } from 'viem'
import type { DurationParts } from './expiry.js'
import type { Erc20AllowancePermission, Erc20PeriodicPermission, UnixSeconds } from './permission.js'
import { erc20Allowance, erc20Periodic } from './tokenPermissions.js'

export type NetworkFeesParameters = {
  /** The token that the relay is paid in. */
  token: Address
  /** Whom the relay is paid at, and the only one who may be paid: `getNetworkFees` asks the relay. */
  feeCollector: Address
  /** Smallest units of the token: in all, or in each period. */
  limit: bigint
  period?: DurationParts | undefined
  startTime?: UnixSeconds | undefined
  /** Of `getNetworkFees`, for whoever passes on all that it says. Not a part of the permission. */
  minFee?: bigint | undefined
}

/**
 * What a session may pay a relay for the network: transfers of one ERC-20 to the relay's `feeCollector` and to nobody else. Enforced by
 * `ERC20TransferAmountEnforcer`, or with a period by `ERC20PeriodTransferEnforcer`, and `AllowedCalldataEnforcer`.
 */
export function networkFees({ token, limit, period, feeCollector, startTime }: NetworkFeesParameters): Erc20AllowancePermission | Erc20PeriodicPermission {
  const permission = { token, limit, payee: feeCollector, ...(startTime === undefined ? {} : { startTime }) }
  return period ? erc20Periodic({ ...permission, period }) : erc20Allowance(permission)
}
