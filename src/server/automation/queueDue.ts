import type { UnixSeconds } from '../../permissions/permission.js'
import type { Database } from './database.js'
import type { JobQueue } from './jobQueue.js'
import { addRuns, type NewRun } from './runBook.js'
import { dropRows, moveRows, takeDue, type ScheduleRow } from './schedule.js'
import { nextPeriod, periodsBetween, type Timing } from './timing.js'

export type QueueDueParameters = {
  database: Database
  queue: JobQueue
  rules: readonly string[]
  now: UnixSeconds
  onError: (error: Error, about: { rule: string; session: string }) => void
}

/** Puts what is due by now into the queue, and writes down what was missed. Costs by what is due. Returns how many came into the queue. */
export async function queueDue({ database, queue, rules, now, onError }: QueueDueParameters): Promise<number> {
  if (rules.length === 0) return 0
  for (let queued = 0; ; ) {
    const taken = await database.transaction(async (query) => {
      const rows = await takeDue(query, rules, { now, most: batch, withPaused: true })
      const plans = rows.map((row) => planOrPutOff(row, now, onError))
      const runs = await addRuns(query, plans.flatMap((plan) => plan.runs))
      await queue.add(query, runs)
      await moveRows(query, plans.flatMap(({ row, nextAt }) => (nextAt === undefined ? [] : [{ ...row, nextAt }])))
      await dropRows(query, plans.flatMap(({ row, nextAt }) => (nextAt === undefined ? [row] : [])))
      return { rows: rows.length, runs: runs.length }
    })
    queued += taken.runs
    if (taken.rows < batch) return queued
  }
}

const batch = 500
/** So many periods that were missed in a row are written down, each by itself. */
const mostMissed = 100

type Plan = { row: ScheduleRow; runs: readonly NewRun[]; nextAt: UnixSeconds | undefined }

/** One that cannot be read is in nobody else's way. */
function planOrPutOff(row: ScheduleRow, now: UnixSeconds, onError: QueueDueParameters['onError']): Plan {
  try {
    return planRow(row, now)
  } catch (error) {
    onError(error instanceof Error ? error : new Error(String(error)), row)
    return { row, runs: [], nextAt: now + putOffSeconds }
  }
}

const putOffSeconds = 3_600

function planRow(row: ScheduleRow, now: UnixSeconds): Plan {
  const timing = JSON.parse(row.timing) as Timing
  const { periods, more } = periodsBetween(timing, row.nextAt, now, mostMissed)
  const runs = periods.map(({ period, dueAt, until }, index): NewRun => {
    const run = { rule: row.rule, session: row.session, period, dueAt, until }
    if (until > now) return { ...run, status: 'due' }
    const message = index === 0 && more ? 'Its period was over before anybody looked, and so were others before it.' : 'Its period was over before anybody looked.'
    return { ...run, status: 'missed', at: now, error: { name: 'PeriodMissed', message } }
  })
  return { row, runs, nextAt: nextPeriod(timing, now)?.dueAt }
}
