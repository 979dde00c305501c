import { getBlock } from 'viem/actions'
import { rootOf } from '../delegation/context.js'
import { isDelegated, usablePermission, type DelegatedPermission, type GrantedPermission } from '../delegation/grantedPermission.js'
import type { DelegationUsage } from '../delegation/usage.js'
import { readUsageTogether } from '../delegation/usageTogether.js'
import type { PermissionUsage } from '../permissions/check.js'
import type { Permission } from '../permissions/permission.js'
import { knownGrant } from '../sessions/knownGrant.js'
import type { Session } from '../sessions/session.js'
import type { AmbiguousSessionError, SessionNotFoundError } from '../sessions/errors.js'
import type { SessionRevokedError } from '../execution/errors.js'
import type { ActingConfig } from './actingConfig.js'
import { dialectById } from './connectedWallet.js'
import { getChainClient, type SessionKeyConfig } from './createSessionKeyConfig.js'
import { noteUsage } from './noteUsage.js'
import type { GetPermissionUsageReturnType } from './permissionUsage.js'
import type { SessionKeyParameters } from './getSessionKey.js'
import { requireActiveSession } from './requireSession.js'

export type { GetPermissionUsageReturnType } from './permissionUsage.js'

export type GetPermissionUsageErrorType = SessionNotFoundError | AmbiguousSessionError | SessionRevokedError

/** What is left of each limit, read from the chain. @throws {SessionNotFoundError} {@link SessionRevokedError} */
export async function getPermissionUsage(
  config: SessionKeyConfig,
  parameters: SessionKeyParameters = {},
): Promise<GetPermissionUsageReturnType> {
  const session = await requireActiveSession(config, parameters)
  const usage = await readSessionUsage(config, session)
  await noteUsage(config, session, usage)
  return usage
}

export async function readSessionUsage(config: ActingConfig, session: Session): Promise<GetPermissionUsageReturnType> {
  const read = session.granted.every(isDelegated) ? await readDelegations(config, session, session.granted) : await readGrant(config, session)
  const { timestamp } = read.asOf
  config.sessions.noteChainTime(session.chainId, timestamp)
  const usage = { ...read, revoked: read.permissions.some(({ disabled }) => disabled), expired: timestamp >= session.expiry }
  // Of other grants the kit does not know what their account counts, so each send asks it.
  if (session.granted.every(isDelegated)) config.usage.note(session.id, usage)
  return usage
}

type Read = Pick<GetPermissionUsageReturnType, 'permissions' | 'counted' | 'asOf'>

async function readDelegations(config: ActingConfig, session: Session, granted: readonly DelegatedPermission[]): Promise<Read> {
  const delegated = granted.map(({ permission, within, context }) => ({ permission, delegation: rootOf(context), ...(within ? { within } : {}) }))
  const { usages, asOf } = await readUsageTogether(getChainClient(config, session.chainId), delegated)
  const permissions = granted.map((one, index) => ({ ...(usages[index] as DelegationUsage), permission: usablePermission(one) }))
  return { permissions, counted: permissions.every(isCounted), asOf }
}

/** Grants that are no delegations: the account itself is asked, where it can be. */
async function readGrant(config: ActingConfig, session: Session): Promise<Read> {
  const client = getChainClient(config, session.chainId)
  const [block, state] = await Promise.all([
    getBlock(client, { includeTransactions: false }),
    dialectById(config, session.dialect).readOnChain?.(client, knownGrant(session)),
  ])
  const permissions = session.granted.map((granted) => {
    const permission = usablePermission(granted)
    return { permission, disabled: state?.revoked ?? false, calls: callsOf(granted, state?.callsLeft) }
  })
  return {
    permissions,
    counted: state?.revoked !== undefined && permissions.every(isCounted),
    asOf: { blockNumber: block.number, timestamp: Number(block.timestamp) },
  }
}

function callLimitOf(permission: Permission): number | undefined {
  return permission.type === 'contract-call' ? permission.callLimit : undefined
}

/** The account counts down from what was granted; the kit may hold itself to less. */
function callsOf(granted: GrantedPermission, left: number | undefined): PermissionUsage['calls'] {
  const limit = callLimitOf(usablePermission(granted))
  const most = callLimitOf(granted.permission)
  if (limit === undefined) return undefined
  if (most !== undefined && left !== undefined) return { limit, left: Math.max(0, Math.min(left, limit - Math.max(0, most - left))) }
  // What the wallet does not keep, nobody does.
  if (most === undefined || most > limit) return { limit, left: undefined, atOnce: 0 }
  return { limit, left: undefined, ...(granted.counts === 'transactions' ? { atOnce: 1 } : {}) }
}

function isCounted({ calls }: PermissionUsage): boolean {
  return calls === undefined || calls.left !== undefined
}
