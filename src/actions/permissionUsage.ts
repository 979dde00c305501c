import type { PermissionUsage } from '../permissions/check.js'
import type { Permission, UnixSeconds } from '../permissions/permission.js'

export type GetPermissionUsageReturnType = {
  /** One entry per permission of the session, in its order, for what the session may do (`usablePermission`). */
  permissions: readonly (PermissionUsage & {
    permission: Permission
    /** Revoked on-chain. */
    disabled: boolean
    /** Nothing can be done with it yet: it is for a later nonce of the account (`NonceEnforcer`). */
    waiting?: boolean | undefined
  })[]
  /** False where a limit is not counted on-chain, or the account cannot be asked: what is left of it is then not known. */
  counted: boolean
  /** Some permission was revoked on-chain. */
  revoked: boolean
  /** The chain's time is past the session's end. */
  expired: boolean
  asOf: { blockNumber: bigint; timestamp: UnixSeconds }
}
