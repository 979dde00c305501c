import 'fake-indexeddb/auto'
import { openDB } from 'idb'
import { beforeEach, describe, expect, test } from 'vitest'
import { signerOf } from '../../src/keys/storedKey.js'
import { createWrappedKey, generateWrappingKey, wrappedKeySigner } from '../../src/keys/wrappedSecp256k1.js'
import { SessionChangedError, SessionStoreError } from '../../src/sessions/errors.js'
import { createIndexedDbStore } from '../../src/sessions/indexedDbStore.js'
import { createMemoryStore } from '../../src/sessions/memoryStore.js'
import type { Session } from '../../src/sessions/session.js'
import type { SessionStore } from '../../src/sessions/store.js'

const account = '0x00000000000000000000000000000000000000aA'
const permission = { type: 'erc20-token-allowance', token: account, limit: 10n ** 30n } as const

function newSession(change: Partial<Session> = {}): Session {
  return {
    id: crypto.randomUUID(),
    v: 1,
    rev: 0,
    status: 'requested',
    name: 'shopping',
    permissionsHash: '0x12',
    dialect: 'erc7715',
    origin: 'https://shop.example',
    chainId: 31337,
    account,
    address: account,
    asked: { permissions: [permission], expiry: 2_000_000_000 },
    granted: [],
    expiry: 2_000_000_000,
    createdAt: 1,
    updatedAt: 1,
    ...change,
  }
}

let name: string
beforeEach(() => {
  name = crypto.randomUUID()
})

const kinds: Record<string, () => () => SessionStore> = {
  IndexedDB: () => () => createIndexedDbStore({ name }),
  memory: () => {
    const store = createMemoryStore()
    return () => store
  },
}

describe.each(Object.keys(kinds))('%s store', (kind) => {
  const open = () => (kinds[kind] as () => () => SessionStore)()

  test('keeps a session and a key that still signs when opened again', async () => {
    const store = open()
    const wrappingKey = await store().getWrappingKey(generateWrappingKey)
    const session = newSession()
    const binding = { id: session.id, chainId: 31337, account, origin: session.origin } as const
    const key = await createWrappedKey(wrappingKey, binding)
    await store().create(session, key)

    const again = store()
    expect(await again.get(session.id)).toEqual(session)
    expect(await again.list()).toEqual([session])
    const stored = await again.getKey(session.id)
    if (!stored) throw new Error('no key')
    const signer = await signerOf(stored, await again.getWrappingKey(generateWrappingKey), { ...binding, address: key.address })
    await expect(signer.signTypedData({ domain: {}, types: { Probe: [] }, primaryType: 'Probe', message: {} })).resolves.toMatch(/^0x/)
  })

  test('a writer with an old revision is refused and changes nothing', async () => {
    const store = open()()
    const session = newSession()
    await store.create(session, undefined)
    await store.put({ ...session, rev: 1, status: 'active' })
    await expect(store.put({ ...session, rev: 1, status: 'unknown' })).rejects.toThrow(SessionChangedError)
    expect((await store.get(session.id))?.status).toBe('active')
  })

  test('drops the key with the change that makes it useless, not before', async () => {
    const store = open()()
    const key = await createWrappedKey(await store.getWrappingKey(generateWrappingKey), { id: 'x', chainId: 1, account, origin: '' })
    const session = newSession()
    await store.create(session, key)
    await store.put({ ...session, rev: 1, status: 'active' })
    expect(await store.getKey(session.id)).toBeDefined()
    await store.put({ ...session, rev: 2, status: 'revoked' }, { dropKey: true })
    expect(await store.getKey(session.id)).toBeUndefined()
    expect((await store.get(session.id))?.status).toBe('revoked')
  })

  test('one wrapping key, however many ask for it at once', async () => {
    const store = open()
    const keys = await Promise.all([store(), store(), store()].map((each) => each.getWrappingKey(generateWrappingKey)))
    const session = newSession()
    const binding = { id: session.id, chainId: 1, account, origin: '' } as const
    const key = await createWrappedKey(keys[0] as CryptoKey, binding)
    for (const wrappingKey of keys) {
      await wrappedKeySigner(key, wrappingKey, { ...binding, address: key.address }).signMessage({ message: 'the same' })
    }
  })

  test('tells who listens', async () => {
    const store = open()()
    const heard: string[] = []
    const stop = store.subscribe((id) => heard.push(id))
    const session = newSession()
    await store.create(session, undefined)
    stop()
    await store.put({ ...session, rev: 1, status: 'active' })
    expect(heard).toEqual([session.id])
  })
})

test('another tab hears of a change', async () => {
  const here = createIndexedDbStore({ name })
  const there = createIndexedDbStore({ name })
  const session = newSession()
  const heard = new Promise((resolve) => there.subscribe(resolve))
  await here.create(session, undefined)
  expect(await heard).toBe(session.id)
  expect(await there.get(session.id)).toEqual(session)
})

test('a row that cannot be read hides no other and is not touched', async () => {
  const store = createIndexedDbStore({ name })
  const session = newSession()
  await store.create(session, undefined)
  const database = await openDB(name)
  await database.put('sessions', { id: 'from the future', v: 2 })
  expect(await store.list()).toEqual([session])
  expect(await database.get('sessions', 'from the future')).toEqual({ id: 'from the future', v: 2 })
  database.close()
})

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
