import type { Session } from '../sessions/session.js'
import type { ActingConfig } from './actingConfig.js'
import type { GetPermissionUsageReturnType } from './permissionUsage.js'

/**
 * Writes down what the chain said of a session: used up or not, revoked by somebody else or not. Its key is kept in any case, for one
 * node's word may be wrong, a period begins anew, and an account may enable again what it disabled.
 */
export async function noteUsage(config: Pick<ActingConfig, 'sessions'>, session: Session, usage: GetPermissionUsageReturnType): Promise<Session> {
  const status = statusSaid(session, usage)
  if (status === undefined || status === session.status) return session
  const revocation = status === 'revoked' ? { blockNumber: usage.asOf.blockNumber, elsewhere: true } : undefined
  // Another tab may have written the same, or something later.
  return config.sessions.transition(session, status, { revocation }).catch(() => session)
}

function statusSaid({ status, revocation }: Session, { permissions, counted }: GetPermissionUsageReturnType): 'active' | 'exhausted' | 'revoked' | undefined {
  if (permissions.length === 0 || !counted) return undefined
  const revoked = permissions.every(({ disabled }) => disabled)
  if (status === 'revoked') return revocation?.elsewhere && permissions.every(({ disabled }) => !disabled) ? 'active' : undefined
  if (status !== 'active' && status !== 'exhausted') return undefined
  if (revoked) return 'revoked'
  return permissions.every(({ calls, amount }) => calls?.left === 0 || amount?.left === 0n) ? 'exhausted' : 'active'
}
