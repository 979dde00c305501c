import type { DatabaseQuery } from './database.js'

/** Left out: all of them. */
export type PauseWords = { rule?: string | undefined; session?: string | undefined }

/** Whether a row of `alias`, with its rule and session, is paused. */
export function isPausedSql(alias: string): string {
  return `exists (select 1 from session_keys.pauses p where p.rule in ('', ${alias}.rule) and p.session in ('', ${alias}.session))`
}

export async function pause(query: DatabaseQuery, { rule = '', session = '' }: PauseWords): Promise<void> {
  await query('insert into session_keys.pauses (rule, session) values ($1, $2) on conflict do nothing', [rule, session])
}

/** Lifts what was paused by these words, or by narrower ones. */
export async function lift(query: DatabaseQuery, { rule = '', session = '' }: PauseWords): Promise<void> {
  await query("delete from session_keys.pauses where ($1 = '' or rule = $1) and ($2 = '' or session = $2)", [rule, session])
}
