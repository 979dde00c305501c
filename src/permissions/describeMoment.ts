import { descriptionContext, type DescribeOptions, type DescriptionContext } from './description.js'
import type { UnixSeconds } from './permission.js'

export type ExpiryDescription = {
  /** `Wed 25 Nov, 18:00 CET`: local time, with the zone's short name on that day. */
  absolute: string
  /** `in 3 days` */
  relative: string
}

export function describeExpiry(
  expiry: UnixSeconds,
  now: UnixSeconds,
  options: Pick<DescribeOptions, 'locale' | 'timeZone' | 'messages'> = {},
): ExpiryDescription {
  const context = descriptionContext({ ...options, now })
  return { absolute: momentText(context, expiry, { zone: true }), relative: relativeText(context.locale, expiry - now) }
}

/** `2 minutes ago`; `now` for what is later, as a clock that was set back makes it. */
export function describeAge(moment: UnixSeconds, now: UnixSeconds, { locale, messages }: Pick<DescribeOptions, 'locale' | 'messages'> = {}): string {
  return relativeText(locale ?? descriptionContext({ messages }).locale, Math.min(0, moment - now))
}

export function momentText({ locale, timeZone, now }: DescriptionContext, moment: UnixSeconds, { zone }: { zone: boolean }): string {
  const year = (seconds: UnixSeconds) =>
    new Intl.DateTimeFormat('en', { year: 'numeric', ...(timeZone ? { timeZone } : {}) }).format(seconds * 1000)
  return new Intl.DateTimeFormat(locale, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    ...(now === undefined || year(now) !== year(moment) ? { year: 'numeric' } : {}),
    hour: '2-digit',
    minute: '2-digit',
    numberingSystem: 'latn',
    ...(timeZone ? { timeZone } : {}),
    ...(zone ? { timeZoneName: 'short' } : {}),
  }).format(moment * 1000)
}

const minute = 60
const hour = 60 * minute
const day = 24 * hour

/** The unit stays small enough that rounding never hides more than a quarter of the time. */
const relativeUnits = [
  { unit: 'year', seconds: 365 * day, from: 2 * 365 * day },
  { unit: 'month', seconds: 30 * day, from: 90 * day },
  { unit: 'day', seconds: day, from: 2 * day },
  { unit: 'hour', seconds: hour, from: 2 * hour },
  { unit: 'minute', seconds: minute, from: 2 * minute },
  { unit: 'second', seconds: 1, from: 0 },
] as const

function relativeText(locale: string, seconds: number): string {
  const { unit, seconds: size } = relativeUnits.find(({ from }) => Math.abs(seconds) >= from) ?? relativeUnits[5]
  // "now", not "in 0 seconds".
  const numeric = seconds === 0 ? 'auto' : 'always'
  return new Intl.RelativeTimeFormat(new Intl.Locale(locale, { numberingSystem: 'latn' }), { numeric }).format(Math.round(seconds / size), unit)
}

const periodUnits = [
  ['day', day],
  ['hour', hour],
  ['minute', minute],
  ['second', 1],
] as const

/** `per day`, `every 6 hours`, `every 1 day, 3 hours`: exact, whatever the length. */
export function periodText({ messages, locale }: DescriptionContext, seconds: number): string {
  if (seconds === 7 * day) return messages.per('week')
  const single = periodUnits.find(([, size]) => size === seconds)
  if (single) return messages.per(single[0])
  return messages.every(durationText(locale, seconds))
}

/** `1 day, 3 hours`: exact. */
export function durationText(locale: string, seconds: number): string {
  const parts: string[] = []
  let rest = seconds
  for (const [unit, size] of periodUnits) {
    const count = Math.floor(rest / size)
    rest -= count * size
    if (count > 0 || (size === 1 && parts.length === 0)) parts.push(new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long', numberingSystem: 'latn' }).format(count))
  }
  return new Intl.ListFormat(locale, { type: 'unit' }).format(parts)
}
