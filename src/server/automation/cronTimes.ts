import { Cron } from 'croner'
import type { UnixSeconds } from '../../permissions/permission.js'
import { InvalidRuleError } from './errors.js'

/** Five fields (minute, hour, day of the month, month, weekday), or six with seconds before them; by the clocks of a place. */
export type CronSchedule = {
  expression: string
  /** IANA's name: `Europe/Berlin`. */
  timeZone: string
}

export type CronTimes = {
  /** The first one later than this. Undefined: there is none any more. */
  after(time: UnixSeconds): UnixSeconds | undefined
  /** The last ones until this moment, itself included, in order. */
  lastUntil(time: UnixSeconds, most: number): readonly UnixSeconds[]
}

/** @throws {InvalidRuleError} an expression or time zone that nobody knows, or that names no moment */
export function createCronTimes(rule: string, { expression, timeZone }: CronSchedule): CronTimes {
  const cron = parsed(rule, expression, timeZone)
  return {
    after(time) {
      const next = cron.nextRun(new Date(time * 1_000))
      return next ? seconds(next) : undefined
    },
    // A reference is not among its own previous runs.
    lastUntil: (time, most) => cron.previousRuns(most, new Date((time + 1) * 1_000)).map(seconds).sort((a, b) => a - b),
  }
}

function parsed(rule: string, expression: string, timeZone: string): Cron {
  const refuse = (why: string) => new InvalidRuleError({ rule, problem: `has a cron that names no time: ${why}`, help: "Write { expression: '0 9 1 * *', timeZone: 'Europe/Berlin' }." })
  if (!timeZone) throw refuse('whose clocks it means is not said')
  let cron: Cron
  try {
    cron = new Cron(expression, { timezone: timeZone, paused: true })
    if (cron.nextRun(new Date(0))) return cron
  } catch (error) {
    throw refuse((error as Error).message)
  }
  throw refuse('it never comes')
}

function seconds(date: Date): UnixSeconds {
  return Math.floor(date.getTime() / 1_000)
}
