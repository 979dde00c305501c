// @vitest-environment happy-dom
import 'fake-indexeddb/auto'
import { render, screen } from '@testing-library/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { grantPermissions, revokePermissions } from '../../src/actions/index.js'
import { createIndexedDbStore, defineSession, erc20Allowance, expiresIn, useSessionStorage, type SessionKeyConfig, type SessionStore } from '../../src/index.js'
import { SessionStoreError } from '../../src/sessions/storageErrors.js'
import { createMemoryStore } from '../../src/sessions/memoryStore.js'
import { createSessionBook } from '../../src/sessions/sessionBook.js'
import { createTestWrapper, mockWallet } from '../../src/testing/index.js'

const spending = defineSession({
  name: 'spending',
  expiry: expiresIn({ minutes: 30 }),
  permissions: [erc20Allowance({ token: '0x0000000000000000000000000000000000006011', limit: 1000n })],
})

let name: string
beforeEach(() => {
  name = crypto.randomUUID()
})
afterEach(() => {
  vi.restoreAllMocks()
})

/** An app as `createSessionKeyConfig` makes one by default, over a store of ours. */
function appOver(store: SessionStore) {
  const wallet = mockWallet()
  const wrapper = createTestWrapper({ wallet })
  const config: SessionKeyConfig = { ...wrapper.config, sessions: createSessionBook({ store, fallback: createMemoryStore() }) }
  return { wallet, config, wrapper }
}

const asked = (wallet: ReturnType<typeof mockWallet>) => wallet.calls.filter(({ method }) => method === 'wallet_requestExecutionPermissions')

const broken: Record<string, () => SessionStore> = {
  'takes nothing (a full disk, a private window)': () => ({
    ...createIndexedDbStore({ name }),
    create: () => Promise.reject(new SessionStoreError('the disk is full.')),
  }),
  'forgets what it took': () => ({ ...createIndexedDbStore({ name }), get: async () => undefined }),
  'keeps the session and loses the key': () => ({ ...createIndexedDbStore({ name }), getKey: async () => undefined }),
}

test.each(Object.entries(broken))('a store that %s: short sessions live in memory, said openly; long ones are refused before anybody is asked', async (_, make) => {
  const { wallet, config } = appOver(make())
  await expect(grantPermissions(config, { ...spending, expiry: expiresIn({ days: 3 }) })).rejects.toMatchObject({
    name: 'VolatileStorageError',
    shortMessage: 'This browser does not keep keys, so a session of 3 days would be lost when the page is closed.',
    metaMessages: expect.arrayContaining([expect.stringContaining('60 minutes at most')]),
  })
  expect(asked(wallet)).toEqual([])
  const { session } = await grantPermissions(config, spending)
  expect(session.status).toBe('active')
  expect((await config.sessions.signer(session)).address).toBe(session.address)
  expect(config.sessions.storage()).toMatchObject({ persistence: 'memory', problem: { name: 'SessionStoreError' } })
  expect(localStorage).toHaveLength(0)
})

test('without IndexedDB: the same', async () => {
  const { indexedDB } = globalThis
  Reflect.deleteProperty(globalThis, 'indexedDB')
  try {
    const { config, wrapper: Wrapper } = appOver(createIndexedDbStore({ name }))
    function Notice() {
      const { persistence, problem } = useSessionStorage({ config })
      return <p>{`${persistence} ${problem?.message.split('\n')[0] ?? ''}`}</p>
    }
    render(<Notice />, { wrapper: Wrapper })
    await grantPermissions(config, spending)
    expect(await screen.findByText('memory Sessions cannot be stored safely here: there is no IndexedDB.')).toBeVisible()
    const found = await config.sessions.load(wrapperAccount(config))
    expect(found.sessions.map(({ status }) => status)).toEqual(['active'])
  } finally {
    globalThis.indexedDB = indexedDB
  }
})

test('an app’s own store that fails is not silently replaced', async () => {
  const wallet = mockWallet()
  const { config } = createTestWrapper({ wallet, store: { ...createIndexedDbStore({ name }), getKey: async () => undefined } })
  await expect(grantPermissions(config, spending)).rejects.toMatchObject({ name: 'SessionStoreError' })
  expect(asked(wallet)).toEqual([])
})

test('the browser clears the site’s data while the wallet asks: said so, set aside, and it can be ended', async () => {
  const wallet = mockWallet({ dialect: 'erc7715' })
  const { config } = createTestWrapper({ wallet, store: createIndexedDbStore({ name }) })
  const { request } = wallet.provider
  wallet.provider.request = async (call) => {
    const answer = await request(call)
    if (call.method === 'wallet_requestExecutionPermissions') {
      await new Promise((resolve) => (indexedDB.deleteDatabase(name).onsuccess = resolve))
    }
    return answer
  }
  const error = await grantPermissions(config, spending).then(
    () => undefined,
    (reason: Error & { session?: { id: string; address: string } }) => reason,
  )
  expect(error).toMatchObject({
    name: 'GrantLostError',
    shortMessage: 'The wallet granted the session, but this browser has deleted its key meanwhile.',
    session: { status: 'quarantined' },
  })
  const id = error?.session?.id ?? ''
  const row = await config.sessions.get(id)
  expect(row).toMatchObject({ status: 'quarantined', granted: [{ permission: { type: 'erc20-token-allowance' } }] })
  await expect(config.sessions.signer(row as never)).rejects.toMatchObject({ name: 'KeyNotHereError' })
  // It can be tried to end it; the mock chain just does not say that it ended.
  await expect(revokePermissions(config, { id, timeoutMs: 1 })).rejects.toThrow()
  expect(['quarantined', 'revoking']).toContain((await config.sessions.get(id))?.status)
})

function wrapperAccount(config: SessionKeyConfig) {
  const { connections, current } = config.wagmi.state
  return connections.get(current ?? '')?.accounts[0] as `0x${string}`
}
