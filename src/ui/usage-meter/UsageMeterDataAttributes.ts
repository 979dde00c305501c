/** What a stylesheet can go by, on each part of a UsageMeter. */
export const UsageMeterDataAttributes = {
  /** `within` · `near` (four fifths or more are used) · `exhausted` · `unknown` (there is a limit, and what is left is not known). */
  state: 'data-state',
  /** Present where there is no limit to measure against; `state` is then `within`. */
  unlimited: 'data-unlimited',
} as const
