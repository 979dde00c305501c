import type { Address } from 'viem'
import { durationSeconds, type DurationParts } from './expiry.js'
import type {
  Erc20AllowancePermission,
  Erc20PeriodicPermission,
  Erc20StreamPermission,
  Erc721TransferPermission,
  NativeAllowancePermission,
  NativePeriodicPermission,
  NativeStreamPermission,
  UnixSeconds,
} from './permission.js'

type Common = { startTime?: UnixSeconds; optional?: boolean }
type Payee = { payee?: Address }
/** Smallest units of the token (wei), as bigint. */
type Allowance = Common & Payee & { limit: bigint }
type Periodic = Allowance & { period: DurationParts }
type Stream = Common & Payee & { perSecond: bigint; initial?: bigint; max: bigint }

/** `transfer` of one ERC-20, up to `limit` in all. Enforced by `ERC20TransferAmountEnforcer`. */
export function erc20Allowance(parameters: Allowance & { token: Address }): Erc20AllowancePermission {
  return { type: 'erc20-token-allowance', ...parameters }
}

/** `transfer` of one ERC-20, up to `limit` in each period. Enforced by `ERC20PeriodTransferEnforcer`. */
export function erc20Periodic({ period, ...rest }: Periodic & { token: Address }): Erc20PeriodicPermission {
  return { type: 'erc20-token-periodic', ...rest, period: durationSeconds(period) }
}

/** `transfer` of one ERC-20 out of an amount that grows by the second up to `max`. Enforced by `ERC20StreamingEnforcer`. */
export function erc20Stream({ initial = 0n, ...rest }: Stream & { token: Address }): Erc20StreamPermission {
  return { type: 'erc20-token-stream', ...rest, initial }
}

/** Plain transfers of the native token, up to `limit` in all. Enforced by `NativeTokenTransferAmountEnforcer`. */
export function nativeAllowance(parameters: Allowance): NativeAllowancePermission {
  return { type: 'native-token-allowance', ...parameters }
}

/** Plain transfers of the native token, up to `limit` in each period. Enforced by `NativeTokenPeriodTransferEnforcer`. */
export function nativePeriodic({ period, ...rest }: Periodic): NativePeriodicPermission {
  return { type: 'native-token-periodic', ...rest, period: durationSeconds(period) }
}

/** Plain transfers of the native token out of an amount that grows up to `max`. Enforced by `NativeTokenStreamingEnforcer`. */
export function nativeStream({ initial = 0n, ...rest }: Stream): NativeStreamPermission {
  return { type: 'native-token-stream', ...rest, initial }
}

/** Transfer of one ERC-721 token. Enforced by `ERC721TransferEnforcer`. */
export function erc721Transfer(parameters: Common & { token: Address; tokenId: bigint }): Erc721TransferPermission {
  return { type: 'erc721-token-transfer', ...parameters }
}
