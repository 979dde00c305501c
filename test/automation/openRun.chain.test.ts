/** A run is looked for until it is known whether it happened, whatever its later tries end with. */
import { http } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runOnce } from '../../src/server/automation/index.js'
import { gold } from '../startShop.js'
import { heldRelay } from '../server/heldRelay.js'
import { startAutomationWorld, type AutomationWorld } from './startAutomation.js'

let world: AutomationWorld
beforeAll(async () => void (world = await startAutomationWorld()), 120_000)
afterAll(() => world.stop(), 60_000)

test('beyond the tries that its rule allows, as long as a relay may include it', async () => {
  const relay = heldRelay(world.relay.url)
  const { rule, subscribe } = world.charging({ retry: { attempts: 2, delaySeconds: 0 } })
  const { id } = await subscribe()
  const earned = await world.earned()
  expect(await runOnce({ agent: world.agent({ relay: relay.parameters }), rule, session: id })).toMatchObject({ status: 'due', isUnknown: true })
  relay.goDown()
  // A process that starts then hands nothing over: it does not even learn what the relay can do.
  const automation = await world.automation([rule], { agent: { relay: relay.parameters } })
  const run = async () => (await automation.runs({ session: id, rule: rule.name }))[0]
  await expect.poll(async () => (await run())?.attempts ?? 0, { timeout: 20_000 }).toBeGreaterThan(4)
  expect(await run()).toMatchObject({ status: 'due', error: { name: 'RelayOutcomeUnknownError' } })
  await relay.include()
  await automation.idle()
  expect(await run()).toMatchObject({ status: 'done', transactionHash: expect.stringMatching(/^0x/) as string })
  expect((await world.earned()) - earned).toBe(gold(20))
  await automation.stop()
}, 60_000)

test('where the node cannot be asked; once its period is over, and it has not happened, it is missed', async () => {
  const relay = heldRelay(world.relay.url)
  const { rule, subscribe } = world.charging()
  const { id } = await subscribe()
  const first = await runOnce({ agent: world.agent({ relay: relay.parameters }), rule, session: id })
  expect(first).toMatchObject({ status: 'due', isUnknown: true })
  const { period } = first

  const [chain] = world.parameters.chains
  const cutOff = world.agent({ relay: relay.parameters, chains: [{ ...chain, chain: world.chain.chain, transport: http('http://127.0.0.1:1', { retryCount: 0 }) }] })
  const now = Number((await world.chain.client.getBlock()).timestamp)
  expect(await runOnce({ agent: cutOff, rule, session: id, period, clock: async () => now })).toMatchObject({ status: 'due', isUnknown: true, error: { name: 'HttpRequestError' } })

  await world.chain.increaseTime(86_400)
  expect(await runOnce({ agent: world.agent({ relay: relay.parameters }), rule, session: id, period })).toMatchObject({ status: 'missed', isUnknown: false })
  expect(await world.agent().intent(id, `${rule.name}:${period}`)).toMatchObject({ state: { status: 'written' } })
}, 60_000)

test('while another process has the key, and has handed it over', async () => {
  const { rule, subscribe } = world.charging()
  const { id } = await subscribe()
  let open: () => void = () => undefined
  const gate = new Promise<void>((resolve) => (open = resolve))
  const slow: typeof fetch = async (input, init) => {
    if (String(init?.body).includes('"relayer_sendTransaction')) await gate
    return fetch(input, init)
  }
  const sending = runOnce({ agent: world.agent({ relay: { url: world.relay.url, fetch: slow } }), rule, session: id })
  const other = world.agent({ relay: world.relay.url, waitMs: 1 })
  await expect.poll(async () => (await other.intents(id))[0]?.state.status).toBe('sent')
  expect(await runOnce({ agent: other, rule, session: id })).toMatchObject({ status: 'due', isUnknown: true, error: { name: 'KeyInUseError' } })
  open()
  expect(await sending).toMatchObject({ status: 'done' })
}, 60_000)
