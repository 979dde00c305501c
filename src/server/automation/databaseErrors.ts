import { SessionKeyError } from '../../errors/SessionKeyError.js'

/** Neither the address of a Postgres nor a folder. It may hold a password, so it is not repeated. */
export class InvalidDatabaseUrlError extends SessionKeyError {
  override readonly name = 'InvalidDatabaseUrlError'
  constructor({ reason }: { reason: string }) {
    super(`The database's address ${reason}.`, { metaMessages: ['Give openDatabase a connection string (postgres://user:password@host:5432/name), a folder, or memory:.'] })
  }
}

/** The Postgres does not answer, or lets nobody in with this connection string. */
export class DatabaseUnreachableError extends SessionKeyError {
  override readonly name = 'DatabaseUnreachableError'
  constructor({ at, cause }: { at: string; cause: Error }) {
    super(`The Postgres at ${at} cannot be used: ${cause.message}`, { cause, metaMessages: ['Is it running, and are user, password and database name right?'] })
  }
}

/** Another process works on this folder. Two at once would lose what either of them writes. */
export class DatabaseLockedError extends SessionKeyError {
  override readonly name = 'DatabaseLockedError'
  /** Of the process that holds it, as that process knows itself: in a container its number is another one outside. */
  readonly pid: number | undefined
  constructor({ folder, pid }: { folder: string; pid: number | undefined }) {
    super(`The database in ${folder} is in use by ${pid === process.pid ? 'this process itself' : 'another process'}${pid === undefined ? '' : ` (pid ${pid})`}.`, {
      metaMessages: ['One process at a time can use a folder. End the other one, or give both the connection string of a Postgres: nothing else changes.'],
    })
    this.pid = pid
  }
}

/** The folder cannot be made, written to or locked. */
export class DatabaseFolderError extends SessionKeyError {
  override readonly name = 'DatabaseFolderError'
  constructor({ folder, cause }: { folder: string; cause: Error }) {
    super(`The folder ${folder} cannot hold a database: ${cause.message}`, {
      cause,
      metaMessages: ['Use a folder of a local disk that this process may write to. A drive that is shared over a network, or with a virtual machine, may not have the sockets which the lock is made of.'],
    })
  }
}

/** A newer kit has changed the tables. This one does not know them. */
export class DatabaseTooNewError extends SessionKeyError {
  override readonly name = 'DatabaseTooNewError'
  constructor({ found, known }: { found: number; known: number }) {
    super(`The tables in the schema session_keys are of version ${found}; this version of react-session-keys knows ${known}.`, {
      metaMessages: ['Update react-session-keys in this process to the version that the others have.'],
    })
  }
}

/** `close` was called before. */
export class DatabaseClosedError extends SessionKeyError {
  override readonly name = 'DatabaseClosedError'
  constructor() {
    super('The database has been closed.', { metaMessages: ['Stop what uses it first (automation.stop()), then close it.'] })
  }
}
