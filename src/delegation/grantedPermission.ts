import type { Address, Hex } from 'viem'
import type { Permission } from '../permissions/permission.js'

/** A permission that a wallet granted, and what redeems it on-chain where it is an ERC-7710 delegation. */
export type GrantedPermission = {
  /** What the wallet granted. */
  permission: Permission
  /** Where that goes beyond what was asked and the app took it: what was asked of it. The kit acts only within this. */
  within?: Permission | undefined
  /** What the wallet takes its limit on calls for; left out: for calls. Each transaction may hold several. */
  counts?: 'transactions' | undefined
} & (Delegated | { context?: undefined; delegationManager?: undefined })

type Delegated = { context: Hex; delegationManager: Address }

/** A permission together with what redeems it on-chain. @see ERC-7710 */
export type DelegatedPermission = GrantedPermission & Delegated

export function isDelegated(granted: GrantedPermission): granted is DelegatedPermission {
  return granted.context !== undefined
}

/** What a session may do: what was granted, and never more than was asked. */
export function usablePermission({ permission, within }: GrantedPermission): Permission {
  return within ?? permission
}
