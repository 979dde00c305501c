import { openDB, type IDBPDatabase } from 'idb'
import { SessionStoreError } from './storageErrors.js'
import { SessionChangedError, SessionLostError } from './errors.js'
import { createIndexedDbHistory, dropHistory } from './indexedDbHistory.js'
import { layoutVersion, ownerOf, rowOf, upgradeLayout, type SessionDatabase, type SessionRow } from './indexedDbLayout.js'
import { matchesQuery, newestFirst } from './matchesQuery.js'
import { readRecord } from './readRecord.js'
import type { Session } from './session.js'
import type { SessionStatus } from './status.js'
import type { SessionQuery, SessionStore } from './store.js'
import { createTabNews } from './tabNews.js'

/** Chromium's default flushes later; a grant must find its key after a power cut. */
const durable = { durability: 'strict' } as const

/**
 * Sessions in IndexedDB, one row each, shared by the tabs of this origin.
 * Opens on first use, so that it may be made on a server.
 */
export function createIndexedDbStore({ name = 'react-session-keys' }: { name?: string } = {}): SessionStore {
  const news = createTabNews(name)
  let opening: Promise<IDBPDatabase<SessionDatabase>> | undefined

  function open(): Promise<IDBPDatabase<SessionDatabase>> {
    if (typeof indexedDB === 'undefined') return Promise.reject(new SessionStoreError('there is no IndexedDB.'))
    const forget = () => (opening = undefined)
    opening ??= openDB<SessionDatabase>(name, layoutVersion, {
      upgrade: (database, from, _to, transaction) => upgradeLayout(database, from, transaction),
      // A newer kit in another tab waits for this connection to go.
      blocking: (_current, _next, event) => {
        forget()
        ;(event.target as IDBDatabase).close()
      },
      terminated: forget,
    }).catch((cause: Error) => {
      forget()
      throw new SessionStoreError(cause.name === 'VersionError' ? 'a newer version of this app has written here; reload the page.' : cause.message, cause)
    })
    return opening
  }

  /** Runs once more on a connection that the browser, or a newer kit, closed in between. */
  async function withDatabase<result>(work: (database: IDBPDatabase<SessionDatabase>) => Promise<result>): Promise<result> {
    const database = await open()
    try {
      return await work(database)
    } catch (error) {
      if ((error as Error).name !== 'InvalidStateError') throw storeError(error)
      if (opening && (await opening) === database) opening = undefined
      return work(await open()).catch((again: unknown) => {
        throw storeError(again)
      })
    }
  }

  function tell({ id, rev, status }: Session) {
    news.tell({ id, rev })
    if (status === 'purged') news.tell({ id, acted: true })
  }

  async function readAll(rows: readonly unknown[]): Promise<Session[]> {
    const sessions: Session[] = []
    for (const row of rows) {
      const record = readRecord(row)
      if (record.kind === 'session') sessions.push(record.session)
      if (record.kind === 'unreadable') await setAside(row, record.reason)
    }
    return sessions
  }

  /** Out of the way of the others, and not a byte of it lost. Its key stays where it is. */
  async function setAside(row: unknown, reason: string): Promise<void> {
    const { id } = row as { id: string }
    await withDatabase(async (database) => {
      const transaction = database.transaction(['sessions', 'setAside'], 'readwrite', durable)
      const still = await transaction.objectStore('sessions').get(id)
      if (still && readRecord(still).kind === 'unreadable') {
        await transaction.objectStore('setAside').add({ row: still, reason, at: Date.now() })
        await transaction.objectStore('sessions').delete(id)
      }
      await transaction.done
    })
  }

  return {
    persistence: 'durable',
    async create(session, key) {
      await withDatabase(async (database) => {
        const transaction = database.transaction(['sessions', 'keys'], 'readwrite', durable)
        await asOne(transaction, [
          () => transaction.objectStore('sessions').add(rowOf(session)),
          () => key && transaction.objectStore('keys').add({ ...key, id: session.id }),
        ]).catch((error: Error) => {
          throw error.name === 'ConstraintError' ? new SessionChangedError({ id: session.id }) : error
        })
      })
      tell(session)
    },
    async get(id) {
      const row = await withDatabase((database) => database.get('sessions', id))
      return row && (await readAll([row]))[0]
    },
    async list(query = {}) {
      const sessions = await readAll(await withDatabase((database) => rowsFor(database, query)))
      return sessions.filter((session) => matchesQuery(session, query)).sort(newestFirst).slice(0, query.limit)
    },
    async put(session, { dropKey } = {}) {
      const purged = session.status === 'purged'
      await withDatabase(async (database) => {
        const transaction = database.transaction(purged ? ['sessions', 'keys', 'history'] : ['sessions', 'keys'], 'readwrite', durable)
        const sessions = transaction.objectStore('sessions')
        const stored = await sessions.get(session.id)
        if (stored?.rev !== session.rev - 1) {
          transaction.abort()
          await transaction.done.catch(() => undefined)
          throw stored ? new SessionChangedError({ id: session.id }) : new SessionLostError({ id: session.id, address: session.address })
        }
        await asOne(transaction, [
          () => sessions.put(rowOf(session)),
          () => dropKey && transaction.objectStore('keys').delete(session.id),
          () => purged && dropHistory(transaction.objectStore('history'), session.id),
        ])
      })
      tell(session)
    },
    async getKey(id) {
      const [key, wrappingKey] = await withDatabase(async (database) => {
        const transaction = database.transaction(['keys', 'wrappingKeys'])
        return Promise.all([transaction.objectStore('keys').get(id), transaction.objectStore('wrappingKeys').get(wrappingKeyName)])
      })
      return key && { key, wrappingKey }
    },
    async reopen() {
      const database = opening
      opening = undefined
      ;(await database)?.close()
    },
    async getWrappingKey(create) {
      const stored = await withDatabase((database) => database.get('wrappingKeys', wrappingKeyName))
      if (stored) return stored
      const fresh = await create()
      return withDatabase(async (database) => {
        // Of two tabs that make one at once, the first to write wins and both use it.
        const transaction = database.transaction('wrappingKeys', 'readwrite', durable)
        const first = await transaction.store.get(wrappingKeyName)
        await Promise.all([first ?? transaction.store.add(fresh, wrappingKeyName), transaction.done])
        return first ?? fresh
      })
    },
    subscribe: (listener) => news.listen((one) => 'rev' in one && listener(one)),
    history: createIndexedDbHistory({ withDatabase, news }),
  }
}

const wrappingKeyName = 'default'

/** All writes or none, also where one is refused before it is queued: a browser that cannot clone a key throws at once. */
async function asOne(transaction: { abort(): void; done: Promise<void> }, writes: readonly (() => unknown)[]): Promise<void> {
  const started: unknown[] = [transaction.done]
  try {
    for (const write of writes) started.push(write())
    await Promise.all(started)
  } catch (error) {
    try {
      transaction.abort()
    } catch {
      // It has ended by itself.
    }
    await Promise.allSettled(started)
    throw error
  }
}

/** Reads few more rows than the question is about: a browser may hold thousands of ended sessions. */
async function rowsFor(database: IDBPDatabase<SessionDatabase>, { account, statuses, expiresBefore, limit }: SessionQuery): Promise<readonly SessionRow[]> {
  const { store } = database.transaction('sessions')
  const owner = account === undefined ? undefined : ownerOf(account)
  if (statuses && owner !== undefined) {
    return together(statuses.map((status) => store.index('owner').getAll(IDBKeyRange.bound([owner, status], [owner, status, []]))))
  }
  if (statuses && expiresBefore !== undefined) {
    return together(statuses.map((status) => store.index('due').getAll(dueRange(status, expiresBefore))))
  }
  if (owner === undefined) return store.getAll()
  const ofOwner = IDBKeyRange.bound([owner], [owner, []])
  const recent = store.index('recent')
  if (limit === undefined || limit > mostCounted || expiresBefore !== undefined) return recent.getAll(ofOwner)
  // The newest are the end of the index: where they begin, then all of them at once, and not one by one.
  const newest = await recent.openKeyCursor(ofOwner, 'prev')
  const first = limit > 1 ? await newest?.advance(limit - 1) : newest
  return recent.getAll(first ? IDBKeyRange.bound(first.key, [owner, []]) : ofOwner)
}

/** IndexedDB counts in 32 bits. */
const mostCounted = 2 ** 32 - 1

async function together(groups: readonly Promise<readonly SessionRow[]>[]): Promise<readonly SessionRow[]> {
  return (await Promise.all(groups)).flat()
}

function dueRange(status: SessionStatus, before: number): IDBKeyRange {
  return IDBKeyRange.bound([status, -Infinity], [status, before], false, true)
}

/** What the browser says, as an error of the kit's; those stay what they are. */
function storeError(error: unknown): Error {
  if (error instanceof SessionStoreError || error instanceof SessionChangedError || error instanceof SessionLostError) return error
  const cause = error as Error
  return new SessionStoreError(cause.name === 'QuotaExceededError' ? 'the disk, or this site\'s share of it, is full.' : cause.message, cause)
}
