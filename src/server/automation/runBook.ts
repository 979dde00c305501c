import type { Hash } from 'viem'
import type { UnixSeconds } from '../../permissions/permission.js'
import { fromJsonText, toJsonText } from '../../sessions/jsonText.js'
import type { SessionId } from '../../sessions/session.js'
import type { CallMade } from '../../sessions/sessionAction.js'
import type { DatabaseQuery } from './database.js'
import type { RunKey } from './jobId.js'
import { isPausedSql } from './pauses.js'
import type { Run, RunStatus } from './run.js'

export type NewRun = RunKey & {
  dueAt: UnixSeconds
  until?: UnixSeconds | undefined
  status: 'due' | 'missed'
  at?: UnixSeconds | undefined
  error?: Run['error'] | undefined
}

/** Writes runs down that are not there yet. Returns those of them that are due, and not paused: the ones for the queue. */
export async function addRuns(query: DatabaseQuery, runs: readonly NewRun[]): Promise<readonly RunKey[]> {
  if (runs.length === 0) return []
  const { rows } = await query(
    `insert into session_keys.runs (rule, session, period, due_at, until, status, at, error_name, error_message, held)
     select r.rule, r.session, r.period, r.due_at, r.until, r.status, r.at, r.error_name, r.error_message, r.status = 'due' and ${isPausedSql('r')}
     from json_to_recordset($1::json) as r (rule text, session text, period text, due_at bigint, until bigint, status text, at bigint, error_name text, error_message text)
     on conflict do nothing returning rule, session, period, status, held`,
    [JSON.stringify(runs.map(({ dueAt, error, ...run }) => ({ ...run, due_at: dueAt, error_name: error?.name, error_message: error?.message })))],
  )
  return (rows as (RunKey & { status: string; held: boolean })[]).filter(({ status, held }) => status === 'due' && !held).map(keyOf)
}

export type RunsQuery = {
  session?: SessionId | undefined
  rule?: string | undefined
  status?: RunStatus | undefined
  /** @default 100 */
  limit?: number | undefined
  /** Only those that come after this one. */
  after?: RunKey | undefined
}

/** The newest first. */
export async function listRuns(query: DatabaseQuery, { session, rule, status, limit = 100, after }: RunsQuery): Promise<readonly Run[]> {
  const { rows } = await query(
    `select * from session_keys.runs where ($1::text is null or session = $1) and ($2::text is null or rule = $2) and ($3::text is null or status = $3)
     and ($4::text is null or seq < (select seq from session_keys.runs where rule = $4 and session = $5 and period = $6)) order by seq desc limit $7::int`,
    [session ?? null, rule ?? null, status ?? null, after?.rule ?? null, after?.session ?? null, after?.period ?? null, limit],
  )
  return rows.map((row) => runIn(row as RunRow))
}

export type RunCounts = { readonly [status in RunStatus]: number }

/** How many there are of each status. */
export async function countRuns(query: DatabaseQuery, { session, rule }: Pick<RunsQuery, 'session' | 'rule'>): Promise<RunCounts> {
  const { rows } = await query(
    'select status, count(*) as runs from session_keys.runs where ($1::text is null or session = $1) and ($2::text is null or rule = $2) group by status',
    [session ?? null, rule ?? null],
  )
  const counts = { due: 0, done: 0, nothing: 0, missed: 0, 'over-budget': 0, ended: 0, failed: 0 }
  for (const { status, runs } of rows as { status: RunStatus; runs: string | number }[]) counts[status] = Number(runs)
  return counts
}

export type OpenRun = Run & { isPaused: boolean }

export async function readRun(query: DatabaseQuery, { rule, session, period }: RunKey, { lock = false } = {}): Promise<OpenRun | undefined> {
  const { rows } = await query(
    `select r.*, ${isPausedSql('r')} as paused from session_keys.runs r where rule = $1 and session = $2 and period = $3 ${lock ? 'for update of r' : ''}`,
    [rule, session, period],
  )
  const row = rows[0] as (RunRow & { paused: boolean }) | undefined
  return row && { ...runIn(row), isPaused: row.paused }
}

export type RunResult = {
  status: RunStatus
  attempts: number
  calls: readonly CallMade[]
  transactionHash?: Hash | undefined
  at: UnixSeconds
  error?: Run['error'] | undefined
  /** How long the next try has to wait. */
  delaySeconds?: number | undefined
}

/**
 * What happened with another effect than expected did happen, and counts in the budget.
 * That it is done is true whatever was believed before; anything else only of a run that is open. Returns whether it was written.
 */
export async function writeResult(query: DatabaseQuery, { rule, session, period }: RunKey, result: RunResult): Promise<boolean> {
  const { status, attempts, calls, transactionHash, at, error, delaySeconds = 0 } = result
  const { rows } = await query(
    `update session_keys.runs set status = $4, attempts = $5::int, calls = $6, transaction_hash = $7, at = $8::bigint, error_name = $9, error_message = $10, held = false,
     admitted_at = case when $4 in ('done', 'due') or $9 = 'EffectMissingError' then admitted_at end, try_at = now() + $11::float8 * interval '1 second'
     where rule = $1 and session = $2 and period = $3 and (status = 'due' or ($4 = 'done' and status <> 'done')) returning 1 as written`,
    [rule, session, period, status, attempts, toJsonText(calls), transactionHash ?? null, at, error?.name ?? null, error?.message ?? null, delaySeconds],
  )
  return rows.length > 0
}

type RunRow = RunKey & {
  due_at: string | number
  until: string | number | null
  status: RunStatus
  attempts: number
  calls: string
  transaction_hash: Hash | null
  at: string | number | null
  error_name: string | null
  error_message: string | null
}

function runIn(row: RunRow): Run {
  const { until, at, transaction_hash: transactionHash, error_name: name, error_message: message } = row
  return {
    ...keyOf(row),
    dueAt: Number(row.due_at),
    status: row.status,
    attempts: row.attempts,
    calls: fromJsonText(row.calls) as readonly CallMade[],
    ...(until === null ? {} : { until: Number(until) }),
    ...(transactionHash === null ? {} : { transactionHash }),
    ...(at === null ? {} : { at: Number(at) }),
    ...(name === null ? {} : { error: { name, message: message ?? '' } }),
  }
}

export function keyOf({ rule, session, period }: RunKey): RunKey {
  return { rule, session, period }
}
