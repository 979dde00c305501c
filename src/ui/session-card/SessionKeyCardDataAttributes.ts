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
  /**
   * On each action of SessionKeyCardActivity: `sent` · `done` · `refused` · `failed` · `unknown`; on those of the app's server: `due` · `done` ·
   * `missed` · `over-budget` · `ended` · `failed`.
   */
  outcome: 'data-outcome',
  /** On each action of SessionKeyCardActivity, who did it: `browser` · `server`. */
  by: 'data-by',
} as const
