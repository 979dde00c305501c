/** What a relay was given may happen until its deadline, whatever this process hears of it. */
import { http, type Transport } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { enforcers } from '../../src/delegation/framework.js'
import { RelayOutcomeUnknownError } from '../../src/execution/relayErrors.js'
import type { SessionDefinition } from '../../src/permissions/defineSession.js'
import { gold } from '../startShop.js'
import { heldRelay } from './heldRelay.js'
import { startServer, type ServerWorld } from './startServer.js'

let world: ServerWorld
beforeAll(async () => void (world = await startServer()))
afterAll(() => world.stop())

async function newSubscriber(definition: SessionDefinition = world.smithy) {
  const user = crypto.randomUUID()
  const { config } = await world.openPage()
  return world.subscribe(definition, { user, config })
}

/** An intent that a relay has, and whose answer was lost. */
async function sendAndHearNothing(definition: SessionDefinition = world.smithy, amount = gold(5)) {
  const relay = heldRelay(world.relay.url)
  const { id } = await newSubscriber(definition)
  const order = { session: id, intent: 'order', calls: [world.charge(amount)] } as const
  await expect(world.agent({ relay: relay.parameters }).send(order)).rejects.toThrow(RelayOutcomeUnknownError)
  const state = async () => (await world.agent().intent(id, 'order'))?.state
  return { relay, id, order, state, earned: await world.earned() }
}

test('a process that starts leaves it `sent`, and knows that it is done once the relay has included it', async () => {
  const { relay, id, state, earned } = await sendAndHearNothing()
  const agent = world.agent({ relay: relay.parameters })
  expect((await agent.recover()).filter(({ session }) => session === id)).toMatchObject([{ state: { status: 'sent', outgoing: [{ by: 'relay' }] } }])
  expect(await state()).toMatchObject({ status: 'sent' })
  await relay.include()
  expect((await agent.recover()).filter(({ session }) => session === id)).toMatchObject([{ state: { status: 'done' } }])
  expect((await world.earned()) - earned).toBe(gold(5))
})

test('one that another version left open stands in nobody’s way, and is as it was', async () => {
  const { relay, id } = await sendAndHearNothing()
  const odd = { kind: 'intent', id: '0:odd', rev: 0, group: '0', open: true, body: '{"v":2}' } as const
  await world.store.put(odd)
  await relay.include()
  expect((await world.agent({ relay: relay.parameters }).recover()).filter(({ session }) => session === id)).toMatchObject([{ state: { status: 'done' } }])
  expect(await world.store.get('intent', odd.id)).toEqual(odd)
})

test('once its deadline is over by the chain’s time, it has never happened, and never will', async () => {
  const { relay, state, earned } = await sendAndHearNothing()
  await world.chain.increaseTime(600)
  await world.agent({ relay: relay.parameters }).recover()
  expect(await state()).toMatchObject({ status: 'failed', error: 'NotSentError' })
  await relay.include()
  expect(await world.earned()).toBe(earned)
})

test('a next try that fails early does not call it failed', async () => {
  const { relay, order, state, earned } = await sendAndHearNothing()
  const before = await state()
  relay.goDown()
  const agent = world.agent({ relay: relay.parameters })
  const error = await agent.send(order).catch((thrown: Error) => thrown)
  expect(error).toMatchObject({ name: 'RelayOutcomeUnknownError', cause: { name: 'RelayUnreachableError' } })
  expect(await state()).toEqual(before)
  await relay.include()
  expect((await agent.send(order)).transactionHash).toMatch(/^0x/)
  expect((await world.earned()) - earned).toBe(gold(5))
})

test('a next try that gives it to the relay again keeps what went out before', async () => {
  const { relay, order, state, earned } = await sendAndHearNothing()
  // So late that another deadline is signed.
  await world.chain.increaseTime(200)
  await expect(world.agent({ relay: relay.parameters }).send(order)).rejects.toThrow(RelayOutcomeUnknownError)
  const open = await state()
  expect(open?.status === 'sent' && new Set(open.outgoing.map((one) => one.by === 'relay' && one.leafHash)).size).toBe(2)
  // It was the first that it included; the other excludes it, so it is not made twice.
  await relay.include()
  await world.agent({ relay: world.relay.url }).send(order)
  expect((await world.earned()) - earned).toBe(gold(5))
})

test('after its deadline a try that fails is `failed` again', async () => {
  const { relay, order, state } = await sendAndHearNothing()
  await world.chain.increaseTime(600)
  relay.goDown()
  await expect(world.agent({ relay: relay.parameters }).send(order)).rejects.toMatchObject({ name: 'RelayUnreachableError' })
  expect(await state()).toMatchObject({ status: 'failed', error: 'RelayUnreachableError' })
})

/** Its node answers that nothing has happened, and at once the relay includes it. */
function includedAfterTheLook(include: () => Promise<void>): Transport {
  let isIncluded = false
  return (options) => {
    const node = http(world.chain.rpcUrl)(options)
    return {
      ...node,
      async request(call) {
        const answer = await node.request(call)
        if (isIncluded || call.method !== 'eth_call' || !JSON.stringify(call.params).toLowerCase().includes(enforcers.IdEnforcer.slice(2).toLowerCase())) return answer
        isIncluded = true
        await include()
        return answer
      },
    } as ReturnType<Transport>
  }
}

test('what is included between two looks, and uses the session up, is done', async () => {
  const { relay, id, order, earned } = await sendAndHearNothing(world.voucher, gold(40))
  const [chain] = world.parameters.chains
  const agent = world.agent({ relay: relay.parameters, chains: [{ ...chain, chain: world.chain.chain, transport: includedAfterTheLook(relay.include) }] })
  expect((await agent.send(order)).transactionHash).toMatch(/^0x/)
  expect((await world.earned()) - earned).toBe(gold(40))
  expect(world.ended.filter(({ session }) => session.id === id)).toMatchObject([{ reason: 'exhausted' }])
})

test('so is what is included just before its deadline', async () => {
  const { relay, id, earned } = await sendAndHearNothing()
  const [chain] = world.parameters.chains
  const deadline = Number((await world.chain.client.getBlock()).timestamp) + 60
  const include = async () => {
    await relay.include()
    await world.chain.increaseTime(120)
  }
  const agent = world.agent({ relay: relay.parameters, chains: [{ ...chain, chain: world.chain.chain, transport: includedAfterTheLook(include) }] })
  expect((await agent.send({ session: id, intent: 'order', calls: [world.charge(gold(5))], deadline })).transactionHash).toMatch(/^0x/)
  expect((await world.earned()) - earned).toBe(gold(5))
})
