/** Custom properties of a SessionKeyCard, beside those of the theme. */
export const SessionKeyCardCssVars = {
  /** Yours to set: the space between its edge and what is in it. Default 1.25rem, less where the card is narrow. */
  padding: '--rsk-card-padding',
  /** Yours to set: what a state that is well is marked with. */
  good: '--rsk-good',
  /** Yours to set: the button that ends a session for good. */
  danger: '--rsk-danger',
  onDanger: '--rsk-on-danger',
} as const
