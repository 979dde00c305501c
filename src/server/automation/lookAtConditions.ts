import type { UnixSeconds } from '../../permissions/permission.js'
import { usableStatuses } from '../../sessions/status.js'
import type { SessionAgent } from '../createSessionAgent.js'
import type { ConditionRule } from './condition.js'
import { afterLook, newConditionState, type ConditionState } from './conditionState.js'
import type { Database } from './database.js'
import type { JobQueue } from './jobQueue.js'
import { inTime } from './inTime.js'
import { addRuns } from './runBook.js'
import { dropRows, moveRows, takeDue, type ScheduleRow } from './schedule.js'

export type LookParameters = {
  agent: SessionAgent
  database: Database
  queue: JobQueue
  rules: ReadonlyMap<string, ConditionRule>
  now: UnixSeconds
  onError: (error: Error, about: { rule: string; session: string }) => void
}

/** Reads the conditions whose look is due; what fires comes into the queue. Returns how many did. */
export async function lookAtConditions(parameters: LookParameters): Promise<number> {
  const { database, rules, now } = parameters
  if (rules.size === 0) return 0
  for (let queued = 0; ; ) {
    // The next look is set before this one is made: of several processes one looks.
    const taken = await database.transaction(async (query) => {
      const rows = await takeDue(query, [...rules.keys()], { now, most: batch, withPaused: false })
      await moveRows(query, rows.map((row) => ({ ...row, nextAt: nextLook(rules.get(row.rule), now) })))
      return rows
    })
    for (const fired of await Promise.all(taken.map((row) => look(parameters, row)))) queued += fired
    if (taken.length < batch) return queued
  }
}

const nextLook = (rule: ConditionRule | undefined, now: UnixSeconds): UnixSeconds => now + (rule?.lookEverySeconds ?? 1)

/** At once: as many reads are on their way. */
const batch = 50

async function look({ agent, database, queue, rules, now, onError }: LookParameters, row: ScheduleRow): Promise<number> {
  const rule = rules.get(row.rule)
  if (!rule) return 0
  let isTrue: boolean
  try {
    const session = await agent.session(row.session)
    if (!session || !usableStatuses.includes(session.status) || session.expiry <= now) {
      await dropRows(database.query, [row])
      return 0
    }
    isTrue = await inTime(rule, 'when', () => rule.when({ client: agent.client(session.chainId), session, now }))
  } catch (error) {
    // What could not be read is neither true nor false.
    onError(error instanceof Error ? error : new Error(String(error)), row)
    return 0
  }
  return database.transaction(async (query) => {
    const { rows } = await query('select state, next_at from session_keys.schedule where rule = $1 and session = $2 for update', [row.rule, row.session])
    const stored = rows[0]?.['state'] as string | undefined
    // Who looked later knows better.
    if (stored === undefined || Number(rows[0]?.['next_at']) !== nextLook(rule, now)) return 0
    const open = await query("select 1 as open from session_keys.runs where rule = $1 and session = $2 and status = 'due' limit 1", [row.rule, row.session])
    const before = stored === '' ? newConditionState : (JSON.parse(stored) as ConditionState)
    const { state, fires } = afterLook(rule, before, { isTrue, isOpen: open.rows.length > 0, now })
    await query('update session_keys.schedule set state = $3 where rule = $1 and session = $2', [row.rule, row.session, JSON.stringify(state)])
    if (!fires) return 0
    const runs = await addRuns(query, [{ rule: row.rule, session: row.session, period: String(state.firings), dueAt: now, status: 'due' }])
    await queue.add(query, runs)
    return runs.length
  })
}
