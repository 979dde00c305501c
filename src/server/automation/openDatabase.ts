import type { MissingPackageError } from '../../errors/MissingPackageError.js'
import type { Database } from './database.js'
import { InvalidDatabaseUrlError, type DatabaseFolderError, type DatabaseLockedError, type DatabaseUnreachableError } from './databaseErrors.js'
import { openPglite } from './pgliteDatabase.js'
import { openPostgres } from './postgresDatabase.js'

export type OpenDatabaseOptions = {
  /** To a Postgres: at most so many at once. @default 10 */
  connections?: number | undefined
}

export type OpenDatabaseErrorType = InvalidDatabaseUrlError | MissingPackageError | DatabaseUnreachableError | DatabaseLockedError | DatabaseFolderError

/**
 * Opens what the sessions of a server, and its automation, are kept in.
 *
 * `postgres://…` is a Postgres of your own, for as many processes as you like (needs `pg`). Anything else is a folder, in which an embedded
 * one keeps its data (needs `@electric-sql/pglite`): for one process, which others are kept out by. `memory:` is the embedded one, kept nowhere.
 */
export async function openDatabase(url: string, options: OpenDatabaseOptions = {}): Promise<Database> {
  if (/^postgres(ql)?:\/\//.test(url)) return openPostgres(url, options)
  if (url === 'memory:') return openPglite(undefined)
  if (url.trim() === '') throw new InvalidDatabaseUrlError({ reason: 'is empty' })
  // A letter alone is a drive.
  const [, scheme] = /^([a-z][a-z0-9+.-]+):/i.exec(url) ?? []
  if (scheme !== undefined) throw new InvalidDatabaseUrlError({ reason: `begins with ${scheme}:, which is neither a Postgres nor a folder` })
  return openPglite(url)
}
