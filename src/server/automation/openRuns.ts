import type { UnixSeconds } from '../../permissions/permission.js'
import type { DatabaseQuery } from './database.js'
import type { RunKey } from './jobId.js'
import { isPausedSql } from './pauses.js'
import type { RunBudget } from './rule.js'
import { keyOf } from './runBook.js'

/** Takes a run out of the queue while it is paused. False: it is not paused any more. */
export async function holdRun(query: DatabaseQuery, { rule, session, period }: RunKey): Promise<boolean> {
  const { rows } = await query(
    `update session_keys.runs r set held = true where rule = $1 and session = $2 and period = $3 and status = 'due' and ${isPausedSql('r')} returning 1 as held`,
    [rule, session, period],
  )
  return rows.length > 0
}

/** Those that were held and are not paused any more, or whose time is over: that has to be found out, for something may have been sent before. */
export async function releaseRuns(query: DatabaseQuery, now: UnixSeconds): Promise<readonly RunKey[]> {
  const { rows } = await query(
    `update session_keys.runs r set held = false, try_at = now() where status = 'due' and held and (until <= $1::bigint or not ${isPausedSql('r')}) returning rule, session, period`,
    [now],
  )
  return (rows as RunKey[]).map(keyOf)
}

/** All that should be in the queue: what a database was restored without, say. */
export async function queuedRuns(query: DatabaseQuery, rules: readonly string[]): Promise<readonly RunKey[]> {
  const { rows } = await query("select rule, session, period from session_keys.runs where status = 'due' and not held and try_at <= now() and rule = any($1::text[])", [rules])
  return (rows as RunKey[]).map(keyOf)
}

/** Whether something is being done, or could be done right now. */
export async function isBusy(query: DatabaseQuery, rules: readonly string[]): Promise<boolean> {
  const { rows } = await query("select 1 as busy from session_keys.runs where status = 'due' and not held and try_at <= now() and rule = any($1::text[]) limit 1", [rules])
  return rows.length > 0
}

/** A dead letter is open again. Returns the status that it had, where that is none to try again. */
export async function reopenRun(query: DatabaseQuery, { rule, session, period }: RunKey): Promise<{ reopened: boolean; status: string | undefined }> {
  const { rows } = await query(
    `update session_keys.runs set status = 'due', attempts = 0, held = false, try_at = now() where rule = $1 and session = $2 and period = $3
     and status in ('failed', 'over-budget') returning 1 as reopened`,
    [rule, session, period],
  )
  if (rows.length > 0) return { reopened: true, status: undefined }
  const found = await query('select status from session_keys.runs where rule = $1 and session = $2 and period = $3', [rule, session, period])
  return { reopened: false, status: found.rows[0]?.['status'] as string | undefined }
}

/**
 * Counts a run against its rule's budget, before anything of it is sent; one that is tried again is counted once, and one that did not happen
 * gives its place back. In a transaction: of two at once the second sees the first.
 */
export async function admitRun(query: DatabaseQuery, { rule, session, period }: RunKey, { runs, perSeconds }: RunBudget, now: UnixSeconds): Promise<boolean> {
  await query('select pg_advisory_xact_lock(hashtextextended($1, 1))', [`session_keys.budget ${rule} ${session}`])
  const { rows } = await query(
    `update session_keys.runs set admitted_at = coalesce(admitted_at, $4::bigint) where rule = $1 and session = $2 and period = $3 and (admitted_at is not null or (
       select count(*) from session_keys.runs o where o.rule = $1 and o.session = $2 and o.admitted_at > $4::bigint - $5::bigint) < $6::int) returning 1 as admitted`,
    [rule, session, period, now, perSeconds, runs],
  )
  return rows.length > 0
}
