import type { UnixSeconds } from '../../permissions/permission.js'
import type { SessionId } from '../../sessions/session.js'
import type { DatabaseQuery } from './database.js'
import { isPausedSql } from './pauses.js'

/** When a rule is due next, for one session. */
export type ScheduleRow = {
  rule: string
  session: SessionId
  nextAt: UnixSeconds
  /** JSON: the rule's times for this session. Another one, from a rule that was changed, takes its place. */
  timing: string
  /** JSON: what a condition remembers from one look to the next. */
  state: string
}

/** Rows of sessions that are new; of those whose rule has other times now. */
export async function enterRows(query: DatabaseQuery, rows: readonly ScheduleRow[]): Promise<void> {
  if (rows.length === 0) return
  await query(
    `insert into session_keys.schedule as s (rule, session, next_at, timing, state)
     select r.rule, r.session, r.next_at, r.timing, r.state from json_to_recordset($1::json) as r (rule text, session text, next_at bigint, timing text, state text)
     on conflict (rule, session) do update set next_at = excluded.next_at, timing = excluded.timing where s.timing <> excluded.timing`,
    [JSON.stringify(rows.map(({ nextAt, ...row }) => ({ ...row, next_at: nextAt })))],
  )
}

export type KnownRow = Pick<ScheduleRow, 'nextAt' | 'timing'>

/** What the schedule has of some sessions, by `rule session`. */
export async function knownRows(query: DatabaseQuery, sessions: readonly SessionId[]): Promise<ReadonlyMap<string, KnownRow>> {
  const { rows } = await query('select rule, session, next_at, timing from session_keys.schedule where session = any($1::text[])', [sessions])
  return new Map(rows.map((row) => [`${String(row['rule'])} ${String(row['session'])}`, { nextAt: Number(row['next_at']), timing: String(row['timing']) }]))
}

/** Takes those that are due, for the length of a transaction: nobody else takes them meanwhile, and none of them twice. */
export async function takeDue(query: DatabaseQuery, rules: readonly string[], { now, most, withPaused }: { now: UnixSeconds; most: number; withPaused: boolean }): Promise<readonly ScheduleRow[]> {
  const { rows } = await query(
    `select rule, session, next_at, timing, state from session_keys.schedule s where rule = any($1::text[]) and next_at <= $2::bigint
     ${withPaused ? '' : `and not ${isPausedSql('s')}`} order by next_at limit $3::int for update of s skip locked`,
    [rules, now, most],
  )
  return rows.map((row) => ({ ...(row as Omit<ScheduleRow, 'nextAt'>), nextAt: Number(row['next_at']) }))
}

export async function moveRows(query: DatabaseQuery, rows: readonly Pick<ScheduleRow, 'rule' | 'session' | 'nextAt'>[]): Promise<void> {
  if (rows.length === 0) return
  await query(
    `update session_keys.schedule s set next_at = r.next_at from json_to_recordset($1::json) as r (rule text, session text, next_at bigint)
     where s.rule = r.rule and s.session = r.session`,
    [JSON.stringify(rows.map(({ rule, session, nextAt }) => ({ rule, session, next_at: nextAt })))],
  )
}

export async function dropRows(query: DatabaseQuery, rows: readonly Pick<ScheduleRow, 'rule' | 'session'>[]): Promise<void> {
  for (const { rule, session } of rows) await query('delete from session_keys.schedule where rule = $1 and session = $2', [rule, session])
}

/** Of a session that has ended. */
export async function dropSession(query: DatabaseQuery, session: SessionId): Promise<void> {
  await query('delete from session_keys.schedule where session = $1', [session])
}

export type NextQuery = { session?: SessionId | undefined; rule?: string | undefined; /** @default 100 */ limit?: number | undefined }

/** When something is due next: of a condition, when it is looked at. */
export type NextRun = {
  rule: string
  session: SessionId
  at: UnixSeconds
  paused: boolean
  /** Of a `recurring` it is done then, of a `condition` looked at. Left out: a rule that this process does not know. */
  kind?: 'recurring' | 'condition' | undefined
}

export async function listNext(query: DatabaseQuery, { session, rule, limit = 100 }: NextQuery): Promise<readonly NextRun[]> {
  const { rows } = await query(
    `select rule, session, next_at, ${isPausedSql('s')} as paused from session_keys.schedule s where ($1::text is null or session = $1) and ($2::text is null or rule = $2)
     order by next_at, rule, session limit $3::int`,
    [session ?? null, rule ?? null, limit],
  )
  return (rows as { rule: string; session: SessionId; next_at: string | number; paused: boolean }[]).map(({ rule, session, next_at, paused }) => ({ rule, session, at: Number(next_at), paused }))
}

/** Since when a rule has been run, by whatever process: what was due before is not missed. */
export async function ruleSince(query: DatabaseQuery, rule: string, now: UnixSeconds): Promise<UnixSeconds> {
  await query('insert into session_keys.rules (rule, since) values ($1, $2::bigint) on conflict do nothing', [rule, now])
  const { rows } = await query('select since from session_keys.rules where rule = $1', [rule])
  return Number(rows[0]?.['since'])
}
