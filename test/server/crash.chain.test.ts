import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { encodeFunctionData, type Hash } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { goldAbi } from '../../demo/contracts/artifacts.js'
import { hasHappened, onceNumber } from '../../src/execution/onceOnly.js'
import { serveFetch, type ServedFetch } from '../../src/testing/chain/serveFetch.js'
import { gold } from '../startShop.js'
import type { AgentOrder } from './agentProcess.js'
import { bundle, type Bundle } from './bundle.js'
import { storeHandler } from './remoteStore.js'
import { secret, startServer, type ServerWorld } from './startServer.js'

let world: ServerWorld
let store: ServedFetch
let program: Bundle
beforeAll(async () => {
  world = await startServer()
  store = await serveFetch(storeHandler(world.store))
  program = await bundle('agentProcess.ts')
}, 120_000)
afterAll(async () => {
  program.remove()
  await store.close()
  await world.stop()
})

type Ended = { signal: string | null; recovered: string[]; sent: { intent: string; transactionHash?: Hash; error?: string; message?: string }[] }

/** One server process from its start to its end. */
async function run(order: Pick<AgentOrder, 'session' | 'intents' | 'dieAt' | 'relay' | 'recover'> & { leaseMs?: number }): Promise<Ended> {
  const full: AgentOrder = { leaseMs: 2_000, ...order, storeUrl: store.url, rpcUrl: world.chain.rpcUrl, chainId: world.chain.chain.id, secret }
  const child = spawn(process.execPath, [program.file], { env: { ...process.env, ORDER: JSON.stringify(full) }, stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const [, signal] = (await once(child, 'close')) as [number | null, string | null]
  return { signal, recovered: [], sent: [], ...(output ? (JSON.parse(output) as Partial<Ended>) : {}) }
}

async function newSubscriber() {
  const user = crypto.randomUUID()
  const { config } = await world.openPage()
  return world.subscribe(world.smithy, { user, config })
}

const charge = (amount = gold(1)) => ({ to: world.gold, data: encodeFunctionData({ abi: goldAbi, functionName: 'transfer', args: [world.shop, amount] }) })

type Moment = Pick<AgentOrder, 'dieAt'> & { name: string; relay?: true; transactions: number }

test.each<Moment>([
  { name: 'when it had written down what it was about to do', dieAt: { method: 'eth_estimateGas', moment: 'before' }, transactions: 1 },
  { name: 'between the signature, which was written down, and the node', dieAt: { method: 'eth_sendRawTransaction', moment: 'before' }, transactions: 1 },
  { name: 'when the node had the transaction', dieAt: { method: 'eth_sendRawTransaction', moment: 'after' }, transactions: 1 },
  { name: 'before the relay heard of it', dieAt: { method: 'relayer_sendTransaction', moment: 'before' }, relay: true, transactions: 0 },
  { name: 'when the relay had it', dieAt: { method: 'relayer_sendTransaction', moment: 'after' }, relay: true, transactions: 0 },
])('killed $name: sent again, it has happened exactly once', async ({ dieAt, relay, transactions }) => {
  const { id: session, key } = await newSubscriber()
  const earned = await world.earned()
  const order = { session, intents: [{ intent: 'december', calls: [charge()] }], ...(relay ? { relay: world.relay.url } : {}) }
  expect(await run({ ...order, dieAt })).toMatchObject({ signal: 'SIGKILL', sent: [] })
  // It was written down before anything was sent.
  const [intent] = await world.agent().intents(session)
  expect(intent).toMatchObject({ id: 'december', state: { status: dieAt?.method === 'eth_estimateGas' ? 'written' : 'sent' } })

  const again = await run(order)
  expect(again).toMatchObject({ signal: null, sent: [{ intent: 'december', transactionHash: expect.stringMatching(/^0x/) as string }] })
  expect((await run(order)).sent).toEqual(again.sent)
  expect((await world.earned()) - earned).toBe(gold(1))
  expect(await world.nonceOf(key)).toBe(transactions)
  expect(await hasHappened(world.chain.client, { key, number: onceNumber(session, 'december') })).toBe(true)
}, 120_000)

test('killed while its transaction waits for a block: whoever comes next waits for it, and sends none beside it', async () => {
  const { id: session, key } = await newSubscriber()
  const earned = await world.earned()
  const { client } = world.chain
  const order = { session, intents: [{ intent: 'january', calls: [charge()] }] }
  await client.setAutomine(false)
  try {
    await run({ ...order, dieAt: { method: 'eth_sendRawTransaction', moment: 'after' } })
    expect(await client.getTransactionCount({ address: key, blockTag: 'pending' })).toBe(1)
    const again = run(order)
    await client.setIntervalMining({ interval: 2 })
    expect(await again).toMatchObject({ signal: null, sent: [{ transactionHash: expect.any(String) as string }] })
  } finally {
    await client.setIntervalMining({ interval: 0 })
    await client.setAutomine(true)
  }
  await client.mine({ blocks: 2 })
  expect((await world.earned()) - earned).toBe(gold(1))
  expect(await world.nonceOf(key)).toBe(1)
}, 120_000)

test('killed, and blocks became dearer than its transaction offers: it is outbid under its own number', async () => {
  const { id: session, key } = await newSubscriber()
  const earned = await world.earned()
  const { client } = world.chain
  const order = { session, intents: [{ intent: 'february', calls: [charge()] }] }
  await client.setAutomine(false)
  try {
    await run({ ...order, dieAt: { method: 'eth_sendRawTransaction', moment: 'after' } })
    const [left] = await world.agent().intents(session)
    const first = left?.state.status === 'sent' && left.state.outgoing[0]
    // It falls by an eighth with each empty block, so it is long until the first would do.
    await client.setNextBlockBaseFeePerGas({ baseFeePerGas: 500n * 10n ** 9n })
    await client.mine({ blocks: 1 })
    const again = run(order)
    await client.setIntervalMining({ interval: 3 })
    const { sent } = await again
    expect(sent).toMatchObject([{ transactionHash: expect.any(String) as string }])
    expect(first && first.by === 'key' && first.hash).toMatch(/^0x/)
    expect(sent[0]?.transactionHash).not.toBe(first && first.by === 'key' && first.hash)
  } finally {
    await client.setIntervalMining({ interval: 0 })
    await client.setAutomine(true)
  }
  expect((await world.earned()) - earned).toBe(gold(1))
  expect(await world.nonceOf(key)).toBe(1)
}, 120_000)

test('a process that starts knows what the last one left: sent, or not', async () => {
  const [unsent, sent] = [await newSubscriber(), await newSubscriber()]
  const earned = await world.earned()
  const order = (session: string) => ({ session, intents: [{ intent: 'x', calls: [charge()] }] })
  await run({ ...order(unsent.id), dieAt: { method: 'eth_estimateGas', moment: 'before' } })
  await run({ ...order(sent.id), dieAt: { method: 'eth_sendRawTransaction', moment: 'after' } })
  const { recovered } = await run({ session: sent.id, intents: [], recover: true })
  expect(recovered.sort()).toEqual(['x done', 'x failed'])
  expect((await world.earned()) - earned).toBe(gold(1))
  expect(await world.agent().intents(unsent.id)).toMatchObject([{ state: { status: 'failed', error: 'NotSentError' } }])
  expect((await run({ ...order(unsent.id), recover: true })).recovered).toEqual([])
  expect((await world.earned()) - earned).toBe(gold(2))
}, 120_000)

test('three processes with one key: every intent once, each transaction with a number of its own, whoever is told of it, and how often', async () => {
  const { id: session, key } = await newSubscriber()
  const earned = await world.earned()
  const intents = Array.from({ length: 5 }, (_, index) => ({ intent: `order ${index}`, calls: [charge()] }))
  const runs = await Promise.all([0, 1, 2].map((turn) => run({ session, intents: [...intents.slice(turn), ...intents.slice(0, turn)], leaseMs: 60_000 })))
  const hashes = runs.map(({ sent }) => [...sent].sort((a, b) => (a.intent < b.intent ? -1 : 1)).map(({ intent, transactionHash }) => `${intent} ${transactionHash}`))
  expect(hashes[1]).toEqual(hashes[0])
  expect(hashes[2]).toEqual(hashes[0])
  expect(new Set(hashes[0]).size).toBe(5)
  expect((await world.earned()) - earned).toBe(gold(5))
  expect(await world.nonceOf(key)).toBe(5)
}, 120_000)
