/**
 * `requested` the wallet is being asked · `granted` it answered, and the answer is not judged yet · `active` usable · `exhausted`
 * nothing is left for now · `rejected` the user said no · `unknown` no answer came, or one that could not be read ·
 * `quarantined` the wallet granted other than was asked, never used · `revoking` sent, not yet seen on-chain · `revoked` ·
 * `expired` by chain time · `purged` only a tombstone is left.
 */
export type SessionStatus =
  | 'requested'
  | 'granted'
  | 'active'
  | 'exhausted'
  | 'rejected'
  | 'unknown'
  | 'quarantined'
  | 'revoking'
  | 'revoked'
  | 'expired'
  | 'purged'

/** What may follow what. A change that is not in this table is a defect and is refused. */
export const transitions = {
  requested: ['granted', 'rejected', 'unknown', 'purged'],
  granted: ['active', 'quarantined', 'unknown', 'expired', 'purged'],
  active: ['exhausted', 'revoking', 'revoked', 'expired', 'purged'],
  exhausted: ['active', 'revoking', 'revoked', 'expired', 'purged'],
  unknown: ['granted', 'revoking', 'expired', 'purged'],
  quarantined: ['revoking', 'revoked', 'expired', 'purged'],
  revoking: ['revoked', 'active', 'exhausted', 'unknown', 'quarantined', 'expired', 'purged'],
  rejected: ['purged'],
  // The account may enable again what it disabled elsewhere.
  revoked: ['active', 'purged'],
  expired: ['purged'],
  purged: [],
} as const satisfies Record<SessionStatus, readonly SessionStatus[]>

/** The user agreed and the session may act, or may act again when a period begins. */
export const usableStatuses: readonly SessionStatus[] = ['active', 'exhausted']

/** What became of the request is not known for good: a grant may exist. */
export const unconfirmedStatuses: readonly SessionStatus[] = ['requested', 'granted', 'unknown']

/** A grant exists, or may exist: such a session keeps its key. */
export const openStatuses: readonly SessionStatus[] = [...unconfirmedStatuses, ...usableStatuses, 'quarantined', 'revoking']

export const endedStatuses: readonly SessionStatus[] = ['rejected', 'revoked', 'expired', 'purged']

export function mayFollow(from: SessionStatus, to: SessionStatus): boolean {
  return (transitions[from] as readonly SessionStatus[]).includes(to)
}
