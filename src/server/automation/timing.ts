import { defaultSessionName } from '../../permissions/defineSession.js'
import type { UnixSeconds } from '../../permissions/permission.js'
import { endOf, type Session } from '../../sessions/session.js'
import { createCronTimes, type CronSchedule } from './cronTimes.js'
import { isoTime, UnknownPeriodError } from './errors.js'
import { grantedPeriods, periodicOf, periodStart, type OnChainPeriods } from './periodic.js'
import type { RecurringRule } from './recurring.js'

/** When a rule runs for one session: all that its schedule has to know of the session. Plain data, stored with the schedule. */
export type Timing = {
  rule: string
  /** Since when the session's periods count. */
  anchor: UnixSeconds
  every?: number | undefined
  cron?: CronSchedule | undefined
  within?: number | undefined
  /** Of the granted permissions that it uses. */
  periods: readonly OnChainPeriods[]
  /** Nothing is due from this moment on. */
  end: UnixSeconds
}

/** One time of a rule, for one session. */
export type Period = {
  /** When it begins: unique, whatever becomes of the rule. */
  period: string
  dueAt: UnixSeconds
  /** It happens before this moment, or not at all. */
  until: UnixSeconds
}

export function timingOf(rule: RecurringRule, session: Session): Timing {
  const periods = grantedPeriods(rule, session)
  const [first] = periods
  const { cron, within } = rule
  // Of an optional one that was not granted, the period is as it was asked for.
  const every = cron ? undefined : (rule.every ?? first?.seconds ?? periodicOf(rule)[0]?.period)
  return { rule: rule.name, anchor: first?.start ?? enrolledAt(rule, session), every, cron, within, periods, end: Math.min(session.expiry, endOf(session)) }
}

/** When the session was enrolled: by its chain's time where its definition tells that, by the server's otherwise. */
export function enrolledAt({ session: definition }: Pick<RecurringRule, 'session'>, { asked, createdAt }: Session): UnixSeconds {
  if (typeof definition.expiry !== 'number') return asked.expiry - definition.expiry.seconds
  return Math.floor(createdAt / 1_000)
}

/** The period that begins at a moment. */
function periodFrom(timing: Timing, dueAt: UnixSeconds): Period {
  const next = dueAfter(timing, dueAt)
  const limits = [timing.end, dueAt + (timing.within ?? Number.POSITIVE_INFINITY)]
  // It may take as long as it does not use the allowance of the next one.
  if (next !== undefined) limits.push(next, ...timing.periods.map((period) => periodStart(period, next)))
  return { period: isoTime(dueAt), dueAt, until: Math.min(...limits) }
}

function dueAfter({ rule, anchor, every, cron }: Timing, time: UnixSeconds): UnixSeconds | undefined {
  if (cron) return createCronTimes(rule, cron).after(Math.max(time, anchor - 1))
  if (every === undefined) return undefined
  return time < anchor ? anchor : anchor + (Math.floor((time - anchor) / every) + 1) * every
}

/** The period that comes after a moment. Undefined: the session is over by then. */
export function nextPeriod(timing: Timing, time: UnixSeconds): Period | undefined {
  const due = dueAfter(timing, time)
  return due === undefined || due >= timing.end ? undefined : periodFrom(timing, due)
}

/** The first period of which something is left at a moment. */
export function firstPeriod(timing: Timing, time: UnixSeconds): Period | undefined {
  return periodsBetween(timing, timing.anchor, time, 1).periods.find(({ until }) => until > time) ?? nextPeriod(timing, time)
}

/** Those that begin from `from` until `to`, both included: the last `most` of them. */
export function periodsBetween(timing: Timing, from: UnixSeconds, to: UnixSeconds, most: number): { periods: readonly Period[]; more: boolean } {
  const { rule, anchor, every, cron, end } = timing
  const last = Math.min(to, end - 1)
  if (cron) {
    const dues = createCronTimes(rule, cron).lastUntil(last, most + 1).filter((due) => due >= Math.max(from, anchor))
    return { periods: dues.slice(-most).map((due) => periodFrom(timing, due)), more: dues.length > most }
  }
  if (every === undefined) return { periods: [], more: false }
  const first = Math.max(0, Math.ceil((from - anchor) / every))
  const count = Math.floor((last - anchor) / every) - first + 1
  const kept = Math.max(0, Math.min(count, most))
  return { periods: Array.from({ length: kept }, (_, index) => periodFrom(timing, anchor + (first + count - kept + index) * every)), more: count > kept }
}

/** @throws {UnknownPeriodError} */
export function periodNamed(timing: Timing, name: string): Period {
  const due = Date.parse(name) / 1_000
  const found = Number.isInteger(due) ? periodsBetween(timing, due, due, 1).periods[0] : undefined
  if (found?.period !== name) throw new UnknownPeriodError({ rule: timing.rule, period: name })
  return found
}

/** For a scheduler of your own: the period that a moment is in. Undefined where the session has none then. */
export function periodAt({ rule, session, now }: { rule: RecurringRule; session: Session; now: UnixSeconds }): Period | undefined {
  const timing = timingOf(rule, session)
  return periodsBetween(timing, timing.anchor, now, 1).periods.find(({ until }) => until > now)
}

/** Whether a session was enrolled for a definition. */
export function isOfDefinition({ session: definition }: Pick<RecurringRule, 'session'>, session: Session): boolean {
  return session.name === (definition.name ?? defaultSessionName) && (definition.chainId === undefined || definition.chainId === session.chainId)
}
