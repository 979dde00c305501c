/** Custom properties of a SessionKeyDevtools, yours to set on it or on any ancestor. */
export const SessionKeyDevtoolsCssVars = {
  /** How wide the panel is at most. Default 46rem. */
  inlineSize: '--rsk-devtools-inline-size',
  /** How high the panel is at most. Default 34rem. */
  blockSize: '--rsk-devtools-block-size',
  /** How far it stands from its corner. Default 1rem. */
  inset: '--rsk-devtools-inset',
  /** What it stands above. Default 99999. */
  zIndex: '--rsk-devtools-z-index',
  /** Backgrounds. */
  surface: '--rsk-devtools-surface',
  raised: '--rsk-devtools-surface-raised',
  /** Text. */
  text: '--rsk-devtools-text',
  quiet: '--rsk-devtools-text-quiet',
  /** Hairlines. */
  border: '--rsk-devtools-border',
  /** The selected tab, focus rings. */
  accent: '--rsk-devtools-accent',
  /** Sessions that are well, in doubt, and failed requests. */
  good: '--rsk-devtools-good',
  warning: '--rsk-devtools-warning',
  danger: '--rsk-devtools-danger',
  /** Families. */
  font: '--rsk-devtools-font',
  mono: '--rsk-devtools-font-mono',
} as const
