/** What a session did, as its history tells it: real chain, relay and IndexedDB. */
import { zeroAddress } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sendSessionCalls } from '../../src/actions/sendSessionCalls.js'
import { createIndexedDbStore } from '../../src/sessions/indexedDbStore.js'
import type { SessionAction } from '../../src/sessions/sessionAction.js'
import type { SessionHistory, SessionStore } from '../../src/sessions/store.js'
import { gold, startShop } from '../startShop.js'

let shop: Awaited<ReturnType<typeof startShop>>
beforeAll(async () => {
  shop = await startShop()
})
afterAll(() => shop.stop())

const historyOf = async (id: string): Promise<readonly SessionAction[]> => (await shop.store.history?.list(id)) ?? []

test('a send, one that we refuse, one that the chain refuses, one that fails in the contract: each is written down, and no calldata', async () => {
  const { session } = await shop.grant()
  const { transactionHash } = await shop.send(shop.buy())
  await expect(shop.send([shop.pay(gold(5_000))])).rejects.toMatchObject({ name: 'SpendLimitExceededError', by: 'check' })
  await expect(shop.force([shop.pay(gold(5_000))])).rejects.toMatchObject({ name: 'SpendLimitExceededError', by: 'chain' })
  await expect(shop.send([shop.pay(gold(1), zeroAddress)])).rejects.toMatchObject({ name: 'SessionCallRevertedError' })
  await expect.poll(() => historyOf(session.id)).toMatchObject([
    { outcome: { status: 'failed', error: 'SessionCallRevertedError' } },
    { outcome: { status: 'refused', error: 'SpendLimitExceededError', by: 'chain' } },
    { outcome: { status: 'refused', error: 'SpendLimitExceededError', by: 'check' } },
    { outcome: { status: 'done', transactionHash } },
  ])
  const history = await historyOf(session.id)
  expect(history.at(-1)).toEqual({
    id: expect.any(String),
    v: 1,
    session: session.id,
    at: expect.any(Number),
    calls: [
      { to: shop.gold, selector: '0xa9059cbb', functionName: 'transfer', value: 0n, tokenAmount: gold(100) },
      { to: shop.sword, selector: '0x6a627842', functionName: 'mint', value: 0n },
    ],
    outcome: { status: 'done', transactionHash },
  })
  const kept = JSON.stringify(history, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}` : value))
  expect(kept.toLowerCase()).not.toContain(shop.shop.slice(2).toLowerCase())
})

test('on its way it is there already: a page that is closed now leaves that behind', async () => {
  const { session } = await shop.grant({ ...shop.shopping, name: 'on its way' })
  let seen: readonly SessionAction[] = []
  const waiting: SessionStore = { ...shop.store, history: { ...(shop.store.history as SessionHistory), put: async (action) => shop.store.history?.put(action) } }
  const app = shop.openApp({ store: waiting })
  app.wagmi.setState(() => shop.config.wagmi.state)
  const { send } = app.lane
  const lane = {
    ...app.lane,
    send: async (...request: Parameters<typeof send>) => {
      await expect.poll(async () => (seen = await historyOf(session.id))).toHaveLength(1)
      return send(...request)
    },
  }
  await sendSessionCalls({ ...app, lane }, { session: session.id, calls: [shop.mint] })
  expect(seen).toMatchObject([{ outcome: { status: 'sent' } }])
  await expect.poll(() => historyOf(session.id)).toMatchObject([{ id: seen[0]?.id, outcome: { status: 'done' } }])
})

test.each<[string, Partial<SessionHistory> | undefined]>([
  ['fails', { put: () => Promise.reject(new Error('no room')) }],
  ['throws', { put: () => { throw new Error('no room') } }],
  ['never ends', { put: () => new Promise(() => undefined) }],
  ['is not kept', undefined],
])('a history that %s is in no action’s way', async (_, broken) => {
  const { session } = await shop.grant({ ...shop.shopping, name: `in the way: ${_}` })
  const { history } = createIndexedDbStore({ name: 'unused' })
  const app = shop.openApp({ store: { ...shop.store, history: broken && { ...(history as SessionHistory), ...broken } } })
  app.wagmi.setState(() => shop.config.wagmi.state)
  const swords = await shop.swords()
  await sendSessionCalls(app, { session: session.id, calls: [shop.mint] })
  await sendSessionCalls(app, { session: session.id, calls: [shop.mint] })
  expect(await shop.swords()).toBe(swords + 2n)
})
