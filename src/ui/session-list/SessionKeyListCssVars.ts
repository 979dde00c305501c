/** Custom properties of a SessionKeyList. */
export const SessionKeyListCssVars = {
  /** Yours to set: the space between two sessions. Default 1rem. */
  gap: '--rsk-sessions-gap',
  /** Yours to set: how high a card is taken to be until it comes into sight. Default 20rem. */
  cardSize: '--rsk-sessions-card-size',
} as const
