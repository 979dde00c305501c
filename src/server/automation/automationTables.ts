import type { Database } from './database.js'

/**
 * `schedule` when each rule is due next for each session · `runs` what was due, and what became of it · `pauses` what is not to run; an empty
 * word means all · `rules` since when a rule has been run. Times are by the automation's clock, but for `try_at`, which is the database's.
 */
const statements = [
  'create schema if not exists session_keys',
  `create table if not exists session_keys.schedule (
    rule text not null, session text not null, next_at bigint not null, timing text not null, state text not null, primary key (rule, session)
  )`,
  'create index if not exists schedule_due on session_keys.schedule (rule, next_at)',
  'create index if not exists schedule_session on session_keys.schedule (session)',
  `create table if not exists session_keys.runs (
    rule text not null, session text not null, period text not null, seq bigint generated always as identity,
    due_at bigint not null, until bigint, status text not null, attempts integer not null default 0, calls text not null default '[]',
    transaction_hash text, at bigint, error_name text, error_message text,
    held boolean not null default false, admitted_at bigint, try_at timestamptz not null default now(),
    primary key (rule, session, period)
  )`,
  'create unique index if not exists runs_seq on session_keys.runs (seq)',
  'create index if not exists runs_session on session_keys.runs (session, seq)',
  "create index if not exists runs_open on session_keys.runs (rule, session) where status = 'due'",
  'create index if not exists runs_admitted on session_keys.runs (rule, session, admitted_at) where admitted_at is not null',
  'create index if not exists runs_status on session_keys.runs (status, seq)',
  'create table if not exists session_keys.pauses (rule text not null, session text not null, primary key (rule, session))',
  'create table if not exists session_keys.rules (rule text primary key, since bigint not null)',
]

/** Makes what is missing. Of several processes at once one does it, the others wait. */
export async function createAutomationTables(database: Database): Promise<void> {
  await database.transaction(async (query) => {
    await query("select pg_advisory_xact_lock(hashtextextended('session_keys.automation', 0))")
    for (const statement of statements) await query(statement)
  })
}
