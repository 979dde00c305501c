import { recoverTypedDataAddress, type Address } from 'viem'
import { expect, test } from 'vitest'
import { isDelegated, type DelegatedPermission } from '../../src/delegation/grantedPermission.js'
import { contextMismatch } from '../../src/delegation/verifyContext.js'
import { createMemoryStore, erc20Periodic, hashPermissions, isNotBroader, compare, type SessionStatus } from '../../src/index.js'
import { readRecord } from '../../src/sessions/readRecord.js'
import { isKeyless } from '../../src/sessions/session.js'
import { transitions } from '../../src/sessions/status.js'
import { createTestWrapper, mockSession, mockWallet } from '../../src/testing/index.js'

const statuses = Object.keys(transitions) as SessionStatus[]
const server: Address = '0x00000000000000000000000000000000000000b0'

test.each(statuses)('%s: a row as the store has it', (status) => {
  const session = mockSession({ status })
  expect(readRecord(session)).toEqual({ kind: 'session', session })
  expect(session).toMatchObject({ status, dialect: 'erc7715', chainId: 31_337, permissionsHash: hashPermissions(session.asked.permissions) })
  expect(session.expiry > Date.now() / 1000).toBe(status !== 'expired')
  const { granted } = session
  const said = ['active', 'exhausted', 'quarantined', 'revoking', 'revoked', 'expired'].includes(status)
  expect(granted.map(({ permission }) => permission.type)).toEqual(said ? ['contract-call', 'erc20-token-allowance'] : [])
})

test('its delegations say what it says; a quarantined one was granted more', () => {
  const active = mockSession()
  for (const granted of active.granted) expect(contextMismatch(granted as DelegatedPermission, { account: active.account, delegate: active.address, expiry: active.expiry })).toBeUndefined()
  const { asked, granted, grantedExpiry = 0 } = mockSession({ status: 'quarantined' })
  expect(isNotBroader(compare(asked, { permissions: granted.map(({ permission }) => permission), expiry: grantedExpiry }))).toBe(false)
})

test('each has an id and a key of its own, and every field can be given', () => {
  expect(new Set([mockSession(), mockSession(), mockSession()].flatMap(({ id, address }) => [id, address])).size).toBe(6)
  const given = { id: 'mine', rev: 3, status: 'unknown', name: 'shopping', dialect: 'porto', chainId: 1, account: server, address: server, granted: [], problem: 'odd', handle: '0x01' } as const
  expect(mockSession(given)).toMatchObject(given)
})

test('other permissions are asked for and granted, with a start where they need one', () => {
  const weekly = erc20Periodic({ token: server, limit: 5n, period: { days: 7 } })
  const { asked, granted, permissionsHash } = mockSession({ permissions: [weekly] })
  expect(asked.permissions).toEqual([{ ...weekly, startTime: expect.any(Number) }])
  expect(granted[0]?.permission).toEqual(asked.permissions[0])
  expect(permissionsHash).toBe(hashPermissions([weekly]))
})

test.each([
  ['openfort', /^ses_[0-9a-f]{16}$/],
  ['porto', /^0x[0-9a-f]{40}$/],
  ['erc7715-2024', /^0x[0-9a-f]{192}$/],
])('%s: known by a handle instead of delegations', (dialect, handle) => {
  const session = mockSession({ dialect })
  expect(session.handle).toMatch(handle)
  expect(session.granted.some(isDelegated)).toBe(false)
})

test('in a wrapper it is the wallet’s, unless it says whose it is', async () => {
  const wallet = mockWallet()
  const sessions = [mockSession(), mockSession({ name: 'other', account: server, chainId: 1 })]
  const { config } = createTestWrapper({ wallet, sessions })
  const [mine, others] = await Promise.all(sessions.map(({ id }) => config.sessions.get(id)))
  expect(mine).toMatchObject({ account: wallet.account, chainId: 31_337, address: sessions[0]?.address })
  for (const granted of mine?.granted ?? []) {
    expect(contextMismatch(granted as DelegatedPermission, { account: wallet.account, delegate: sessions[0]?.address as Address, expiry: sessions[0]?.expiry ?? 0 })).toBeUndefined()
  }
  expect(others).toEqual(sessions[1])
})

test.each(statuses)('%s: its key is there as long as it would be', async (status) => {
  const session = mockSession({ status })
  const store = createMemoryStore()
  const { config } = createTestWrapper({ sessions: [session], store })
  const [stored] = await config.sessions.find()
  if (!stored) throw new Error('no session')
  if (isKeyless(session)) {
    expect(await store.getKey(session.id)).toBeUndefined()
    return
  }
  const signer = await config.sessions.signer(stored)
  const hello = { domain: {}, types: { Hello: [] }, primaryType: 'Hello', message: {} } as const
  const signature = await signer.signTypedData(hello)
  expect(await recoverTypedDataAddress({ ...hello, signature })).toBe(session.address)
})

test('a session for a key held elsewhere has none here', async () => {
  const session = mockSession({ address: server })
  const { config } = createTestWrapper({ sessions: [session] })
  const [stored] = await config.sessions.find()
  await expect(config.sessions.signer(stored as typeof session)).rejects.toMatchObject({ name: 'KeyNotHereError' })
})
