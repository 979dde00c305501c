import { parseAbi } from 'viem'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { grantPermissions } from '../../src/actions/grantPermissions.js'
import { reconcileSessions } from '../../src/actions/reconcileSessions.js'
import { contractCall, createMemoryStore, defineSession, erc20Allowance, expiresIn, type Session, type SessionStatus } from '../../src/index.js'
import { createTestWrapper, mockSession, mockWallet, type MockWallet } from '../../src/testing/index.js'
import { sessionLock, withLock } from '../../src/sessions/locks.js'
import type { SessionStore } from '../../src/sessions/store.js'

const gold = '0x0000000000000000000000000000000000006011'
const spending = defineSession({ name: 'spending', expiry: expiresIn({ days: 1 }), permissions: [erc20Allowance({ token: gold, limit: 1000n })] })

afterEach(() => {
  vi.useRealTimers()
})

/** The page again, over what the last one left in the store; the wallet is the same. */
const page = (wallet: MockWallet, store: SessionStore) => createTestWrapper({ wallet, store }).config
const statusOf = async (store: SessionStore) => (await store.list()).map(({ status }) => status)

describe('a wallet that lists what it granted', () => {
  const dialect = 'erc7715'

  test('granted, and the answer was lost: found again, and active', async () => {
    const wallet = mockWallet({ dialect, decision: 'crash' })
    const store = createMemoryStore()
    await expect(grantPermissions(page(wallet, store), spending)).rejects.toMatchObject({ name: 'GrantFailedError' })
    expect(await statusOf(store)).toEqual(['unknown'])

    const again = page(wallet, store)
    const { settled, unconfirmed } = await reconcileSessions(again)
    expect(settled.map(({ status }) => status)).toEqual(['active'])
    expect(unconfirmed).toEqual([])
    const [session] = await store.list()
    // MetaMask writes a start into each.
    expect(session?.granted.map(({ permission }) => permission)).toMatchObject(session?.asked.permissions ?? [])
    expect((await again.sessions.signer(session as Session)).address).toBe(session?.address)
  })

  test('the page died while the wallet was asked: found again, and active', async () => {
    const wallet = mockWallet({ dialect, decision: 'crash' })
    const store = createMemoryStore()
    await expect(grantPermissions(page(wallet, store), spending)).rejects.toThrow()
    const [left] = await store.list()
    // As the write-ahead left it: nobody was there to note that no answer came.
    const died = createMemoryStore()
    const key = await store.getKey(left?.id ?? '')
    await died.getWrappingKey(async () => key?.wrappingKey as CryptoKey)
    await died.create({ ...(left as Session), status: 'requested', rev: 0, problem: undefined }, key?.key)
    await reconcileSessions(page(wallet, died))
    expect(await statusOf(died)).toEqual(['active'])
  })
})

test('more than was asked stays out of use, however it is found', async () => {
  const wallet = mockWallet({ dialect: 'erc7715', decision: 'crash' })
  const store = createMemoryStore()
  await expect(grantPermissions(page(wallet, store), spending)).rejects.toThrow()
  const { request } = wallet.provider
  wallet.provider.request = async (call) => {
    const answer = await request(call)
    if (call.method !== 'wallet_getGrantedExecutionPermissions') return answer
    const text = JSON.stringify(answer).replace('"0x3e8"', '"0x7d0"')
    expect(text).not.toBe(JSON.stringify(answer))
    return JSON.parse(text) as unknown
  }
  await reconcileSessions(page(wallet, store))
  const [session] = await store.list()
  expect(session).toMatchObject({ status: 'quarantined' })
})

test('what no signed permission says is believed of the wallet that was asked, and of no other that shows the same address', async () => {
  const wallet = mockWallet({ dialect: 'erc7715-2024', decision: 'crash' })
  const { request } = wallet.provider
  // It lists what it was asked, under a name that only the wallet can read.
  wallet.provider.request = async (call) => {
    const answer = await request(call)
    const asked = wallet.calls.find(({ method }) => method === 'wallet_grantPermissions')?.params as readonly object[] | undefined
    return call.method === 'wallet_getGrantedExecutionPermissions' && asked ? [{ ...asked[0], chainId: '0x7a69', permissionsContext: 'ses_1' }] : answer
  }
  const store = createMemoryStore()
  const minting = { ...spending, permissions: [contractCall({ address: gold, abi: parseAbi(['function mint()']), functions: ['mint'] })] }
  await expect(grantPermissions(page(wallet, store), minting)).rejects.toMatchObject({ name: 'GrantFailedError' })
  const [asked] = await store.list()
  await store.put({ ...(asked as Session), rev: (asked?.rev ?? 0) + 1, connector: 'another' })
  await reconcileSessions(page(wallet, store))
  expect(await statusOf(store)).toEqual(['unknown'])

  const [still] = await store.list()
  await store.put({ ...(still as Session), rev: (still?.rev ?? 0) + 1, connector: asked?.connector })
  await reconcileSessions(page(wallet, store))
  expect(await statusOf(store)).toEqual(['active'])
})

test('what nobody can say stays unconfirmed, with its key', async () => {
  const wallet = mockWallet({ dialect: 'openfort', decision: 'crash' } as never)
  const store = createMemoryStore()
  const whole = contractCall({ address: gold, abi: [], valueLimit: 2n ** 256n - 1n })
  const config = page(wallet, store)
  config.consent.mount()
  const stop = config.consent.subscribe(() => queueMicrotask(() => config.consent.approve(config.consent.getSnapshot()?.id ?? '')))
  await expect(grantPermissions(config, { ...spending, permissions: [whole] })).rejects.toMatchObject({ name: 'GrantFailedError' })
  stop()
  const { settled, unconfirmed } = await reconcileSessions(page(wallet, store))
  expect(settled).toEqual([])
  expect(unconfirmed.map(({ status }) => status)).toEqual(['unknown'])
  expect(await store.getKey(unconfirmed[0]?.id ?? '')).toBeDefined()
})

test('a session that another tab is asking for is left to it', async () => {
  const wallet = mockWallet()
  const session = mockSession({ status: 'requested' })
  const { config } = createTestWrapper({ wallet, sessions: [session] })
  let done: () => void = () => undefined
  const busy = withLock(sessionLock(session.id), () => new Promise<void>((resolve) => (done = resolve)))
  await reconcileSessions(config)
  expect((await config.sessions.get(session.id))?.status).toBe('requested')
  done()
  await busy
  await reconcileSessions(config)
  expect((await config.sessions.get(session.id))?.status).toBe('unknown')
})

test('the wallet is asked for its list only where something is open, and never with a prompt', async () => {
  const wallet = mockWallet()
  const { config } = createTestWrapper({ wallet, sessions: [mockSession(), mockSession({ status: 'revoked' })] })
  await reconcileSessions(config)
  expect(wallet.calls).toEqual([])
})

test('a wallet that does not answer changes nothing', async () => {
  const wallet = mockWallet()
  wallet.provider.request = () => Promise.reject(new Error('locked'))
  const { config } = createTestWrapper({ wallet, sessions: [mockSession({ status: 'unknown' })] })
  const { unconfirmed } = await reconcileSessions(config)
  expect(unconfirmed.map(({ status }) => status)).toEqual(['unknown'])
})

describe('what is over', () => {
  const now = Math.floor(Date.now() / 1_000)
  const hour = 3_600
  const open: SessionStatus[] = ['requested', 'granted', 'active', 'exhausted', 'unknown', 'quarantined', 'revoking']

  test.each(open)('%s: written down as expired, and its key deleted, when both clocks are past it', async (status) => {
    const wallet = mockWallet()
    const session = mockSession({ status, expiry: now - hour, grantedExpiry: undefined })
    const { config } = createTestWrapper({ wallet, sessions: [{ ...session, grantedExpiry: undefined }] })
    const address = await config.sessions.signer((await config.sessions.get(session.id)) as Session).then((signer) => signer.address)
    expect(address).toBe(session.address)
    await reconcileSessions(config)
    const after = (await config.sessions.get(session.id)) as Session
    expect(after.status).toBe('expired')
    await expect(config.sessions.signer(after)).rejects.toMatchObject({ name: 'KeyNotHereError' })
  })

  test('this device’s clock a day ahead, or a node’s: nobody loses a key', async () => {
    const wallet = mockWallet()
    const session = mockSession({ expiry: now + hour })
    const { config } = createTestWrapper({ wallet, sessions: [session] })
    vi.useFakeTimers({ toFake: ['Date'], now: (now + 24 * hour) * 1_000 })
    await reconcileSessions(config)
    expect((await config.sessions.get(session.id))?.status).toBe('active')

    vi.setSystemTime(now * 1_000)
    config.sessions.noteChainTime(session.chainId, now + 24 * hour)
    await reconcileSessions(config)
    const kept = (await config.sessions.get(session.id)) as Session
    expect(kept.status).toBe('active')
    expect(await config.sessions.signer(kept)).toMatchObject({ address: session.address })
  })

  test('granted for longer than asked: the key stays until that is over on-chain', async () => {
    const session = mockSession({ expiry: now - hour, grantedExpiry: now + hour })
    const endless = mockSession({ expiry: now - hour, grantedExpiry: 0, dialect: 'openfort' })
    const { config } = createTestWrapper({ wallet: mockWallet(), sessions: [session, endless] })
    await reconcileSessions(config)
    expect((await config.sessions.find()).map(({ status }) => status)).toEqual(['active', 'active'])
  })

  test('after a month only a tombstone is left', async () => {
    const session = mockSession({ status: 'revoked', expiry: now - 40 * 24 * hour })
    const { config } = createTestWrapper({ wallet: mockWallet(), sessions: [session] })
    await reconcileSessions(config)
    const [left] = await config.sessions.find()
    expect(left).toMatchObject({ id: session.id, address: session.address, status: 'purged', outcome: 'revoked', granted: [], asked: { permissions: [] } })
    expect([left?.answer, left?.handle, left?.request]).toEqual([undefined, undefined, undefined])
  })
})
