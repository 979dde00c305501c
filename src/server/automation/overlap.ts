import type { UnixSeconds } from '../../permissions/permission.js'
import { createCronTimes, type CronTimes } from './cronTimes.js'
import { isoTime, OverlappingRunsError, spelledSeconds } from './errors.js'
import { periodicOf, periodStart, type PeriodicPermission } from './periodic.js'
import type { RecurringRule } from './recurring.js'

/**
 * Refuses a rule of which two runs can fall into one period of a permission that it uses. Periods are counted from the grant, so where the
 * permission names no start of its own, any two moments less than a period apart can.
 * @throws {OverlappingRunsError}
 */
export function refuseOverlaps(rule: RecurringRule): void {
  const { name, every, cron } = rule
  for (const permission of periodicOf(rule)) {
    const periodSeconds = permission.period
    if (every !== undefined && every < periodSeconds) {
      throw new OverlappingRunsError({ rule: name, runs: [0, every], periodSeconds, words: ['when a period begins', `${spelledSeconds(every)} later`] })
    }
    const runs = cron && firstOverlap(createCronTimes(name, cron), permission, cron.timeZone)
    if (runs) throw new OverlappingRunsError({ rule: name, runs, periodSeconds, words: [`at ${isoTime(runs[0])}`, `at ${isoTime(runs[1])}`] })
  }
}

function firstOverlap(times: CronTimes, { period, startTime }: PeriodicPermission, timeZone: string): readonly [UnixSeconds, UnixSeconds] | undefined {
  const inOnePeriod = (a: UnixSeconds, b: UnixSeconds) =>
    startTime === undefined ? b - a < period : periodStart({ start: startTime, seconds: period }, a) === periodStart({ start: startTime, seconds: period }, b)
  const walk = (from: UnixSeconds, to: UnixSeconds, most: number) => {
    let before = times.after(from)
    for (let step = 0; before !== undefined && before < to && step < most; step += 1) {
      const next = times.after(before)
      if (next === undefined) return undefined
      if (inOnePeriod(before, next)) return [before, next] as const
      before = next
    }
    return undefined
  }
  // One that runs more often than daily is not walked to the end: its gaps change where a month ends and where clocks are changed.
  return walk(firstMoment, lastMoment, mostSteps) ?? turningPoints(timeZone).map((time) => walk(time - 3 * 3_600, lastMoment, stepsAround)).find((found) => found !== undefined)
}

/** The same span whenever the rule is defined, so that it is not refused next year: four years, one of them with a 29 February. */
const firstMoment = Date.UTC(2026, 0, 1) / 1_000
const lastMoment = Date.UTC(2030, 0, 3) / 1_000
const mostSteps = 1_600
const stepsAround = 40

function turningPoints(timeZone: string): readonly UnixSeconds[] {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' })
  const offset = (time: UnixSeconds) => format.formatToParts(time * 1_000).find(({ type }) => type === 'timeZoneName')?.value
  const points: UnixSeconds[] = []
  for (let day = 0; day < 365; day += 1) {
    const noon = firstMoment + day * 86_400 + 43_200
    // Clocks are changed at night: between one noon and the next.
    if (offset(noon) !== offset(noon + 86_400)) points.push(noon + 36_000)
    if (new Date((noon + 86_400) * 1_000).getUTCDate() === 1) points.push(noon + 36_000)
  }
  return points
}
