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
]
