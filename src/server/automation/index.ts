export { createDatabaseStore } from './createDatabaseStore.js'
export type { Database, DatabaseQuery } from './database.js'
export { DatabaseClosedError, DatabaseFolderError, DatabaseLockedError, DatabaseTooNewError, DatabaseUnreachableError, InvalidDatabaseUrlError } from './databaseErrors.js'
export { openDatabase, type OpenDatabaseErrorType, type OpenDatabaseOptions } from './openDatabase.js'
export type { RetryPolicy, RuleCommon, RuleContext, RunBudget } from './rule.js'
export type { Run, RunStatus } from './run.js'

export { MissingPackageError } from '../../errors/MissingPackageError.js'
