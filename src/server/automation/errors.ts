import { SessionKeyError } from '../../errors/SessionKeyError.js'
import type { UnixSeconds } from '../../permissions/permission.js'

/** A rule that cannot be. */
export class InvalidRuleError extends SessionKeyError {
  override readonly name = 'InvalidRuleError'
  constructor({ rule, problem, help }: { rule: string; problem: string; help: string }) {
    super(`Rule "${rule.slice(0, 80)}" ${problem}.`, { metaMessages: [help] })
  }
}

/** Two runs of a rule can fall into one period of a permission: the second would find its allowance used, and fail every time. */
export class OverlappingRunsError extends SessionKeyError {
  override readonly name = 'OverlappingRunsError'
  /** The two runs, where the rule names moments; for `every`, seconds from the start of a session. */
  readonly runs: readonly [number, number]
  readonly periodSeconds: number
  constructor({ rule, runs, periodSeconds, words }: { rule: string; runs: readonly [number, number]; periodSeconds: number; words: readonly [string, string] }) {
    super(`Rule "${rule}" would run ${words[0]} and again ${words[1]}, which can be one period of its permission (${spelledSeconds(periodSeconds)}).`, {
      metaMessages: [
        "A period's allowance is there once. Let the rule run as often as the permission begins a period (leave out `every` and `cron`), or more seldom.",
        'If it does not use that permission, say which ones it uses: `uses`.',
      ],
    })
    this.runs = runs
    this.periodSeconds = periodSeconds
  }
}

export function spelledSeconds(seconds: number): string {
  for (const [name, size] of [['day', 86_400], ['hour', 3_600], ['minute', 60]] as const) {
    if (seconds >= size && seconds % size === 0) return seconds === size ? `one ${name}` : `${seconds / size} ${name}s`
  }
  return `${seconds} seconds`
}

/** A rule with a schedule has no such period for this session. */
export class UnknownPeriodError extends SessionKeyError {
  override readonly name = 'UnknownPeriodError'
  constructor({ rule, period }: { rule: string; period: string }) {
    super(`Rule "${rule}" has no period "${period.slice(0, 80)}" for this session.`, { metaMessages: ['periodAt({ rule, session, now }) names the one that a moment is in.'] })
  }
}

/** The automation has no rule of this name. */
export class UnknownRuleError extends SessionKeyError {
  override readonly name = 'UnknownRuleError'
  constructor({ rule, rules }: { rule: string; rules: readonly string[] }) {
    super(`There is no rule "${rule.slice(0, 80)}" here.`, { metaMessages: [`It has: ${rules.join(', ') || 'none'}.`] })
  }
}

/** There is nothing to try again. */
export class RunNotFailedError extends SessionKeyError {
  override readonly name = 'RunNotFailedError'
  constructor({ rule, session, period, status }: { rule: string; session: string; period: string; status: string | undefined }) {
    super(`Run ${period} of rule "${rule}" for session ${session} is ${status ?? 'not known'}, so it is not tried again.`, {
      metaMessages: ['A run that is `failed` or `over-budget` can be: automation.runs({ status: "failed" }) lists them.'],
    })
  }
}

/** It was not started, or it was stopped. */
export class AutomationNotRunningError extends SessionKeyError {
  override readonly name = 'AutomationNotRunningError'
  constructor() {
    super('This automation is not running, so nothing in its queue would ever be done.', { metaMessages: ['Call automation.start() first.'] })
  }
}

/** Several chains, and nobody said whose time counts. */
export class ClockNotNamedError extends SessionKeyError {
  override readonly name = 'ClockNotNamedError'
  constructor({ chainIds }: { chainIds: readonly number[] }) {
    super(`The agent acts on ${chainIds.length} chains (${chainIds.join(', ')}), so it is not clear by whose time things are due.`, {
      metaMessages: ['Give createAutomation a `chainId`, or a `clock`.'],
    })
  }
}

export function isoTime(time: UnixSeconds): string {
  return new Date(time * 1_000).toISOString().replace('.000Z', 'Z')
}
