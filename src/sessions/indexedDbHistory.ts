import type { IDBPDatabase, IDBPObjectStore, StoreNames } from 'idb'
import type { SessionDatabase } from './indexedDbLayout.js'
import { readAction } from './readAction.js'
import type { SessionId } from './session.js'
import { mostActions } from './sessionAction.js'
import type { SessionHistory } from './store.js'
import type { TabNews } from './tabNews.js'

export type IndexedDbHistoryParameters = {
  withDatabase: <result>(work: (database: IDBPDatabase<SessionDatabase>) => Promise<result>) => Promise<result>
  news: TabNews
}

/** A power cut may take the last of it along: no action waits for the disk. */
const relaxed = { durability: 'relaxed' } as const

/** What sessions did, in rows of their own, so that writing one down keeps no session waiting. */
export function createIndexedDbHistory({ withDatabase, news }: IndexedDbHistoryParameters): SessionHistory {
  async function isHeld(session: SessionId): Promise<boolean> {
    const row = await withDatabase((database) => database.get('sessions', session))
    return row !== undefined && row.status !== 'purged'
  }

  return {
    async put(action) {
      await withDatabase(async (database) => {
        const transaction = database.transaction('history', 'readwrite', relaxed)
        const { store } = transaction
        // By the order in which they were written: clocks are set back.
        const [known, keys] = await Promise.all([store.index('id').getKey(action.id), store.index('session').getAllKeys(action.session)])
        const tooOld = known === undefined ? keys.slice(0, Math.max(0, keys.length + 1 - mostActions)) : []
        await Promise.all([store.put(action, known), ...tooOld.map((key) => store.delete(key)), transaction.done])
      })
      // Looked up afterwards: a session that is purged meanwhile, in this tab or another, takes this along or is seen here.
      if (!(await isHeld(action.session))) {
        await withDatabase(async (database) => {
          const transaction = database.transaction('history', 'readwrite', relaxed)
          await Promise.all([dropHistory(transaction.store, action.session), transaction.done])
        })
        return
      }
      news.tell({ id: action.session, acted: true })
    },
    async list(session, limit = mostActions) {
      const rows: readonly unknown[] = await withDatabase((database) => database.getAllFromIndex('history', 'session', session))
      return rows.flatMap((row) => readAction(row) ?? []).reverse().slice(0, limit)
    },
    subscribe: (listener) => news.listen((one) => 'acted' in one && listener(one.id)),
  }
}

type Rows = IDBPObjectStore<SessionDatabase, StoreNames<SessionDatabase>[], 'history', 'readwrite'>

/** Inside the transaction that the rows were opened in. */
export async function dropHistory(rows: Rows, session: SessionId): Promise<void> {
  const keys = await rows.index('session').getAllKeys(session)
  await Promise.all(keys.map((key) => rows.delete(key)))
}
