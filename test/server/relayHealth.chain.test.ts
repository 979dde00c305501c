import { http, parseEther } from 'viem'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { RelayEvent } from '../../src/server/index.js'
import type { LocalChain } from '../../src/testing/chain/startLocalChain.js'
import { countedTransport } from '../../bench/countedTransport.js'
import { startRelayWorld, until, type RelayWorld } from './relayWorld.js'

let chain: LocalChain
let kit: RelayWorld

beforeAll(async () => void ({ chain, kit } = await startRelayWorld()))
afterEach(() => chain.client.setAutomine(true))
afterAll(() => chain.stop())

const get = (path: string, headers: Record<string, string> = {}) => new Request(`http://relay${path}`, { headers })

test('says what it has, what waits and what is left, as a function and at /health', async () => {
  let now = Math.floor(Date.now() / 1000)
  const world = await kit.startRelay({ clock: () => now, limits: { spending: { maxWei: parseEther('1'), windowSeconds: 86_400 } } })
  expect(await world.handler.health()).toEqual({
    status: 'ok',
    problems: [],
    chainId: 31337,
    account: world.sponsor.address,
    balanceWei: parseEther('10'),
    block: { number: expect.any(BigInt), timestamp: expect.any(Number) },
    pending: 0,
    waiting: 0,
    oldestPendingSeconds: undefined,
    budgetLeftWei: parseEther('1'),
  })

  await chain.client.setAutomine(false)
  const id = await world.relay.sendTransaction((await kit.mintThrough(world)).transaction)
  now += 40
  const response = await world.handler(get('/relay/health'))
  expect(response.status).toBe(200)
  const body = (await response.json()) as { budgetLeftWei: string }
  expect(body).toMatchObject({ status: 'ok', balanceWei: parseEther('10').toString(), pending: 1, oldestPendingSeconds: 40 })
  // What is on its way counts with the most that it can cost.
  expect(BigInt(body.budgetLeftWei)).toBeLessThan(parseEther('1'))
  const status = await until(
    async () => {
      await chain.client.mine({ blocks: 1 })
      return world.relay.getStatus(id)
    },
    (task) => task.status === 200,
  )
  const paid = 'receipt' in status ? status.receipt.gasUsed * status.receipt.effectiveGasPrice : 0n
  expect(await world.handler.health()).toMatchObject({ pending: 0, balanceWei: parseEther('10') - paid, budgetLeftWei: parseEther('1') - paid })
})

test('is no secret to callers with a key; others hear only how it is', async () => {
  const world = await kit.startRelay({ apiKeys: ['alpha'] })
  expect(await (await world.handler(get('/health'))).json()).toEqual({ status: 'ok' })
  expect(await (await world.handler(get('/health', { 'x-api-key': 'alpha' }))).json()).toMatchObject({ status: 'ok', account: world.sponsor.address })
})

test('a node that is down: 503, and nothing of its address', async () => {
  const world = await kit.startRelay({ transport: http('http://127.0.0.1:9/v2/secret-key', { retryCount: 0 }) })
  const response = await world.handler(get('/health'))
  expect(response.status).toBe(503)
  const text = await response.text()
  expect(JSON.parse(text)).toMatchObject({ status: 'degraded', problems: ['node-unreachable'] })
  expect(text).not.toContain('secret')
})

test('asks its node once in a while, however often it is asked', async () => {
  const { transport, asked } = countedTransport(chain.rpcUrl)
  const world = await kit.startRelay({ transport })
  await Promise.all(Array.from({ length: 100 }, () => world.handler(get('/health'))))
  expect(asked.length).toBeLessThan(4)
})

test('warns once when the balance falls below what was said', async () => {
  const warned: bigint[] = []
  const events: RelayEvent[] = []
  const world = await kit.startRelay({ lowBalance: { belowWei: parseEther('9.9999'), warn: (wei) => warned.push(wei) }, onEvent: (event) => events.push(event) })
  await world.handler.health()
  expect(warned).toEqual([])
  await world.relay.send((await kit.mintThrough(world)).transaction)
  await world.relay.send((await kit.mintThrough(world)).transaction)
  expect(warned).toHaveLength(1)
  expect(events.filter(({ name }) => name === 'relay.balance.low')).toHaveLength(1)
  expect(await world.handler.health()).toMatchObject({ status: 'degraded', problems: ['balance-low'] })
})

test('events are flat, and hold no key, no URL and no calldata', async () => {
  const events: RelayEvent[] = []
  const world = await kit.startRelay({ apiKeys: ['alpha-key'], onEvent: (event) => events.push(event) })
  const { transaction } = await kit.mintThrough(world)
  const headers = { 'x-api-key': 'alpha-key' }
  const params = { chainId: '31337', to: transaction.to, data: transaction.data }
  await world.ask('relayer_sendTransactionSync', params, headers)
  await world.ask('relayer_sendTransactionSync', params)
  expect(events.map(({ name }) => name)).toEqual(['relay.task.accepted', 'relay.transaction.sent', 'relay.transaction.included', 'relay.request.refused'])
  for (const value of events.flatMap(({ attributes }) => Object.values(attributes))) expect(['string', 'number', 'boolean']).toContain(typeof value)
  const told = JSON.stringify(events)
  for (const secret of ['alpha-key', chain.rpcUrl, transaction.data.slice(10, 200)]) expect(told).not.toContain(secret)
})

test('after warm-up an action is two requests to the node: one that simulates, one that sends', async () => {
  const { transport, asked } = countedTransport(chain.rpcUrl)
  const world = await kit.startRelay({ transport })
  const { root, transaction } = await kit.mintThrough(world)
  await world.relay.send(transaction)
  asked.length = 0
  const more = await Promise.all(Array.from({ length: 10 }, () => kit.mintAgain(world, root)))
  await Promise.all(more.map((one) => world.relay.send(one.transaction)))
  expect(asked.filter((method) => method === 'eth_call')).toHaveLength(10)
  expect(asked.filter((method) => method === 'eth_sendRawTransactionSync')).toHaveLength(10)
  expect(asked).toHaveLength(20)
  expect(await kit.sentBy(world.sponsor)).toBe(11)
})
