/** What a stylesheet can go by, on each part of a SessionKeyCard. */
export const SessionKeyCardDataAttributes = {
  /**
   * `requested` · `granted` · `active` · `exhausted` · `unknown` · `quarantined` · `revoking` · `revoked` · `revoked-elsewhere` ·
   * `expired` · `rejected` · `purged`; `account-mismatch` where it is another account's; `hydrating`, `locked` and `none` where there is
   * no session to show.
   */
  state: 'data-state',
  /** While it is being ended: `confirming` · `ending`; else `idle`. */
  phase: 'data-phase',
  /** On each action of SessionKeyCardActivity: `sent` · `done` · `refused` · `failed` · `unknown`. */
  outcome: 'data-outcome',
} as const
