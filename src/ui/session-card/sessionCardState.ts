import type { Session } from '../../sessions/session.js'
import type { SessionStatus } from '../../sessions/status.js'

/** What a card can show. `account-mismatch`: the session is of another account than the connected one. */
export type SessionCardState = SessionStatus | 'hydrating' | 'none' | 'locked' | 'account-mismatch' | 'revoked-elsewhere'

/** It acts, or may be made to. */
const endable: readonly SessionCardState[] = ['active', 'exhausted', 'quarantined', 'revoking']

/** The kit can only end what it knows the wallet to have granted. */
export function canEnd(state: SessionCardState, session: Session | undefined): boolean {
  return endable.includes(state) || (state === 'unknown' && session !== undefined && session.granted.length > 0)
}

export type Renewal = 'change' | 'more' | 'again'

const again: readonly SessionCardState[] = ['expired', 'revoked', 'revoked-elsewhere', 'rejected', 'purged']

/** Why the session could be asked for anew; undefined where nothing calls for it. */
export function renewalOf(state: SessionCardState, outdated: boolean): Renewal | undefined {
  if (state === 'exhausted') return 'more'
  if (again.includes(state)) return 'again'
  return state === 'active' && outdated ? 'change' : undefined
}
