import type { Database } from './database.js'
import { DatabaseTooNewError } from './databaseErrors.js'
import { migrations as all, type Migration } from './migrations.js'

const migrating = new WeakMap<Database, Promise<void>>()

/** Once for each database and process: resolves when the tables of this version are there. One that failed is tried again. */
export function migrated(database: Database): Promise<void> {
  const known = migrating.get(database)
  if (known) return known
  const work = migrate(database)
  migrating.set(database, work)
  work.catch(() => migrating.delete(database))
  return work
}

/**
 * Brings the tables to this version, in one transaction. Of many processes that start at once one does it, and the others wait for it.
 *
 * @throws {DatabaseTooNewError}
 */
export async function migrate(database: Database, migrations: readonly Migration[] = all): Promise<void> {
  await database.transaction(async (query) => {
    // Two that both found nothing would both create: `if not exists` does not keep them apart.
    await query('select pg_advisory_xact_lock($1, $2)', lock)
    const { rows: found } = await query(`select to_regclass('session_keys.migrations') is not null as there`)
    // Not before it is known to be missing: a role that may not create schemas can use one that is there.
    if (!found[0]?.['there']) {
      await query('create schema if not exists session_keys')
      await query('create table session_keys.migrations (version integer primary key, name text not null, at timestamptz not null default now())')
    }
    const { rows } = await query('select coalesce(max(version), 0) as version from session_keys.migrations')
    const version = Number(rows[0]?.['version'])
    if (version > migrations.length) throw new DatabaseTooNewError({ found: version, known: migrations.length })
    for (const [index, { name, sql }] of migrations.entries()) {
      if (index < version) continue
      await query(sql)
      await query('insert into session_keys.migrations (version, name) values ($1, $2)', [index + 1, name])
    }
  })
}

/** Two numbers that nobody else in the database is likely to lock. */
const lock = [0x7e551014, 1]
