import 'fake-indexeddb/auto'
import { openDB } from 'idb'
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { SessionStoreError } from '../../src/sessions/storageErrors.js'
import { createIndexedDbStore } from '../../src/sessions/indexedDbStore.js'
import { createMemoryStore } from '../../src/sessions/memoryStore.js'
import type { SessionAction } from '../../src/sessions/sessionAction.js'
import type { SessionStore } from '../../src/sessions/store.js'
import { mockSession, sessionStoreCases } from '../../src/testing/index.js'

let name: string
beforeEach(() => {
  name = crypto.randomUUID()
})

const openers: Record<string, () => () => SessionStore> = {
  IndexedDB: () => () => createIndexedDbStore({ name }),
  memory: () => {
    const store = createMemoryStore()
    return () => store
  },
}

describe.each(Object.entries(openers))('%s store', (_, openEmpty) => {
  test.each(sessionStoreCases)('$name', ({ run }) => run(openEmpty()))
})

test('a store that forgets is found out', async () => {
  const forgetful = createMemoryStore()
  const failures = await Promise.all(sessionStoreCases.map(({ run }) => run(() => ({ ...forgetful, getKey: async () => undefined })).then(() => '', String)))
  expect(failures.filter(Boolean).length).toBeGreaterThan(0)
})

test('another tab hears of a change', async () => {
  const here = createIndexedDbStore({ name })
  const there = createIndexedDbStore({ name })
  const session = mockSession()
  const heard = new Promise((resolve) => there.subscribe(resolve))
  await here.create(session, undefined)
  expect(await heard).toEqual({ id: session.id, rev: 0 })
  expect(await there.get(session.id)).toEqual(session)
})

test('another tab hears that a session acted, and nothing of what it did', async () => {
  const here = createIndexedDbStore({ name })
  const there = createIndexedDbStore({ name })
  const session = mockSession()
  await here.create(session, undefined)
  const channel = new BroadcastChannel(name)
  onTestFinished(() => channel.close())
  const message = new Promise<unknown>((resolve) => (channel.onmessage = ({ data }) => resolve(data)))
  const heard = new Promise((resolve) => there.history?.subscribe(resolve))
  const changed: unknown[] = []
  there.subscribe((change) => changed.push(change))
  const action: SessionAction = { id: 'one', v: 1, session: session.id, at: 1, calls: [], outcome: { status: 'sent' } }
  await here.history?.put(action)
  expect(await heard).toBe(session.id)
  expect(await message).toEqual({ id: session.id, acted: true })
  expect(await there.history?.list(session.id)).toEqual([action])
  expect(changed, 'changes of the session itself').toEqual([])
})

test('no action waits for the disk', async () => {
  const store = createIndexedDbStore({ name })
  const session = mockSession()
  await store.create(session, undefined)
  const opened = vi.spyOn(IDBDatabase.prototype, 'transaction')
  await store.history?.put({ id: 'one', v: 1, session: session.id, at: 1, calls: [], outcome: { status: 'sent' } })
  const writing = opened.mock.calls.filter(([, mode]) => mode === 'readwrite')
  expect(writing).toEqual([['history', 'readwrite', { durability: 'relaxed' }]])
})

test('a row that cannot be read is set aside as it is, and hides no other', async () => {
  const store = createIndexedDbStore({ name })
  const session = mockSession()
  await store.create(session, undefined)
  const database = await openDB(name)
  const bad = { ...session, id: 'bad', owner: session.account.toLowerCase(), expiry: 'soon' }
  await database.put('sessions', bad)
  expect(await store.list({ account: session.account })).toEqual([session])
  expect(await store.get('bad')).toBeUndefined()
  expect(await database.get('sessions', 'bad')).toBeUndefined()
  expect(await database.getAll('setAside')).toEqual([{ row: bad, reason: expect.stringContaining('expiry'), at: expect.any(Number) }])
  database.close()
})

test('a newer kit’s row is passed over and left exactly as it is', async () => {
  const store = createIndexedDbStore({ name })
  const session = mockSession()
  await store.create(session, undefined)
  const database = await openDB(name)
  const newer = { ...session, id: 'newer', v: 3, owner: session.account.toLowerCase(), moon: 'full' }
  await database.put('sessions', newer)
  expect(await store.list({ account: session.account, statuses: ['active'] })).toEqual([session])
  expect(await store.list()).toEqual([session])
  expect(await store.get('newer')).toBeUndefined()
  expect(await database.get('sessions', 'newer')).toEqual(newer)
  database.close()
})

test('a database that a newer kit has rebuilt is not touched, and the words say what to do', async () => {
  const newer = await openDB(name, 9, { upgrade: (database) => void database.createObjectStore('sessions', { keyPath: 'id' }) })
  await newer.put('sessions', { id: 'theirs' })
  const store = createIndexedDbStore({ name })
  await expect(store.list()).rejects.toThrow('a newer version of this app has written here; reload the page')
  expect(await newer.getAll('sessions')).toEqual([{ id: 'theirs' }])
  newer.close()
})

test('makes way for a newer kit in another tab', async () => {
  const store = createIndexedDbStore({ name })
  await store.create(mockSession(), undefined)
  const newer = await openDB(name, 9, { upgrade: (database) => void database.createObjectStore('more') })
  expect(newer.objectStoreNames).toContain('more')
  newer.close()
  await expect(store.list()).rejects.toThrow(SessionStoreError)
})

test('storage that is cleared between two calls is opened anew', async () => {
  const store = createIndexedDbStore({ name })
  const session = mockSession()
  await store.create(session, undefined)
  await deleteDatabase(name)
  expect(await store.get(session.id)).toBeUndefined()
  await store.create(session, undefined)
  expect(await store.get(session.id)).toEqual(session)
})

function deleteDatabase(of: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(of)
    request.onsuccess = () => resolve()
    request.onerror = () => reject(request.error as Error)
  })
}

test('without IndexedDB it says so, when used and not when made', async () => {
  const { indexedDB } = globalThis
  Reflect.deleteProperty(globalThis, 'indexedDB')
  try {
    const store = createIndexedDbStore({ name })
    await expect(store.list()).rejects.toThrow(SessionStoreError)
  } finally {
    globalThis.indexedDB = indexedDB
  }
})

test('a key that the browser cannot clone leaves nothing behind', async () => {
  const store = createIndexedDbStore({ name })
  const session = mockSession()
  const uncloneable = { kind: 'wrapped-secp256k1', address: session.address, iv: () => 0 } as never
  await expect(store.create(session, uncloneable)).rejects.toThrow(SessionStoreError)
  expect(await store.get(session.id)).toBeUndefined()
})
