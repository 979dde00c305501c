import type { DBSchema, IDBPDatabase, IDBPTransaction, StoreNames } from 'idb'
import type { StoredKey } from '../keys/storedKey.js'
import { readRecord } from './readRecord.js'
import type { Session } from './session.js'
import type { SessionAction } from './sessionAction.js'

/** A session with what the indexes go by. */
export type SessionRow = Session & { owner: string }

export interface SessionDatabase extends DBSchema {
  sessions: {
    key: string
    value: SessionRow
    indexes: {
      /** The sessions of an account that are in one state, on any chain or one. */
      owner: [string, string, number]
      /** The sessions of an account, by age. */
      recent: [string, number]
      /** Those in one state, by when they end. */
      due: [string, number]
    }
  }
  keys: { key: string; value: StoredKey & { id: string } }
  wrappingKeys: { key: string; value: CryptoKey }
  /** Rows that nobody could read, as they were. */
  setAside: { key: number; value: SetAside }
  /** What sessions did, numbered in the order in which it was written. */
  history: {
    key: number
    value: SessionAction
    indexes: {
      /** The actions of a session. */
      session: string
      id: string
    }
  }
}

export type SetAside = { row: unknown; reason: string; at: number }

/** Of the stores and indexes. The records have a version of their own. */
export const layoutVersion = 3

type Upgrade = IDBPTransaction<SessionDatabase, StoreNames<SessionDatabase>[], 'versionchange'>

/**
 * Brings an older database up to date inside the browser's own upgrade transaction: all of it happens or none, whenever the page
 * dies. No key is touched.
 */
export async function upgradeLayout(database: IDBPDatabase<SessionDatabase>, from: number, transaction: Upgrade): Promise<void> {
  if (from < 1) {
    database.createObjectStore('sessions', { keyPath: 'id' })
    database.createObjectStore('keys', { keyPath: 'id' })
    database.createObjectStore('wrappingKeys')
  }
  // Before anything is waited for.
  if (from < 3) {
    const history = database.createObjectStore('history', { autoIncrement: true })
    history.createIndex('session', 'session')
    history.createIndex('id', 'id')
  }
  if (from < 2) {
    database.createObjectStore('setAside', { autoIncrement: true })
    const sessions = transaction.objectStore('sessions')
    sessions.createIndex('owner', ['owner', 'status', 'chainId'])
    sessions.createIndex('recent', ['owner', 'createdAt'])
    sessions.createIndex('due', ['status', 'expiry'])
    const rows = await sessions.getAll()
    // Asked for together: the browser writes them one after the other, and nobody waits for each.
    await Promise.all(
      rows.flatMap((row): Promise<unknown>[] => {
        const record = readRecord(row)
        if (record.kind === 'newer') return []
        if (record.kind === 'session') return [sessions.put(rowOf(record.session))]
        return [transaction.objectStore('setAside').add({ row, reason: record.reason, at: Date.now() }), sessions.delete(row.id)]
      }),
    )
  }
}

export function rowOf(session: Session): SessionRow {
  return { ...session, owner: ownerOf(session.account) }
}

export function ownerOf(account: string): string {
  return account.toLowerCase()
}
