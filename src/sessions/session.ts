import type { Address, Hash, Hex } from 'viem'
import { usablePermission, type GrantedPermission } from '../delegation/grantedPermission.js'
import type { Dependency, Loss } from '../dialects/dialect.js'
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
  /** In whose words it was granted; it is ended in the same. */
  dialect: string
  origin: string
  chainId: number
  /** Who granted. */
  account: Address
  /** The session key. */
  address: Address
  /** What the app asked for, without what had to be left out. */
  asked: { permissions: readonly Permission[]; expiry: UnixSeconds }
  granted: readonly GrantedPermission[]
  /** The earlier of what was asked and what was granted. */
  expiry: UnixSeconds
  /** When what was granted ends on-chain, where that is after `expiry`; 0: never. */
  grantedExpiry?: UnixSeconds | undefined
  /** What the wallet had no words for. */
  losses?: readonly Loss[] | undefined
  /** The wallet's own name for the grant, where that is not its contexts. */
  handle?: string | undefined
  /** What has to be deployed before it can act. */
  dependencies?: readonly Dependency[] | undefined
  /** The wallet's answer as it came, as JSON: for the record, never trusted. Left out where it is too long. */
  answer?: string | undefined
  /** Milliseconds of this device's clock; for sorting and for people. */
  createdAt: number
  updatedAt: number
  revocation?: { transactionHash?: Hash | undefined; blockNumber?: bigint | undefined } | undefined
  /** What went wrong, in a sentence. */
  problem?: string | undefined
}

/** More was granted than was asked, and the kit holds itself to what was asked: the chain would not. */
export function isHeld({ granted, grantedExpiry }: Pick<Session, 'granted' | 'grantedExpiry'>): boolean {
  return grantedExpiry !== undefined || granted.some(({ within }) => within !== undefined)
}

/** What the session may do: what was granted, and never more than was asked. */
export function usablePermissions({ granted }: Pick<Session, 'granted'>): readonly Permission[] {
  return granted.map(usablePermission)
}
