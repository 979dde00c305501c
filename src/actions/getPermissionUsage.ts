import type { PermissionUsage } from '../permissions/check.js'
import type { Permission, UnixSeconds } from '../permissions/permission.js'
import { decodeContext } from '../delegation/context.js'
import { readUsage } from '../delegation/usage.js'
import type { Session } from '../sessions/session.js'
import type { AmbiguousSessionError, SessionNotFoundError } from '../sessions/errors.js'
import type { SessionRevokedError } from '../execution/errors.js'
import { getChainClient, type SessionKeyConfig } from './createSessionKeyConfig.js'
import { requireActiveSession, type SessionKeyParameters } from './getSessionKey.js'

export type GetPermissionUsageReturnType = {
  /** One entry per permission of the session, in its order. */
  permissions: readonly (PermissionUsage & { permission: Permission; disabled: boolean })[]
  /** Some permission was revoked on-chain. */
  revoked: boolean
  /** The chain's time is past the session's end. */
  expired: boolean
  asOf: { blockNumber: bigint; timestamp: UnixSeconds }
}

export type GetPermissionUsageErrorType = SessionNotFoundError | AmbiguousSessionError | SessionRevokedError

/** What is left of each limit, read from the chain. @throws {SessionNotFoundError} {@link SessionRevokedError} */
export async function getPermissionUsage(
  config: SessionKeyConfig,
  parameters: SessionKeyParameters = {},
): Promise<GetPermissionUsageReturnType> {
  return readSessionUsage(config, await requireActiveSession(config, parameters))
}

export async function readSessionUsage(config: SessionKeyConfig, session: Session): Promise<GetPermissionUsageReturnType> {
  const delegated = session.granted.map(({ permission, context }) => {
    const delegation = decodeContext(context).at(-1)
    if (!delegation) throw new Error('A granted context holds no delegation.')
    return { permission, delegation }
  })
  const { usages, asOf } = await readUsage(getChainClient(config, session.chainId), delegated)
  config.sessions.noteChainTime(session.chainId, asOf.timestamp)
  return {
    permissions: usages.map((usage, index) => ({ ...usage, permission: (delegated[index] as (typeof delegated)[number]).permission })),
    revoked: usages.some(({ disabled }) => disabled),
    expired: asOf.timestamp >= session.expiry,
    asOf,
  }
}
