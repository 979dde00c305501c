/** What becomes of a relay's transactions when nothing happens, when its process ends, and when the node forgets. */
import { custom, http, keccak256, parseGwei, type Address, type Hex } from 'viem'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { anyDelegate } from '../../src/delegation/framework.js'
import type { CreateRelayParameters, RelayEvent, RelayJournal, RelayJournalEntry } from '../../src/server/index.js'
import type { LocalChain } from '../../src/testing/chain/startLocalChain.js'
import { startRelayWorld, until, type RelayWorld } from './relayWorld.js'

let chain: LocalChain
let kit: RelayWorld

beforeAll(async () => void ({ chain, kit } = await startRelayWorld()))
afterEach(() => chain.client.setAutomine(true))
afterAll(() => chain.stop())

async function startRelay(options: Partial<CreateRelayParameters> = {}) {
  const events: RelayEvent[] = []
  const world = await kit.startRelay({ replaceAfterMs: 100, onEvent: (event) => events.push(event), ...options })
  return { ...world, events, told: (name: RelayEvent['name']) => events.filter((event) => event.name === name) }
}

function createJournal() {
  const entries = new Map<Hex, RelayJournalEntry>()
  const journal: RelayJournal = {
    // As a database has it.
    write: async (entry) => void entries.set(entry.id, JSON.parse(JSON.stringify(entry)) as RelayJournalEntry),
    erase: async (id) => void entries.delete(id),
    read: async () => [...entries.values()],
  }
  return { journal, entries }
}

/** A node that answers until it is gone, as it is for a process that has ended. */
function connection() {
  const { request } = http(chain.rpcUrl, { retryCount: 0 })({ retryCount: 0 })
  let isGone = false
  const transport = custom(
    {
      async request(question: { method: string }) {
        if (isGone) return new Promise<never>(() => undefined)
        const answer = await request(question as never)
        return isGone ? new Promise<never>(() => undefined) : answer
      },
    },
    { retryCount: 0 },
  )
  return { transport, end: () => (isGone = true) }
}

async function poolOf(address: Address) {
  const { pending } = await chain.client.getTxpoolContent()
  return Object.entries(pending).flatMap(([from, byNonce]) => (from.toLowerCase() === address.toLowerCase() ? Object.values(byNonce) : []))
}
const inPool = (address: Address, count: number) => until(() => poolOf(address), (pool) => pool.length === count)
const mined = <value>(look: () => Promise<value>, isThere: (value: value) => boolean) =>
  until(async () => {
    await chain.client.mine({ blocks: 1 })
    return look()
  }, isThere)

describe('a transaction that waits', () => {
  test('is outbid under the same number, and one of the two is included', async () => {
    const world = await startRelay({ replaceAfterMs: 100 })
    const { transaction } = await kit.mintThrough(world)
    await chain.client.setAutomine(false)
    const id = await world.relay.sendTransaction(transaction)
    await until(async () => world.told('relay.transaction.replaced'), (told) => told.length >= 2)
    const nonces = [...world.told('relay.transaction.sent'), ...world.told('relay.transaction.replaced')].map(({ attributes }) => attributes['transaction.nonce'])
    expect(new Set(nonces)).toEqual(new Set([0]))
    await mined(() => world.relay.getStatus(id), ({ status }) => status === 200)
    expect(await kit.sentBy(world.sponsor)).toBe(1)
    expect(await kit.swordsOf(world.player.address)).toBe(1n)
  })

  test('is not outbid beyond the most that the relay offers: that is told, and health says so', async () => {
    const world = await startRelay({ replaceAfterMs: 50, limits: { maxFeePerGas: parseGwei('5') } })
    const { transaction } = await kit.mintThrough(world)
    await chain.client.setAutomine(false)
    const id = await world.relay.sendTransaction(transaction)
    await until(async () => world.told('relay.transaction.stuck'), (told) => told.length > 0)
    expect(await poolOf(world.sponsor.address)).toHaveLength(1)
    for (const { maxFeePerGas } of await poolOf(world.sponsor.address)) expect(BigInt(maxFeePerGas as Hex)).toBeLessThanOrEqual(parseGwei('5'))
    expect(await world.handler.health()).toMatchObject({ status: 'degraded', problems: ['transaction-stuck'], pending: 1 })
    await mined(() => world.relay.getStatus(id), ({ status }) => status === 200)
    expect(await world.handler.health()).toMatchObject({ status: 'ok', problems: [], pending: 0 })
    expect(world.told('relay.transaction.stuck')).toHaveLength(1)
  }, 60_000)

  test('is sent again when the node has lost it, with those behind it', async () => {
    const world = await startRelay({ replaceAfterMs: 60_000 })
    const calls = await Promise.all([1, 2, 3].map(() => kit.mintThrough(world)))
    await chain.client.setAutomine(false)
    const ids = await Promise.all(calls.map(({ transaction }) => world.relay.sendTransaction(transaction)))
    await inPool(world.sponsor.address, 3)
    for (const { hash } of await poolOf(world.sponsor.address)) await chain.client.dropTransaction({ hash })
    expect(await poolOf(world.sponsor.address)).toEqual([])
    for (const id of ids) await mined(() => world.relay.getStatus(id), ({ status }) => status === 200)
    expect(await kit.sentBy(world.sponsor)).toBe(3)
  }, 60_000)

  test('many of one account are on their way at once, with the numbers in order', async () => {
    const world = await startRelay({ replaceAfterMs: 60_000 })
    const calls = await Promise.all(Array.from({ length: 12 }, () => kit.mintThrough(world)))
    await chain.client.setAutomine(false)
    const ids = await Promise.all(calls.map(({ transaction }) => world.relay.sendTransaction(transaction)))
    const pool = await inPool(world.sponsor.address, 12)
    expect(pool.map(({ nonce }) => Number(nonce)).sort((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, nonce) => nonce))
    await chain.client.setAutomine(true)
    await chain.client.mine({ blocks: 1 })
    for (const id of ids) await until(() => world.relay.getStatus(id), ({ status }) => status === 200)
  })

  test('more than may be on their way wait their turn; more than may wait are refused', async () => {
    const world = await startRelay({ replaceAfterMs: 60_000, limits: { maxInFlight: 2, maxWaiting: 3 } })
    const calls = await Promise.all(Array.from({ length: 6 }, () => kit.mintThrough(world)))
    await chain.client.setAutomine(false)
    const ids: string[] = []
    for (const { transaction } of calls.slice(0, 5)) ids.push(await world.relay.sendTransaction(transaction))
    await inPool(world.sponsor.address, 2)
    expect(await world.handler.health()).toMatchObject({ pending: 5, waiting: 3 })
    const refused = await world.attempt(calls[5]?.transaction as never)
    expect({ status: refused.status, retry: refused.headers.get('retry-after') }).toEqual({ status: 503, retry: '2' })
    for (const id of ids) await mined(() => world.relay.getStatus(id), ({ status }) => status === 200)
    expect(await kit.sentBy(world.sponsor)).toBe(5)
  })
})

describe('a new process', () => {
  /** One whose process has ended: what it sent is in its node's pool, and in no block. */
  async function endedRelay(journal: RelayJournal) {
    const line = connection()
    const old = await startRelay({ journal, transport: line.transport, replaceAfterMs: 60_000 })
    const { transaction } = await kit.mintThrough(old)
    await chain.client.setAutomine(false)
    const id = await old.relay.sendTransaction(transaction)
    const [pending] = await inPool(old.sponsor.address, 1)
    line.end()
    return { old, transaction, id, pending: pending! }
  }

  test('goes on with what the journal has: the same task, and no second transaction', async () => {
    const { journal, entries } = createJournal()
    const { old, transaction, id } = await endedRelay(journal)

    const world = await startRelay({ journal, account: old.sponsor })
    expect(await world.handler.recover()).toBe(1)
    expect(world.told('relay.recovered')).toHaveLength(1)
    expect(await world.relay.sendTransaction(transaction)).toBe(id)
    expect(await world.handler.health()).toMatchObject({ pending: 1 })
    await mined(() => world.relay.getStatus(id), ({ status }) => status === 200)
    expect(await kit.sentBy(old.sponsor)).toBe(1)
    expect(await kit.swordsOf(old.player.address)).toBe(1n)
    await until(async () => entries.size, (size) => size === 0)
  })

  test('sends again, and outbids, what its node has lost meanwhile', async () => {
    const { journal } = createJournal()
    const { old, id, pending } = await endedRelay(journal)
    await chain.client.dropTransaction({ hash: pending.hash as Hex })

    const world = await startRelay({ journal, account: old.sponsor })
    await world.handler.recover()
    await until(async () => world.told('relay.transaction.replaced'), (told) => told.length > 0)
    await mined(() => world.relay.getStatus(id), ({ status }) => status === 200)
    expect(await kit.sentBy(old.sponsor)).toBe(1)
  })

  test('takes what was included meanwhile for what it is', async () => {
    const { journal } = createJournal()
    const { old, id } = await endedRelay(journal)
    await chain.client.mine({ blocks: 1 })
    await chain.client.setAutomine(true)

    const world = await startRelay({ journal, account: old.sponsor })
    expect(await until(() => world.relay.getStatus(id), ({ status }) => status >= 200)).toMatchObject({ status: 200 })
    // New ones go on from there.
    await world.relay.send((await kit.mintThrough(world)).transaction)
    expect(await kit.sentBy(old.sponsor)).toBe(2)
  })

  test('without a journal waits until what it finds on its way is in a block, and spends nothing on a leaf of it', async () => {
    const line = connection()
    const old = await startRelay({ transport: line.transport, replaceAfterMs: 60_000 })
    const { transaction } = await kit.mintThrough(old)
    await chain.client.setAutomine(false)
    await old.relay.sendTransaction(transaction)
    await inPool(old.sponsor.address, 1)
    line.end()

    const world = await startRelay({ account: old.sponsor })
    const again = world.attempt(transaction)
    await until(() => world.handler.health(), ({ problems }) => problems.includes('recovering'))
    await chain.client.mine({ blocks: 1 })
    expect((await again).body.error?.code).toBe(4211)
    expect(await kit.sentBy(old.sponsor)).toBe(1)
  })
})

test('a leaf that somebody else redeems first costs the revert at most, and nothing where it is seen in time', async () => {
  const world = await startRelay({ replaceAfterMs: 60_000 })
  const other = await startRelay()
  const { transaction } = await kit.mintThrough(world, anyDelegate)
  await other.relay.send(transaction)
  const before = await chain.client.getBalance({ address: world.sponsor.address })
  expect((await world.attempt(transaction)).body.error?.code).toBe(4211)
  expect(await chain.client.getBalance({ address: world.sponsor.address })).toBe(before)
})

test('the hash that a task names is that of its newest transaction', async () => {
  const { journal, entries } = createJournal()
  const world = await startRelay({ journal, replaceAfterMs: 100 })
  const { transaction } = await kit.mintThrough(world)
  await chain.client.setAutomine(false)
  const id = (await world.relay.sendTransaction(transaction)) as Hex
  await until(async () => entries.get(id)?.serialized.length ?? 0, (count) => count >= 2)
  const status = await world.relay.getStatus(id)
  expect(entries.get(id)?.serialized.map((one) => keccak256(one))).toContain('transactionHash' in status ? status.transactionHash : undefined)
  await mined(() => world.relay.getStatus(id), ({ status: now }) => now === 200)
})
