import 'fake-indexeddb/auto'
import { openDB } from 'idb'
import { getAddress } from 'viem'
import { beforeEach, expect, test } from 'vitest'
import { createWrappedKey, generateWrappingKey } from '../../src/keys/wrappedSecp256k1.js'
import { signerOf } from '../../src/keys/storedKey.js'
import { createIndexedDbStore } from '../../src/sessions/indexedDbStore.js'
import { bindingOf } from '../../src/sessions/openSession.js'
import { readRecord } from '../../src/sessions/readRecord.js'
import { mockSession } from '../../src/testing/index.js'
import { version1Rows } from './fixtures/version1.js'

let name: string
beforeEach(() => {
  name = crypto.randomUUID()
})

/** The database as version 1 of its layout made it. */
async function oldDatabase(rows: readonly object[]) {
  const database = await openDB(name, 1, {
    upgrade(fresh) {
      fresh.createObjectStore('sessions', { keyPath: 'id' })
      fresh.createObjectStore('keys', { keyPath: 'id' })
      fresh.createObjectStore('wrappingKeys')
    },
  })
  for (const row of rows) await database.add('sessions', row)
  return database
}

test.each(version1Rows.map((row) => [row.status, row] as const))('version 1, %s: reads as today, and says the same', (_, row) => {
  const before = structuredClone(row)
  const read = readRecord(row)
  expect(read).toEqual({ kind: 'session', session: { ...row, v: 2, account: getAddress(row.account) } })
  expect(row, 'reading changes nothing').toEqual(before)
  expect(read.kind === 'session' && readRecord(read.session)).toEqual(read)
})

test('a database of the first layout is brought up to date, its keys untouched and still good', async () => {
  const session = mockSession({ status: 'active' })
  const wrappingKey = await generateWrappingKey()
  const key = await createWrappedKey(wrappingKey, bindingOf(session))
  const old = await oldDatabase([...version1Rows, { ...session, v: 1, address: key.address }])
  await old.add('keys', { ...key, id: session.id })
  await old.add('wrappingKeys', wrappingKey, 'default')
  old.close()

  const store = createIndexedDbStore({ name })
  const [first] = version1Rows
  const mine = await store.list({ account: getAddress(first?.account as string), statuses: ['active', 'requested', 'unknown', 'quarantined', 'revoking'] })
  expect(mine.map(({ id }) => id).sort()).toEqual(['one-active', 'one-quarantined', 'one-requested', 'one-revoking', 'one-unknown'])
  expect(await store.list()).toHaveLength(version1Rows.length + 1)
  const opened = await store.getKey(session.id)
  if (!opened) throw new Error('no key')
  const signer = await signerOf(opened.key, opened.wrappingKey, { ...bindingOf(session), address: key.address })
  expect(signer.address).toBe(key.address)
  await signer.signTypedData({ domain: {}, types: { Probe: [] }, primaryType: 'Probe', message: {} })
  const stored = await store.get('one-active')
  await store.put({ ...stored, rev: 2, status: 'exhausted' } as never)
  expect((await store.get('one-active'))?.status).toBe('exhausted')
})

test('the upgrade sets aside what it cannot read, passes over what is newer, and keeps the rest', async () => {
  const bad = { id: 'bad', v: 1, status: 'active' }
  const newer = { id: 'newer', v: 7, anything: true }
  ;(await oldDatabase([...version1Rows, bad, newer])).close()
  const store = createIndexedDbStore({ name })
  expect(await store.list()).toHaveLength(version1Rows.length)
  const database = await openDB(name)
  expect(await database.get('sessions', 'newer')).toEqual(newer)
  expect(await database.get('sessions', 'bad')).toBeUndefined()
  expect(await database.getAll('setAside')).toEqual([{ row: bad, reason: expect.any(String), at: expect.any(Number) }])
  database.close()
})

test.each([null, 7, 'text', [], { v: '2' }, { v: 2 }, { v: 0 }, { v: 1.5 }, { ...mockSession(), status: 'delighted' }, { ...mockSession(), chainId: -1 }])(
  'no session: %o',
  (row) => {
    expect(readRecord(row).kind).toBe('unreadable')
  },
)
