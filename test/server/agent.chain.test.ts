import { parseEther, type Address } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { swordAbi } from '../../demo/contracts/artifacts.js'
import { revokePermissions } from '../../src/actions/revokePermissions.js'
import { FunctionNotAllowedError, SpendLimitExceededError } from '../../src/execution/errors.js'
import type { SessionDefinition } from '../../src/permissions/defineSession.js'
import { createMemoryAgentStore, EffectMissingError, IntentConflictError, IntentTooLateError, SessionEndedError, type AgentStore } from '../../src/server/index.js'
import { gold } from '../startShop.js'
import { sendRevocations } from './sendRevocations.js'
import { startServer, type ServerWorld } from './startServer.js'

let world: ServerWorld
beforeAll(async () => void (world = await startServer()))
afterAll(() => world.stop())

/** The same server, without the rows of these kinds: what a store that was restored from an older copy would have. */
async function without(store: AgentStore, kinds: readonly string[]): Promise<AgentStore> {
  const copy = createMemoryAgentStore()
  for (const kind of ['key', 'address', 'session', 'grant', 'intent', 'history'] as const) {
    if (kinds.includes(kind)) continue
    for (const row of await store.list(kind)) for (let rev = 0; rev <= row.rev; rev += 1) await copy.put({ ...row, rev })
  }
  return copy
}

/** A page of its own for each test, so that none uses up another's limits. */
async function newSubscriber(definition: SessionDefinition = world.subscription) {
  const user = crypto.randomUUID()
  const { config, owner } = await world.openPage()
  return { user, config, owner, ...(await world.subscribe(definition, { user, config })) }
}

test('charges once for each name, however often it is asked to', async () => {
  const { id } = await newSubscriber()
  const agent = world.agent()
  const before = await world.earned()
  const first = await agent.send({ session: id, intent: 'day 1', calls: [world.charge()] })
  const receipt = await world.chain.client.getTransactionReceipt({ hash: first.transactionHash ?? '0x' })
  expect(receipt.blockNumber).toBe(first.blockNumber)
  const again = await Promise.all([1, 2, 3].map(() => agent.send({ session: id, intent: 'day 1', calls: [world.charge()] })))
  expect(again).toEqual([first, first, first])
  expect((await world.earned()) - before).toBe(gold(20))
})

test('another name in the same period is refused before anything is sent; in the next period it goes through', async () => {
  const { id, key } = await newSubscriber()
  const agent = world.agent()
  await agent.send({ session: id, intent: 'a', calls: [world.charge()] })
  const nonce = await world.nonceOf(key)
  await expect(agent.send({ session: id, intent: 'b', calls: [world.charge()] })).rejects.toThrow(SpendLimitExceededError)
  expect(await world.nonceOf(key)).toBe(nonce)
  expect(await agent.check({ session: id, calls: [world.charge()] })).toMatchObject({ allowed: false, error: { name: 'SpendLimitExceededError' } })
  expect((await agent.intents(id)).map(({ id, state }) => `${id} ${state.status}`)).toEqual(['b failed', 'a done'])

  await world.chain.increaseTime(86_400)
  await agent.send({ session: id, intent: 'b', calls: [world.charge()] })
  expect(world.ended.filter(({ session }) => session.id === id)).toEqual([])
})

test.each(['the key itself', 'a relay'] as const)('several calls are one, once; %s pays', async (payer) => {
  const { id, owner } = await newSubscriber(world.smithy)
  const agent = world.agent(payer === 'a relay' ? { relay: world.relay.url } : {})
  const mint = { ...world.mint, args: [owner.address] as const }
  const [before, earned] = [await world.balance(world.sword, owner.address), await world.earned()]
  const sent = await agent.send({ session: id, intent: 'order 7', calls: [world.charge(gold(5)), mint] })
  expect(await agent.send({ session: id, intent: 'order 7', calls: [world.charge(gold(5)), mint] })).toEqual(sent)
  await agent.send({ session: id, intent: 'order 8', calls: [mint] })
  expect((await world.balance(world.sword, owner.address)) - before).toBe(2n)
  expect((await world.earned()) - earned).toBe(gold(5))
  await expect(agent.send({ session: id, calls: [{ ...mint, functionName: 'burn', args: [1n] } as never] })).rejects.toThrow()
})

test('a key that became a smart account, for a relay’s batch, still pays for itself', async () => {
  const { id, key } = await newSubscriber(world.smithy)
  const earned = await world.earned()
  await world.agent({ relay: world.relay.url }).send({ session: id, calls: [world.charge(gold(1)), world.charge(gold(2))] })
  expect(await world.chain.client.getCode({ address: key })).toMatch(/^0xef0100/)
  const agent = world.agent()
  await agent.send({ session: id, intent: 'alone', calls: [world.charge(gold(3))] })
  await agent.send({ session: id, intent: 'alone', calls: [world.charge(gold(3))] })
  expect((await world.earned()) - earned).toBe(gold(6))
})

test.each(['the key itself', 'a relay'] as const)('a store that forgot the intent charges nothing twice: the chain remembers; %s pays', async (payer) => {
  const { id } = await newSubscriber(world.smithy)
  const more = payer === 'a relay' ? { relay: world.relay.url } : {}
  const sent = await world.agent(more).send({ session: id, intent: 'order 1', calls: [world.charge(gold(5))] })
  const earned = await world.earned()

  const restored = await without(world.store, ['intent'])
  expect(await world.agent({ ...more, store: restored }).send({ session: id, intent: 'order 1', calls: [world.charge(gold(5))] })).toEqual(sent)
  // Nor with another amount: it is the name that happens once.
  const other = await without(world.store, ['intent'])
  await expect(world.agent({ ...more, store: other }).send({ session: id, intent: 'order 1', calls: [world.charge(gold(6))] })).rejects.toThrow(EffectMissingError)
  expect(await world.earned()).toBe(earned)
})

test('one name stands for one thing, and what came too late is not sent', async () => {
  const { id, key } = await newSubscriber(world.smithy)
  const agent = world.agent()
  await agent.send({ session: id, intent: 'x', calls: [world.charge(gold(1))] })
  const nonce = await world.nonceOf(key)
  await expect(agent.send({ session: id, intent: 'x', calls: [world.charge(gold(2))] })).rejects.toThrow(IntentConflictError)
  await expect(agent.send({ session: id, intent: 'y', calls: [world.charge(gold(2))], deadline: 1_700_000_000 })).rejects.toThrow(IntentTooLateError)
  await expect(agent.send({ session: id, calls: [{ to: world.sword, data: '0x12345678' }] as never })).rejects.toThrow(FunctionNotAllowedError)
  expect(await world.nonceOf(key)).toBe(nonce)
})

test('a receipt is not enough: what was to happen has to be seen on the chain', async () => {
  const { id } = await newSubscriber(world.smithy)
  const agent = world.agent()
  const balance = (atLeast: bigint) => [{ type: 'balance', token: world.gold, of: world.shop, atLeast } as const]
  await agent.send({ session: id, intent: 'seen', calls: [world.charge(gold(3))], effects: balance(gold(3)) })
  const earned = await world.earned()
  const more = agent.send({ session: id, intent: 'unseen', calls: [world.charge(gold(3))], effects: balance(gold(4)) })
  await expect(more).rejects.toMatchObject({ name: 'EffectMissingError', missing: [expect.stringContaining('at least 4000000000000000000')] })
  // It did happen, and is not made again.
  await expect(agent.send({ session: id, intent: 'unseen', calls: [world.charge(gold(3))] })).rejects.toThrow(EffectMissingError)
  expect((await world.earned()) - earned).toBe(gold(3))
})

test('an event can be asked for too, with its arguments', async () => {
  const { id, owner } = await newSubscriber(world.smithy)
  const agent = world.agent()
  const calls = [{ ...world.mint, args: [owner.address] }] as const
  const minted = (to: Address) => [{ type: 'event', address: world.sword, abi: swordAbi, eventName: 'Transfer', args: { to } } as const]
  await agent.send({ session: id, calls, effects: minted(owner.address) })
  await expect(agent.send({ session: id, calls, effects: minted(world.shop) })).rejects.toMatchObject({ missing: [`Transfer of ${world.sword} (to ${world.shop})`] })
  await expect(agent.send({ session: id, calls, effects: [{ type: 'event', address: world.gold, abi: swordAbi, eventName: 'Transfer' }] })).rejects.toThrow(EffectMissingError)
})

test('stops for good when nothing is left, and says so when the last is spent', async () => {
  const { id, key } = await newSubscriber(world.voucher)
  const agent = world.agent()
  await agent.send({ session: id, calls: [world.charge()] })
  expect(world.ended.filter(({ session }) => session.id === id)).toEqual([])
  await agent.send({ session: id, calls: [world.charge()] })
  expect(world.ended.filter(({ session }) => session.id === id)).toMatchObject([{ reason: 'exhausted' }])
  const nonce = await world.nonceOf(key)
  await expect(agent.send({ session: id, calls: [world.charge(1n)] })).rejects.toMatchObject({ name: 'SessionEndedError', reason: 'exhausted' })
  expect(await world.nonceOf(key)).toBe(nonce)
})

test('nothing is sent after a block that holds the revocation', async () => {
  const { id, key, config, session } = await newSubscriber()
  const agent = world.agent()
  await revokePermissions(config, { id: session.id })
  await expect(agent.send({ session: id, calls: [world.charge()] })).rejects.toMatchObject({ name: 'SessionEndedError', reason: 'revoked', lostRace: undefined })
  await expect(agent.send({ session: id, calls: [world.charge()] })).rejects.toThrow(SessionEndedError)
  expect(await world.nonceOf(key)).toBe(0)
  expect(world.ended.filter((one) => one.session.id === id)).toMatchObject([{ reason: 'revoked' }])
  expect(await world.agent().sessions({ statuses: ['revoked'] })).toMatchObject(expect.arrayContaining([expect.objectContaining({ id })]))
})

test('a lost race costs one reverted transaction, which is named; whoever waited behind it sends nothing', async () => {
  const { id, key, owner, session } = await newSubscriber(world.smithy)
  const { client } = world.chain
  await world.chain.setBalance(owner.address, parseEther('1'))
  const agent = world.agent()
  const other = world.agent()
  const [earned, ended] = [await world.earned(), world.ended.length]
  await client.setAutomine(false)
  try {
    const race = [agent, agent, other].map((one, index) => one.send({ session: id, intent: `race ${index}`, calls: [world.charge(gold(1))] }).then(() => undefined, (error: SessionEndedError) => error))
    await expect.poll(() => client.getTransactionCount({ address: key, blockTag: 'pending' })).toBe(1)
    // The user's transaction pays more, and stands first in the block.
    await sendRevocations(world.chain.client, owner, session)
    await client.mine({ blocks: 1 })
    await client.setAutomine(true)
    const errors = await Promise.all(race)
    expect(errors.map((error) => error?.name)).toEqual(['SessionEndedError', 'SessionEndedError', 'SessionEndedError'])
    const lost = errors.flatMap((error) => error?.lostRace ?? [])
    expect(lost).toHaveLength(1)
    const receipt = await client.getTransactionReceipt({ hash: lost[0]?.transactionHash ?? '0x' })
    expect(receipt).toMatchObject({ status: 'reverted', from: key.toLowerCase() })
  } finally {
    await client.setAutomine(true)
  }
  expect(await world.nonceOf(key)).toBe(1)
  expect(await world.earned()).toBe(earned)
  expect(world.ended.slice(ended)).toMatchObject([{ reason: 'revoked', session: { id } }])
})

test('what came to the chain after its own deadline has not happened, and the session goes on', async () => {
  const { id, key } = await newSubscriber(world.smithy)
  const { client } = world.chain
  const agent = world.agent()
  const earned = await world.earned()
  const deadline = Number((await client.getBlock()).timestamp) + 600
  await client.setAutomine(false)
  try {
    const sent = agent.send({ session: id, intent: 'in time', calls: [world.charge(gold(1))], deadline }).then(() => undefined, (error: Error) => error)
    await expect.poll(() => client.getTransactionCount({ address: key, blockTag: 'pending' })).toBe(1)
    await client.increaseTime({ seconds: 700 })
    await client.mine({ blocks: 1 })
    expect(await sent).toMatchObject({ name: 'SignedCallExpiredError', by: 'chain' })
  } finally {
    await client.setAutomine(true)
  }
  await expect(agent.send({ session: id, intent: 'in time', calls: [world.charge(gold(1))], deadline })).rejects.toThrow(IntentTooLateError)
  expect(await agent.intents(id)).toMatchObject([{ state: { status: 'failed', error: 'SignedCallExpiredError', transactionHash: expect.any(String) as string } }])
  expect(world.ended.filter(({ session }) => session.id === id)).toEqual([])
  expect(await world.earned()).toBe(earned)
  await agent.send({ session: id, intent: 'in time', calls: [world.charge(gold(1))] })
  expect((await world.earned()) - earned).toBe(gold(1))
})

test('a session of the user’s that is over by the chain’s time is over for the server', async () => {
  const { id, key } = await newSubscriber()
  const agent = world.agent()
  await world.chain.increaseTime(31 * 86_400)
  await expect(agent.send({ session: id, calls: [world.charge()] })).rejects.toMatchObject({ name: 'SessionEndedError', reason: 'expired' })
  expect(await world.nonceOf(key)).toBe(0)
  expect(world.ended.at(-1)).toMatchObject({ reason: 'expired', session: { id } })
})

test('what it did can be shown: each intent once', async () => {
  const { id } = await newSubscriber()
  const agent = world.agent()
  await agent.send({ session: id, intent: 'day 1', calls: [world.charge()] })
  await expect(agent.send({ session: id, intent: 'day 1b', calls: [world.charge()] })).rejects.toThrow(SpendLimitExceededError)
  await expect.poll(async () => (await world.store.get('history', id))?.body).toContain('"refused"')
  const history = JSON.parse((await world.store.get('history', id))?.body ?? '[]') as { outcome: { status: string } }[]
  expect(history.map(({ outcome }) => outcome.status)).toEqual(['refused', 'done'])
})
