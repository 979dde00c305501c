import { openDatabase, type Database } from '../../src/server/automation/index.js'
import type { TestPostgres } from '../harness/startPostgres.js'

/** An empty one of its kind. */
export async function emptyDatabase(kind: Database['kind'], postgres: TestPostgres): Promise<Database> {
  return openDatabase(kind === 'postgres' ? await postgres.createDatabase() : 'memory:')
}
