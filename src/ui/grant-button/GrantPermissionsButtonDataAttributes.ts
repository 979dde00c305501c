/** What a stylesheet can go by, on a GrantPermissionsButton and on what stands beside it. */
export const GrantPermissionsButtonDataAttributes = {
  /** `idle` · `waiting` (the wallet is asked) · `busy` (the wallet has another request open) · `failed` · `granted` (a session is live). */
  state: 'data-state',
} as const
