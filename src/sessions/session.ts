import type { Address, Hash, Hex } from 'viem'
import type { GrantedPermission } from '../delegation/grantedPermission.js'
import type { Permission, UnixSeconds } from '../permissions/permission.js'
import type { SessionStatus } from './status.js'

export type SessionId = string

/** A session as it is stored: everything but the secret. */
export type Session = {
  id: SessionId
  /** Version of this record's shape. */
  v: 1
  /** Counts every change; a writer that read an older one is refused. */
  rev: number
  status: SessionStatus
  /** The definition's name. */
  name: string
  /** Knows the definition's permissions again. */
  permissionsHash: Hex
  dialect: string
  origin: string
  chainId: number
  /** Who granted. */
  account: Address
  /** The session key. */
  address: Address
  asked: { permissions: readonly Permission[]; expiry: UnixSeconds }
  granted: readonly GrantedPermission[]
  expiry: UnixSeconds
  /** Milliseconds of this device's clock; for sorting and for people. */
  createdAt: number
  updatedAt: number
  revocation?: { transactionHash?: Hash | undefined; blockNumber?: bigint | undefined } | undefined
  /** What went wrong, in a sentence. */
  problem?: string | undefined
}
