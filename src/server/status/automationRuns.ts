import type { ServerJobs, ServerNextRun, ServerRun } from '../../sessions/activityWire.js'
import type { SessionId } from '../../sessions/session.js'
import { mostCalls } from '../../sessions/sessionAction.js'
import type { UnixSeconds } from '../../permissions/permission.js'
import type { Run, RunStatus } from '../automation/run.js'
import type { RunPage, PageWanted, RunSource } from './runSource.js'

/** As much of an automation as tells what it does; what `createAutomation` returns has it. */
export type SeenAutomation = {
  runs(query: { session?: SessionId | undefined; status?: RunStatus | undefined; limit?: number | undefined; after?: RunKey | undefined }): Promise<readonly Run[]>
  next(query: { session?: SessionId | undefined; limit?: number | undefined }): Promise<readonly SeenNextRun[]>
  counts(query: { session?: SessionId | undefined }): Promise<ServerJobs>
}

/** `kind`: a recurring rule acts at that moment, a condition is looked at then. */
export type SeenNextRun = { rule: string; session: SessionId; at: UnixSeconds; paused: boolean; kind?: 'recurring' | 'condition' | undefined }

type RunKey = Pick<Run, 'rule' | 'session' | 'period'>

export type AutomationRuns = RunSource & {
  /** Dead letters of all sessions. */
  failed(page: PageWanted): Promise<RunPage<ServerRun & { session: SessionId }>>
  allJobs(): Promise<ServerJobs>
  allNext(limit: number): Promise<readonly (ServerNextRun & { session: SessionId })[]>
}

const mostNext = 20

export function automationRuns(automation: SeenAutomation): AutomationRuns {
  return {
    async ofSession(session, page) {
      const [{ runs, after }, jobs] = await Promise.all([pageOf(automation, { session }, page), automation.counts({ session })])
      return { runs: runs.map(runOf), after, jobs }
    },
    jobs: (session) => automation.counts({ session }),
    next: async (session) => (await automation.next({ session, limit: mostNext })).map(nextOf),
    async failed(page) {
      const { runs, after } = await pageOf(automation, { status: 'failed' }, page)
      return { runs: runs.map((run) => ({ ...runOf(run), session: run.session })), after }
    },
    allJobs: () => automation.counts({}),
    allNext: async (limit) => (await automation.next({ limit })).map((one) => ({ ...nextOf(one), session: one.session })),
  }
}

/** One more than is wanted is asked for, so that the last page is known to be the last. */
async function pageOf(automation: SeenAutomation, query: { session?: SessionId; status?: RunStatus }, { limit, after }: PageWanted): Promise<{ runs: readonly Run[]; after?: string | undefined }> {
  const runs = await automation.runs({ ...query, limit: limit + 1, ...(after === undefined ? {} : { after: keyIn(after, query) }) })
  const shown = runs.slice(0, limit)
  const last = shown.at(-1)
  return { runs: shown, ...(runs.length > limit && last ? { after: cursorOf(last) } : {}) }
}

function cursorOf({ rule, session, period }: RunKey): string {
  return `${rule}:${session}:${period}`
}

/** Whatever a page says, it stays in the session that it asks about. One that there is none of comes before nothing. */
function keyIn(cursor: string, { session: asked }: { session?: SessionId }): RunKey {
  const [rule = '', session = '', ...period] = cursor.split(':')
  return { rule, session: asked ?? session, period: period.join(':') }
}

function runOf({ rule, period, dueAt, at, status, attempts, calls, transactionHash, error }: Run): ServerRun {
  return {
    id: `${rule}:${period}`,
    rule,
    period,
    status,
    dueAt,
    attempts,
    calls: calls.slice(0, mostCalls),
    ...(calls.length > mostCalls ? { moreCalls: calls.length - mostCalls } : {}),
    ...(at === undefined ? {} : { at }),
    ...(transactionHash ? { transactionHash } : {}),
    ...(error ? { error } : {}),
  }
}

function nextOf({ rule, at, paused, kind }: SeenNextRun): ServerNextRun {
  return { rule, at, paused, looks: kind !== 'recurring' }
}
