import type { UnixSeconds } from '../../permissions/permission.js'
import type { Session } from '../../sessions/session.js'
import { usableStatuses } from '../../sessions/status.js'
import type { SessionAgent } from '../createSessionAgent.js'
import type { AutomationRule } from './automationRule.js'
import type { Database } from './database.js'
import { OverlappingRunsError, spelledSeconds } from './errors.js'
import { enterRows, knownTimings, ruleSince, type ScheduleRow } from './schedule.js'
import { enrolledAt, firstPeriod, isOfDefinition, nextPeriod, timingOf } from './timing.js'

export type EnrolRulesParameters = {
  agent: SessionAgent
  database: Database
  rules: readonly AutomationRule[]
  onError: (error: Error, about: { rule: string; session: string }) => void
}

/** Has every session that a rule is for in its schedule. All sessions are read once, when a process begins; after that the new ones. */
export function createRuleEnrolment({ agent, database, rules, onError }: EnrolRulesParameters): (now: UnixSeconds) => Promise<void> {
  let lookedAtMs: number | undefined
  const since = new Map<string, UnixSeconds>()

  async function enter(session: Session, now: UnixSeconds): Promise<void> {
    const own = rules.filter((rule) => isOfDefinition(rule, session))
    if (own.length === 0 || !usableStatuses.includes(session.status)) return
    const known = await knownTimings(database.query, session.id)
    const rows: ScheduleRow[] = []
    for (const rule of own) {
      try {
        const row = rowFor(rule, session, { now, since: since.get(rule.name) ?? now, known: known.get(rule.name) })
        if (row) rows.push(row)
      } catch (error) {
        onError(error as Error, { rule: rule.name, session: session.id })
      }
    }
    await enterRows(database.query, rows)
  }

  return async (now) => {
    const startedAtMs = Date.now()
    for (const { name } of rules) if (!since.has(name)) since.set(name, await ruleSince(database.query, name, now))
    if (lookedAtMs === undefined) {
      for (const session of await agent.sessions({ statuses: usableStatuses })) await enter(session, now)
    } else {
      for await (const id of agent.enrolledSince(lookedAtMs - overlapMs)) {
        const session = await agent.session(id)
        if (session) await enter(session, now)
      }
    }
    lookedAtMs = startedAtMs
  }
}

/** By so much the clocks of servers may differ, and so long a session may take from its note to being active. */
const overlapMs = 10 * 60_000

function rowFor(rule: AutomationRule, session: Session, { now, since, known }: { now: UnixSeconds; since: UnixSeconds; known: string | undefined }): ScheduleRow | undefined {
  const row = { rule: rule.name, session: session.id }
  switch (rule.kind) {
    case 'recurring': {
      const times = timingOf(rule, session)
      const timing = JSON.stringify(times)
      if (timing === known) return undefined
      refuseGranted(rule.name, times.every, times.periods)
      // Of a rule that was changed nothing is run that its old form may have run.
      const first = known === undefined ? firstPeriod(times, Math.max(times.anchor, since, Math.min(now, enrolledAt(rule, session)))) : nextPeriod(times, now)
      return first && { ...row, nextAt: first.dueAt, timing, state: '' }
    }
    case 'condition':
      return known === undefined ? { ...row, nextAt: now, timing: '', state: '' } : undefined
    default:
      return rule satisfies never
  }
}

/** A definition that is made for each user may have asked for another period than the rule's. */
function refuseGranted(rule: string, every: number | undefined, periods: readonly { seconds: number }[]): void {
  const longest = Math.max(0, ...periods.map(({ seconds }) => seconds))
  if (every === undefined || every >= longest) return
  throw new OverlappingRunsError({ rule, runs: [0, every], periodSeconds: longest, words: ['when a period begins', `${spelledSeconds(every)} later`] })
}
