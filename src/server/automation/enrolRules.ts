import type { UnixSeconds } from '../../permissions/permission.js'
import type { Session, SessionId } from '../../sessions/session.js'
import { usableStatuses } from '../../sessions/status.js'
import { renews } from '../agent/endings.js'
import type { SessionAgent } from '../createSessionAgent.js'
import type { AutomationRule } from './automationRule.js'
import type { Database } from './database.js'
import { OverlappingRunsError, spelledSeconds } from './errors.js'
import { enterRows, knownRows, ruleSince, type KnownRow, type ScheduleRow } from './schedule.js'
import { enrolledAt, firstPeriod, isOfDefinition, nextPeriod, timingOf } from './timing.js'

export type EnrolRulesParameters = {
  agent: SessionAgent
  database: Database
  rules: readonly AutomationRule[]
  onError: (error: Error, about: { rule: string; session: string }) => void
}

/** Has every session that a rule is for in its schedule. All sessions are read once, when a process begins; after that the new ones. */
export function createRuleEnrolment({ agent, database, rules, onError }: EnrolRulesParameters): (now: UnixSeconds) => Promise<void> {
  const since = new Map<string, UnixSeconds>()
  let lookedAtMs: number | undefined
  /** When a session was entered: it stays noted for a while, and is not read again. */
  const entered = new Map<SessionId, number>()

  async function enter(sessions: readonly Session[], now: UnixSeconds): Promise<void> {
    if (sessions.length === 0) return
    const known = await knownRows(database.query, sessions.map(({ id }) => id))
    const rows: ScheduleRow[] = []
    for (const session of sessions) {
      for (const rule of rules.filter((rule) => isOfDefinition(rule, session))) {
        try {
          const row = rowFor(rule, session, { now, since: since.get(rule.name) ?? now, known: known.get(`${rule.name} ${session.id}`) })
          if (row) rows.push(row)
        } catch (error) {
          onError(error as Error, { rule: rule.name, session: session.id })
        }
      }
    }
    await enterRows(database.query, rows)
  }

  return async (now) => {
    const startedAtMs = Date.now()
    for (const { name } of rules) if (!since.has(name)) since.set(name, await ruleSince(database.query, name, now))
    let page: Session[] = []
    const enterPage = async () => {
      await enter(page, now)
      for (const { id } of page) entered.set(id, startedAtMs)
      page = []
    }
    const sinceMs = lookedAtMs === undefined ? undefined : lookedAtMs - overlapMs
    for await (const session of agent.enrolled({ sinceMs, without: entered })) {
      if (isUsable(session)) page.push(session)
      if (page.length === pageSize) await enterPage()
    }
    await enterPage()
    if (sinceMs !== undefined) for (const [id, atMs] of entered) if (atMs < sinceMs - overlapMs) entered.delete(id)
    lookedAtMs = startedAtMs
  }
}

/** By so much the clocks of servers may differ, and so long a session may take from its note to being active. */
const overlapMs = 10 * 60_000
const pageSize = 200

function isUsable(session: Session): boolean {
  return usableStatuses.includes(session.status) && (session.status === 'active' || renews(session))
}

type Known = { now: UnixSeconds; since: UnixSeconds; known: KnownRow | undefined }

function rowFor(rule: AutomationRule, session: Session, { now, since, known }: Known): ScheduleRow | undefined {
  const row = { rule: rule.name, session: session.id, state: '' }
  switch (rule.kind) {
    case 'recurring': {
      const times = timingOf(rule, session)
      const timing = JSON.stringify(times)
      if (timing === known?.timing) return undefined
      refuseGranted(rule.name, times.every, times.periods)
      // Of a rule that was changed nothing is run that its old form may have run, and nothing is left out that was due.
      const first = known ? nextPeriod(times, Math.min(known.nextAt - 1, now)) : firstPeriod(times, Math.max(times.anchor, since, Math.min(now, enrolledAt(rule, session))))
      return first && { ...row, nextAt: first.dueAt, timing }
    }
    case 'condition':
      return known ? undefined : { ...row, nextAt: now, timing: '' }
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
