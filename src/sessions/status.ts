/**
 * `requested` the wallet is being asked · `active` usable · `rejected` the user said no · `unknown` no answer came, or one
 * that could not be read · `quarantined` the wallet granted other than was asked, never used · `revoking` sent, not yet
 * seen on-chain · `revoked` · `expired` by chain time.
 */
export type SessionStatus = 'requested' | 'active' | 'rejected' | 'unknown' | 'quarantined' | 'revoking' | 'revoked' | 'expired'

/** What may follow what. A change that is not in this table is a defect and is refused. */
export const transitions = {
  requested: ['active', 'rejected', 'unknown', 'quarantined'],
  active: ['revoking', 'revoked', 'expired'],
  unknown: ['active', 'quarantined', 'revoking', 'expired'],
  quarantined: ['revoking', 'revoked', 'expired'],
  revoking: ['revoked', 'active', 'unknown', 'quarantined', 'expired'],
  rejected: [],
  revoked: [],
  expired: [],
} as const satisfies Record<SessionStatus, readonly SessionStatus[]>

/** The key is deleted in the store transaction that enters one of these. */
export const keylessStatuses: readonly SessionStatus[] = ['rejected', 'revoked', 'expired']

export function mayFollow(from: SessionStatus, to: SessionStatus): boolean {
  return (transitions[from] as readonly SessionStatus[]).includes(to)
}
