import { InvalidExpiryError } from './errors.js'
import type { UnixSeconds } from './permission.js'

/** A length of time, marked so that it cannot be taken for a moment. */
export type Duration = { readonly type: 'duration'; readonly seconds: number }

export type DurationParts = { days?: number; hours?: number; minutes?: number; seconds?: number }

/** `expiresIn({ days: 3 })`: counted from the chain's time at the moment of the grant. */
export function expiresIn(parts: DurationParts): Duration {
  const seconds = durationSeconds(parts)
  if (!(seconds > 0 && Number.isFinite(seconds))) throw new InvalidExpiryError('A session must last longer than no time at all, and not for ever.')
  return { type: 'duration', seconds }
}

export function durationSeconds({ days = 0, hours = 0, minutes = 0, seconds = 0 }: DurationParts): number {
  return Math.floor(days * 86_400 + hours * 3_600 + minutes * 60 + seconds)
}

/** 2001-09-09: a smaller number is a duration somebody forgot to mark. */
const earliestMoment = 1_000_000_000
/** The year 5138: a larger number counts milliseconds. */
export const latestMoment = 100_000_000_000

/** A request takes a while: a start this long ago still means "now". */
export const backdatingSeconds = 60

/**
 * Turns what the app wrote into absolute unix seconds.
 * @throws {InvalidExpiryError} milliseconds, an unmarked duration, or a moment that has passed
 */
export function resolveExpiry(expiry: Duration | UnixSeconds, chainTime: UnixSeconds): UnixSeconds {
  if (typeof expiry !== 'number') {
    const end = chainTime + expiry.seconds
    if (end <= latestMoment) return end
    throw new InvalidExpiryError(`A session of ${expiry.seconds} seconds would never end.`)
  }
  if (!Number.isInteger(expiry)) throw new InvalidExpiryError(`${expiry} is not a whole number of seconds.`)
  if (expiry > latestMoment) throw new InvalidExpiryError(`${expiry} looks like milliseconds; an expiry is in seconds.`)
  if (expiry < earliestMoment) throw new InvalidExpiryError(`${expiry} looks like a duration; an expiry is a moment.`)
  if (expiry <= chainTime) throw new InvalidExpiryError(`${expiry} has passed: the chain is at ${chainTime}.`)
  return expiry
}
