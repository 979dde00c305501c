import type { Database } from '../../../src/server/automation/index.js'

/** How often each was done. */
export type Mischief = { copied: number; repeated: number; handedOut: number; forgotten: number }

/** What goes wrong with the queue of any server, all of it at once, to jobs at random. */
export async function doMischief({ query, transaction }: Database): Promise<Mischief> {
  const count = async (text: string) => (await query(text)).rows.length
  return {
    // What waits or is being done is there a second time, as another job.
    copied: await count(`
      insert into session_keys_jobs.job (id, name, data, retry_limit, expire_in, keep_until, policy)
      select gen_random_uuid(), name, data, retry_limit, expire_in, keep_until, policy from session_keys_jobs.job
      where name = 'runs' and state in ('created', 'active') order by random() limit 2 returning id`),
    // What was done comes again.
    repeated: await count(`
      insert into session_keys_jobs.job (id, name, data, retry_limit, expire_in, keep_until, policy)
      select gen_random_uuid(), 'runs', jsonb_build_object('rule', rule, 'session', session, 'period', period), 10000000, interval '10 seconds', now() + interval '1 day', 'standard'
      from session_keys.runs where status = 'done' order by random() limit 2 returning id`),
    // Somebody is at it, and it is given to somebody else.
    handedOut: await count(`
      update session_keys_jobs.job set state = 'created', started_on = null
      where name = 'runs' and id in (select id from session_keys_jobs.job where name = 'runs' and state = 'active' order by random() limit 2) returning id`),
    // A database that came back without its last second: what was done is not known to have been, nor that it was ever begun.
    forgotten: await transaction(async (query) => {
      const { rows } = await query(`
        update session_keys.runs set status = 'due', attempts = 0, transaction_hash = null
        where (rule, session, period) in (select rule, session, period from session_keys.runs where status = 'done' order by seq desc limit 4)
        and random() < 0.25 returning rule, session, period`)
      for (const { rule, session, period } of rows) {
        await query(`delete from session_keys.rows where kind = 'intent' and grp = $1 and body::json ->> 'id' = $2`, [session, `${String(rule)}:${String(period)}`])
        await query(
          `insert into session_keys_jobs.job (id, name, data, retry_limit, expire_in, keep_until, policy)
           values (gen_random_uuid(), 'runs', $1::jsonb, 10000000, interval '10 seconds', now() + interval '1 day', 'standard')`,
          [JSON.stringify({ rule, session, period })],
        )
      }
      return rows.length
    }),
  }
}
