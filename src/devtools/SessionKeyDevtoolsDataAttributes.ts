/** What a stylesheet can go by, on a SessionKeyDevtools. */
export const SessionKeyDevtoolsDataAttributes = {
  /** `open` · `closed`. */
  state: 'data-state',
  /** The corner it stands in: `bottom-right` · `bottom-left` · `top-right` · `top-left`. */
  position: 'data-position',
  /** Which tab is shown: `sessions` · `timeline` · `wire` · `check`. */
  tab: 'data-tab',
} as const
