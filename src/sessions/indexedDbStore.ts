import { openDB, type DBSchema, type IDBPDatabase } from 'idb'
import type { StoredKey } from '../keys/storedKey.js'
import { SessionChangedError, SessionStoreError } from './errors.js'
import type { Session, SessionId } from './session.js'
import { parseSession } from './sessionSchema.js'
import type { SessionStore } from './store.js'

interface Schema extends DBSchema {
  sessions: { key: string; value: Session }
  keys: { key: string; value: StoredKey & { id: string } }
  wrappingKeys: { key: string; value: CryptoKey }
}

/** Chromium's default flushes later; a grant must find its key after a power cut (custody: strict). */
const durable = { durability: 'strict' } as const

/**
 * Sessions in IndexedDB, one row each, shared by the tabs of this origin.
 * Opens on first use, so that it may be made on a server.
 */
export function createIndexedDbStore({ name = 'react-session-keys' }: { name?: string } = {}): SessionStore {
  const listeners = new Set<(id: SessionId) => void>()
  let opening: Promise<IDBPDatabase<Schema>> | undefined
  let channel: BroadcastChannel | undefined

  function open(): Promise<IDBPDatabase<Schema>> {
    if (typeof indexedDB === 'undefined') {
      return Promise.reject(new SessionStoreError('there is no IndexedDB.'))
    }
    opening ??= openDB<Schema>(name, 1, {
      upgrade(database) {
        database.createObjectStore('sessions', { keyPath: 'id' })
        database.createObjectStore('keys', { keyPath: 'id' })
        database.createObjectStore('wrappingKeys')
      },
      terminated: () => (opening = undefined),
    }).catch((cause: Error) => {
      opening = undefined
      throw new SessionStoreError(cause.message, cause)
    })
    return opening
  }

  function announce(id: SessionId, rev: number) {
    for (const listener of listeners) listener(id)
    if (typeof BroadcastChannel === 'undefined') return
    const sender = channel ?? new BroadcastChannel(name)
    sender.postMessage({ id, rev })
    if (sender !== channel) sender.close()
  }

  function listen() {
    if (channel || typeof BroadcastChannel === 'undefined') return
    channel = new BroadcastChannel(name)
    channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      const id = (data as { id?: unknown } | null)?.id
      if (typeof id === 'string') for (const listener of listeners) listener(id)
    }
  }

  return {
    async create(session, key) {
      const database = await open()
      const transaction = database.transaction(['sessions', 'keys'], 'readwrite', durable)
      await storing(
        transaction.done,
        transaction.objectStore('sessions').add(session),
        key && transaction.objectStore('keys').add({ ...key, id: session.id }),
      )
      announce(session.id, session.rev)
    },
    async get(id) {
      return parseSession(await (await open()).get('sessions', id))
    },
    async list() {
      const rows = await (await open()).getAll('sessions')
      // A row that cannot be read stays where it is and hides nobody else.
      return rows.map(parseSession).filter((session): session is Session => session !== undefined)
    },
    async put(session, { dropKey } = {}) {
      const database = await open()
      const transaction = database.transaction(['sessions', 'keys'], 'readwrite', durable)
      const sessions = transaction.objectStore('sessions')
      const stored = await sessions.get(session.id)
      if (stored?.rev !== session.rev - 1) {
        transaction.abort()
        await transaction.done.catch(() => undefined)
        throw new SessionChangedError({ id: session.id })
      }
      await storing(transaction.done, sessions.put(session), dropKey && transaction.objectStore('keys').delete(session.id))
      announce(session.id, session.rev)
    },
    async getKey(id) {
      return (await open()).get('keys', id)
    },
    async getWrappingKey(create) {
      const database = await open()
      const stored = await database.get('wrappingKeys', 'default')
      if (stored) return stored
      const fresh = await create()
      // Of two tabs that make one at once, the first to write wins and both use it.
      const transaction = database.transaction('wrappingKeys', 'readwrite', durable)
      const first = await transaction.store.get('default')
      if (!first) await transaction.store.add(fresh, 'default')
      await storing(transaction.done)
      return first ?? fresh
    },
    subscribe(listener) {
      listeners.add(listener)
      listen()
      return () => {
        listeners.delete(listener)
        if (listeners.size > 0) return
        channel?.close()
        channel = undefined
      }
    },
  }
}

async function storing(...steps: readonly unknown[]): Promise<void> {
  try {
    await Promise.all(steps)
  } catch (cause) {
    throw new SessionStoreError((cause as Error).message, cause as Error)
  }
}
