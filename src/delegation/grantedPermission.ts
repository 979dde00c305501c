import type { Address, Hex } from 'viem'
import type { Permission } from '../permissions/permission.js'

/** A permission together with what redeems it on-chain. @see ERC-7710 */
export type GrantedPermission = { permission: Permission; context: Hex; delegationManager: Address }
