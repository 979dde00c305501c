/** What a stylesheet can go by, on a SessionKeyList. */
export const SessionKeyListDataAttributes = {
  /** `loading` · `disconnected` (no account) · `locked` · `empty` · `filled`. */
  state: 'data-state',
} as const
