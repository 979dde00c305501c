import { durationSeconds, type DurationParts } from '../../permissions/expiry.js'
import { createCronTimes, type CronSchedule } from './cronTimes.js'
import { InvalidRuleError } from './errors.js'
import { refuseOverlaps } from './overlap.js'
import { periodicOf } from './periodic.js'
import type { RuleCommon } from './rule.js'
import { checkedCommon } from './ruleCommon.js'

export type RecurringParameters = RuleCommon & {
  /** From one run to the next, counted from the start of the session's permission. Default: the period of its one periodic permission. */
  every?: DurationParts | undefined
  /** At times of a calendar instead. */
  cron?: CronSchedule | undefined
  /** How long after it is due a run may still happen. Default: until the period is over. */
  within?: DurationParts | undefined
  /** Indexes in the session's permissions: those that the calls use. Default: all. */
  uses?: readonly number[] | undefined
}

export type RecurringRule = RuleCommon & {
  kind: 'recurring'
  /** In seconds. */
  every?: number | undefined
  cron?: CronSchedule | undefined
  within?: number | undefined
  uses?: readonly number[] | undefined
}

/**
 * Something to do once in each period: of the session's periodic permission, or of a length or calendar of its own. A period that is over
 * before it was done is missed, and never made up for.
 *
 * @throws {InvalidRuleError}
 * @throws {OverlappingRunsError} two runs can fall into one period of a permission
 */
export function recurring(parameters: RecurringParameters): RecurringRule {
  const { every, cron, within, ...common } = parameters
  const { name, session, uses } = common
  const rule: RecurringRule = {
    ...checkedCommon(common),
    kind: 'recurring',
    every: every && seconds(name, 'every', every),
    cron,
    within: within && seconds(name, 'within', within),
  }
  if (every && cron) throw new InvalidRuleError({ rule: name, problem: 'has both `every` and `cron`', help: 'Leave one of them out.' })
  if (uses?.some((index) => session.permissions[index] === undefined)) {
    throw new InvalidRuleError({ rule: name, problem: 'uses a permission that its session does not ask for', help: '`uses` are indexes in session.permissions, from 0 on.' })
  }
  if (cron) createCronTimes(name, cron)
  if (!every && !cron) requireOnePeriod(rule)
  refuseOverlaps(rule)
  return rule
}

function requireOnePeriod(rule: RecurringRule): void {
  const periods = new Set(periodicOf(rule).map(({ period, startTime }) => `${period} from ${startTime ?? 'the grant'}`))
  if (periods.size === 1) return
  const problem = periods.size === 0 ? 'does not say when it runs, and its session has no periodic permission' : 'does not say when it runs, and its session has permissions of several periods'
  throw new InvalidRuleError({ rule: rule.name, problem, help: 'Give it `every: { days: 1 }`, or `cron`, or say with `uses` whose period counts.' })
}

function seconds(rule: string, what: string, parts: DurationParts): number {
  const length = durationSeconds(parts)
  if (length > 0 && Number.isFinite(length)) return length
  throw new InvalidRuleError({ rule, problem: `has an \`${what}\` of no length`, help: 'Write { days: 1 }, { hours: 6 }, …' })
}
