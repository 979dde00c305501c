/** Custom properties of a UsageMeter. */
export const UsageMeterCssVars = {
  /** Set by UsageMeterTrack: the share that is left, 0 to 1. */
  left: '--rsk-meter-left',
  /** Yours to set: how thick the track is. Default 0.375rem. */
  thickness: '--rsk-meter-thickness',
  /** Yours to set: the colour of what is left. Default the accent, the warning's from four fifths on. */
  colour: '--rsk-meter-colour',
} as const
