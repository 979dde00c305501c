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
  v: 2
  /** Counts every change; a writer that read an older one is refused. */
  rev: number
  status: SessionStatus
  /** The definition's name. */
  name: string
  /** Knows the definition's permissions again. */
  permissionsHash: Hex
  /** In whose words it was granted; it is ended in the same. */
  dialect: string
  /** wagmi's id of the connector through which it was granted; not known of sessions from before that was written down. */
  connector?: string | undefined
  /** Through WalletConnect: the topic of its session, which tells one wallet behind that connector from another. */
  peer?: string | undefined
  origin: string
  chainId: number
  /** Who granted, checksummed. */
  account: Address
  /** The session key. */
  address: Address
  /** What the app asked for, without what had to be left out. */
  asked: { permissions: readonly Permission[]; expiry: UnixSeconds }
  /** What the wallet was asked, where that is other than what the app asked for, and how more than that is to be taken. */
  request?: { permissions?: readonly Permission[] | undefined; onBroader?: 'quarantine' | 'clamp' | undefined } | undefined
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
  /** `elsewhere`: the chain shows it, and it was not this kit that ended it. Its key is kept, for it may be undone. */
  revocation?: { transactionHash?: Hash | undefined; blockNumber?: bigint | undefined; elsewhere?: boolean | undefined } | undefined
  /** The session that this one takes the place of. */
  replaces?: SessionId | undefined
  /** Of a purged one: what it was before. */
  outcome?: SessionStatus | undefined
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

/** When nothing of it can be used any more, on-chain too. */
export function endOf({ expiry, grantedExpiry = expiry }: Pick<Session, 'expiry' | 'grantedExpiry'>): UnixSeconds {
  return grantedExpiry === 0 ? Number.POSITIVE_INFINITY : Math.max(expiry, grantedExpiry)
}

/** Whether its key goes with this state: never while a grant may exist that the key could use. */
export function isKeyless({ status, revocation }: Pick<Session, 'status' | 'revocation'>): boolean {
  return status === 'rejected' || status === 'expired' || status === 'purged' || (status === 'revoked' && !revocation?.elsewhere)
}
