import { http } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createAutomation, createDatabaseStore, type AutomationRule } from '../../src/server/automation/index.js'
import { createSessionAgent } from '../../src/server/index.js'
import { custody } from '../server/startServer.js'
import { gold } from '../startShop.js'
import { mortal } from './mortal.js'
import { startAutomationWorld, type AutomationWorld } from './startAutomation.js'

let world: AutomationWorld
beforeAll(async () => void (world = await startAutomationWorld()), 120_000)
afterAll(() => world.stop(), 60_000)

const leaseMs = 1_000

/** A process that takes so many steps from its look at the clock on. False: it needed no more. */
async function runMortal(rule: AutomationRule, steps: number): Promise<boolean> {
  const process = mortal()
  const { chain } = world
  const database = process.database(world.database)
  const chains = [{ chain: chain.chain, transport: process.transport(http(chain.rpcUrl)), pollingInterval: 20 }]
  const agent = createSessionAgent({ store: createDatabaseStore(database), custody, chains, leaseMs })
  let isDone = false
  const automation = createAutomation({ agent, database, rules: [rule], expireSeconds: 1, tickMs: 3_600_000, pollMs: 3_600_000, observe: { onRun: ({ status }) => (isDone = status === 'done') } })
  await automation.start()
  // The look with which it starts is over.
  await automation.tick()
  const { subscribe } = subscribers.get(rule.name) ?? {}
  await subscribe?.()
  process.giveSteps(steps)
  void automation.tick()
  await expect.poll(() => process.isDead() || isDone, { interval: 5 }).toBe(true)
  if (process.isDead()) return true
  process.giveSteps(Number.POSITIVE_INFINITY)
  await automation.stop()
  return false
}

/** Each step takes a second: all of them with `npm run stress`. */
const stride = process.env['STRESS'] === '1' ? 1 : 3

const subscribers = new Map<string, ReturnType<AutomationWorld['charging']>>()

test('a process dies between any two steps, and each session is charged exactly once', async () => {
  const earned = await world.earned()
  const rules: AutomationRule[] = []
  for (let steps = 0, isDead = true; isDead; steps += stride) {
    const charging = world.charging()
    rules.push(charging.rule)
    subscribers.set(charging.rule.name, charging)
    isDead = await runMortal(charging.rule, steps)
  }
  // Looked, enrolled, queued, taken, tried, sent, waited, written down.
  expect(rules.length).toBeGreaterThan(40 / stride)
  const charged = (await world.earned()) - earned
  expect(charged).toBeGreaterThan(0n)

  const rescuer = await world.automation(rules, { agent: { leaseMs }, expireSeconds: 1 })
  await rescuer.idle()
  for (const { name } of rules) expect(await rescuer.runs({ rule: name }), name).toMatchObject([{ status: 'done', transactionHash: expect.stringMatching(/^0x/) as string }])
  expect((await world.earned()) - earned).toBe(gold(20) * BigInt(rules.length))
}, 300_000)
