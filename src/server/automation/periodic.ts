import type { Permission, UnixSeconds } from '../../permissions/permission.js'
import { usablePermissions, type Session } from '../../sessions/session.js'
import type { RuleCommon } from './rule.js'

export type PeriodicPermission = Extract<Permission, { period: number }>

type Uses = Pick<RuleCommon, 'session'> & { uses?: readonly number[] | undefined }

/** The periodic permissions that a rule uses, as its definition asks for them. */
export function periodicOf({ session, uses }: Uses): readonly PeriodicPermission[] {
  return session.permissions.filter((permission, index): permission is PeriodicPermission => 'period' in permission && (uses?.includes(index) ?? true))
}

/** A permission's periods, by the chain's own count: the n-th begins at start + n × seconds. */
export type OnChainPeriods = { start: UnixSeconds; seconds: number }

/** The same of what was granted. What is optional may be missing. */
export function grantedPeriods(rule: Uses, session: Pick<Session, 'granted'>): readonly OnChainPeriods[] {
  const asked = rule.uses && periodicOf(rule).map(targetOf)
  return usablePermissions(session).flatMap((permission) => {
    if (!('period' in permission) || permission.startTime === undefined) return []
    return asked?.includes(targetOf(permission)) === false ? [] : [{ start: permission.startTime, seconds: permission.period }]
  })
}

function targetOf(permission: PeriodicPermission): string {
  return `${permission.type} ${'token' in permission ? permission.token.toLowerCase() : ''} ${permission.payee?.toLowerCase() ?? ''}`
}

/** When the period began that a moment is in. */
export function periodStart({ start, seconds }: OnChainPeriods, time: UnixSeconds): UnixSeconds {
  return start + Math.floor((time - start) / seconds) * seconds
}
