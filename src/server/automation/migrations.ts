/** One step of the tables' history. A step that has been in a release is never changed: what comes later is a step of its own. */
export type Migration = { name: string; sql: string }

/**
 * From nothing to the tables of this version, in the schema `session_keys`. A server that runs an older version goes on while a newer one
 * has begun, so a step adds, and takes away only what no version in use reads.
 */
export const migrations: readonly Migration[] = [
  {
    // AgentStore: see its own words for what the columns mean. Ids compare as ASCII, in any database's language.
    name: 'rows',
    sql: `
      create table session_keys.rows (
        kind text collate "C" not null,
        id text collate "C" not null,
        rev integer not null,
        grp text collate "C" not null,
        open boolean not null,
        body text not null,
        primary key (kind, id)
      );
      create index rows_of_group on session_keys.rows (kind, grp, id);
      create index rows_open on session_keys.rows (kind, id) where open;
    `,
  },
  {
    // `schedule` when each rule is due next for each session · `runs` what was due, and what became of it · `pauses` what is not to run; an empty
    // word means all · `rules` since when a rule has been run. Times are by the automation's clock, but for `try_at`, which is the database's.
    name: 'automation',
    sql: `
      create table session_keys.schedule (
        rule text not null, session text not null, next_at bigint not null, timing text not null, state text not null, primary key (rule, session)
      );
      create index schedule_due on session_keys.schedule (rule, next_at);
      create index schedule_session on session_keys.schedule (session);
      create table session_keys.runs (
        rule text not null, session text not null, period text not null, seq bigint generated always as identity,
        due_at bigint not null, until bigint, status text not null, attempts integer not null default 0, calls text not null default '[]',
        transaction_hash text, at bigint, error_name text, error_message text,
        held boolean not null default false, admitted_at bigint, try_at timestamptz not null default now(),
        primary key (rule, session, period)
      );
      create unique index runs_seq on session_keys.runs (seq);
      create index runs_session on session_keys.runs (session, seq);
      create index runs_open on session_keys.runs (rule, session) where status = 'due';
      create index runs_admitted on session_keys.runs (rule, session, admitted_at) where admitted_at is not null;
      create index runs_status on session_keys.runs (status, seq);
      create table session_keys.pauses (rule text not null, session text not null, primary key (rule, session));
      create table session_keys.rules (rule text primary key, since bigint not null);
    `,
  },
]
