import 'fake-indexeddb/auto'
import { openDB } from 'idb'
import { getAddress } from 'viem'
import { beforeEach, expect, test } from 'vitest'
import { createWrappedKey, generateWrappingKey } from '../../src/keys/wrappedSecp256k1.js'
import { signerOf } from '../../src/keys/storedKey.js'
import { createIndexedDbStore } from '../../src/sessions/indexedDbStore.js'
import { bindingOf } from '../../src/sessions/openSession.js'
import { readAction } from '../../src/sessions/readAction.js'
import { readRecord } from '../../src/sessions/readRecord.js'
import type { SessionAction } from '../../src/sessions/sessionAction.js'
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

test('a database of the second layout gets a history, and nothing else of it changes', async () => {
  const session = mockSession()
  const first = { ...session, owner: session.account.toLowerCase() }
  const old = await openDB(name, 2, {
    upgrade(fresh) {
      const sessions = fresh.createObjectStore('sessions', { keyPath: 'id' })
      sessions.createIndex('owner', ['owner', 'status', 'chainId'])
      sessions.createIndex('recent', ['owner', 'createdAt'])
      sessions.createIndex('due', ['status', 'expiry'])
      fresh.createObjectStore('keys', { keyPath: 'id' })
      fresh.createObjectStore('wrappingKeys')
      fresh.createObjectStore('setAside', { autoIncrement: true })
    },
  })
  const aside = { row: { id: 'bad' }, reason: 'status', at: 1 }
  const newer = { id: 'newer', v: 7, anything: true }
  await Promise.all([old.add('sessions', first), old.add('sessions', newer), old.add('setAside', aside), old.add('keys', { id: session.id, kind: 'any' })])
  old.close()
  const store = createIndexedDbStore({ name })
  expect(await store.list({ account: session.account, statuses: ['active'] })).toEqual([session])
  expect(await store.history?.list(session.id)).toEqual([])
  await store.history?.put(actionOf(session.id))
  expect(await store.history?.list(session.id)).toEqual([actionOf(session.id)])
  const database = await openDB(name)
  expect(database.version).toBe(3)
  expect(await database.getAll('sessions')).toEqual(expect.arrayContaining([first, newer]))
  expect(await database.getAll('setAside')).toEqual([aside])
  expect(await database.get('keys', session.id)).toEqual({ id: session.id, kind: 'any' })
  database.close()
})

test('a database of the first layout gets a history', async () => {
  ;(await oldDatabase(version1Rows)).close()
  const store = createIndexedDbStore({ name })
  await store.history?.put(actionOf('one-active'))
  expect(await store.history?.list('one-active')).toEqual([actionOf('one-active')])
})

const actionOf = (session: string): SessionAction => ({
  id: `of ${session}`,
  v: 1,
  session,
  at: 1_795_366_800_000,
  calls: [{ to: '0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512', selector: '0xa9059cbb', functionName: 'transfer', value: 0n, tokenAmount: 5n }],
  outcome: { status: 'refused', error: 'SpendLimitExceededError', by: 'check' },
})

test.each<[string, object]>([
  ['calldata', { calls: [{ ...actionOf('s').calls[0], data: '0xa9059cbb' }] }],
  ['an amount that is no bigint', { calls: [{ ...actionOf('s').calls[0], value: 0 }] }],
  ['a selector that is longer', { calls: [{ ...actionOf('s').calls[0], selector: '0xa9059cbb00' }] }],
  ['a name of 81 letters', { calls: [{ ...actionOf('s').calls[0], functionName: 'x'.repeat(81) }] }],
  ['eleven calls', { calls: Array.from({ length: 11 }, () => actionOf('s').calls[0]) }],
  ['another version', { v: 2 }],
  ['a moment that is none', { at: Number.NaN }],
  ['an outcome that is none', { outcome: { status: 'delighted' } }],
  ['a hash that is none', { outcome: { status: 'done', transactionHash: '0x12' } }],
  ['a context', { context: '0x1234' }],
])('no action: one with %s', (_, other) => {
  expect(readAction(actionOf('s'))).toEqual(actionOf('s'))
  expect(readAction({ ...actionOf('s'), ...other })).toBeUndefined()
})

test('a row of the history that cannot be read is passed over', async () => {
  const session = mockSession()
  const store = createIndexedDbStore({ name })
  await store.create(session, undefined)
  await store.history?.put(actionOf(session.id))
  const database = await openDB(name)
  await database.add('history', { id: 'bad', session: session.id, calls: 'many' })
  database.close()
  expect(await store.history?.list(session.id)).toEqual([actionOf(session.id)])
})

test.each([null, 7, 'text', [], { v: '2' }, { v: 2 }, { v: 0 }, { v: 1.5 }, { ...mockSession(), status: 'delighted' }, { ...mockSession(), chainId: -1 }])(
  'no session: %o',
  (row) => {
    expect(readRecord(row).kind).toBe('unreadable')
  },
)
