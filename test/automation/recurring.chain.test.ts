import { parseEther } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { revokePermissions } from '../../src/actions/revokePermissions.js'
import { createAutomation, RunNotFailedError, runOnce, UnknownRuleError, type AutomationRule, type Run } from '../../src/server/automation/index.js'
import { sendRevocations } from '../server/sendRevocations.js'
import { gold } from '../startShop.js'
import { startAutomationWorld, statuses, type AutomationWorld } from './startAutomation.js'

let world: AutomationWorld
beforeAll(async () => void (world = await startAutomationWorld()), 120_000)
afterAll(() => world.stop(), 60_000)

const day = 86_400

test('charges once in each of ten days, at once and whenever a day begins', async () => {
  const { rule, subscribe } = world.charging()
  const { id, owner, session } = await subscribe()
  await world.mintGold(owner.address, gold(200))
  const automation = await world.automation([rule])
  const earned = await world.earned()
  for (let n = 1; n <= 10; n += 1) {
    await automation.idle()
    expect((await world.earned()) - earned).toBe(gold(20 * n))
    // Looked at again in the same day, nothing is due.
    expect(await automation.tick()).toBe(0)
    await world.chain.increaseTime(day)
  }
  const runs = await automation.runs({ session: id })
  expect(statuses(runs)).toEqual(Array(10).fill('done'))
  const start = session.granted[0]?.permission.startTime as number
  expect(runs.map(({ dueAt }) => dueAt).reverse()).toEqual(Array.from({ length: 10 }, (_, n) => start + n * day))
  expect(runs[0]).toMatchObject({ rule: rule.name, attempts: 1, until: start + 10 * day, calls: [{ to: world.gold, tokenAmount: gold(20), functionName: 'transfer' }] })
  expect(new Set(runs.map(({ transactionHash }) => transactionHash)).size).toBe(10)
  expect(await automation.next({ session: id })).toEqual([{ rule: rule.name, session: id, at: start + 10 * day, paused: false, kind: 'recurring' }])
  await automation.stop()
}, 60_000)

test('what was due while no process ran is missed, said so, and never charged for', async () => {
  const { rule, subscribe } = world.charging()
  const { id, key } = await subscribe()
  const first = await world.automation([rule])
  await first.idle()
  await first.stop()
  await world.chain.increaseTime(3 * day)
  const earned = await world.earned()
  const second = await world.automation([rule])
  await second.idle()
  expect(statuses(await second.runs({ rule: rule.name }))).toEqual(['done', 'missed', 'missed', 'done'])
  expect((await second.runs({ rule: rule.name, status: 'missed' })).every(({ calls, transactionHash, error }) => calls.length === 0 && !transactionHash && error?.name === 'PeriodMissed')).toBe(true)
  expect((await world.earned()) - earned).toBe(gold(20))
  expect(await world.nonceOf(key)).toBe(2)
  expect(await second.runs({ session: id, limit: 1 })).toMatchObject([{ status: 'done' }])
  await second.stop()
}, 60_000)

test('a session that is enrolled while it runs is charged at the next look', async () => {
  const { rule, subscribe } = world.charging()
  const automation = await world.automation([rule])
  await automation.idle()
  const earned = await world.earned()
  const { id } = await subscribe()
  await world.newSubscriber(world.voucher)
  await automation.idle()
  expect(await automation.runs({ rule: rule.name })).toMatchObject([{ session: id, status: 'done' }])
  expect((await world.earned()) - earned).toBe(gold(20))
  await automation.stop()
}, 60_000)

test('revoked in the browser: nothing is sent after the block, and the schedule goes', async () => {
  const { rule, subscribe } = world.charging()
  const { id, key, config, session } = await subscribe()
  const automation = await world.automation([rule])
  await automation.idle()
  await revokePermissions(config, { id: session.id })
  await world.chain.increaseTime(day)
  const nonce = await world.nonceOf(key)
  await automation.idle()
  expect(await world.nonceOf(key)).toBe(nonce)
  expect(statuses(await automation.runs({ rule: rule.name }))).toEqual(['done', 'ended'])
  expect((await automation.runs({ rule: rule.name, status: 'ended' }))[0]).toMatchObject({ attempts: 1, error: { name: 'SessionEndedError', message: `Session ${id} is revoked, so nothing more is sent for it.` } })
  expect(await automation.next({ session: id })).toEqual([])
  // Nor by a process that starts later.
  await automation.stop()
  const other = await world.automation([rule])
  await world.chain.increaseTime(day)
  await other.idle()
  expect(await other.runs({ rule: rule.name })).toHaveLength(2)
  expect(await world.nonceOf(key)).toBe(nonce)
  await other.stop()
}, 60_000)

test('revoked while a charge is on its way: one reverted transaction, which the run names', async () => {
  const { rule, subscribe } = world.charging()
  const { key, owner, session } = await subscribe()
  const { client } = world.chain
  await world.chain.setBalance(owner.address, parseEther('1'))
  const earned = await world.earned()
  await client.setAutomine(false)
  try {
    const automation = await world.automation([rule])
    await automation.tick()
    await expect.poll(() => client.getTransactionCount({ address: key, blockTag: 'pending' })).toBe(1)
    await sendRevocations(world.chain.client, owner, session)
    await client.mine({ blocks: 1 })
    await client.setAutomine(true)
    await automation.idle()
    const [run] = await automation.runs({ rule: rule.name })
    expect(run).toMatchObject({ status: 'ended', error: { message: expect.stringMatching(/A transaction was on its way, and reverted: 0x[0-9a-f]{64}/) as string } })
    await automation.stop()
  } finally {
    await client.setAutomine(true)
  }
  expect(await world.nonceOf(key)).toBe(1)
  expect(await world.earned()).toBe(earned)
}, 60_000)

test('paused, by rule or by session, nothing begins; resumed in time it happens, later it is missed', async () => {
  const { rule, subscribe } = world.charging()
  const { id } = await subscribe()
  const { id: other } = await subscribe()
  const automation = await world.automation([rule])
  await expect(automation.pause({ rule: 'unknown' })).rejects.toThrow(UnknownRuleError)
  await automation.pause({ rule: rule.name, session: id })
  await automation.idle()
  expect(await automation.runs({ rule: rule.name, session: id })).toMatchObject([{ status: 'due', attempts: 0 }])
  expect(await automation.runs({ rule: rule.name, session: other })).toMatchObject([{ status: 'done' }])

  await automation.resume({ rule: rule.name })
  await automation.idle()
  expect(await automation.runs({ rule: rule.name, session: id })).toMatchObject([{ status: 'done' }])

  await automation.pause({ rule: rule.name })
  await world.chain.increaseTime(day)
  await automation.idle()
  expect((await automation.next({ rule: rule.name })).map(({ paused }) => paused)).toEqual([true, true])
  // It outlives the process.
  await automation.stop()
  const second = await world.automation([rule])
  await world.chain.increaseTime(day)
  await second.idle()
  expect(statuses(await second.runs({ rule: rule.name, session: id }))).toEqual(['done', 'missed', 'due'])
  expect((await second.runs({ rule: rule.name, session: id }))[1]?.error).toEqual({ name: 'Paused', message: 'It was paused until its period was over.' })
  await second.resume({})
  await second.idle()
  expect(statuses(await second.runs({ rule: rule.name, session: id }))).toEqual(['done', 'missed', 'done'])
  await second.stop()
}, 60_000)

test('what was in the queue when its rule was paused does not run', async () => {
  const { rule, subscribe } = world.charging()
  const { id } = await subscribe()
  const database = world.database
  const idle = createAutomation({ agent: world.agent(), database, rules: [rule], tickMs: 3_600_000 })
  expect(await idle.tick()).toBeGreaterThan(0)
  await idle.pause({ session: id })
  const automation = await world.automation([rule])
  await automation.idle()
  expect(await automation.runs({ session: id, rule: rule.name })).toMatchObject([{ status: 'due', attempts: 0 }])
  await automation.resume({ session: id })
  await automation.idle()
  expect(await automation.runs({ session: id, rule: rule.name })).toMatchObject([{ status: 'done' }])
  await automation.stop()
  await idle.stop()
}, 60_000)

test('what fails is tried again, then it is a dead letter, which can be tried again: under the same name', async () => {
  let asked = 0
  const { rule, subscribe } = world.charging({
    retry: { attempts: 3, delaySeconds: 0 },
    calls: () => {
      asked += 1
      return [world.charge()]
    },
  })
  const { id, key, owner } = await subscribe()
  // Whoever owns nothing can pay nothing: the token refuses.
  await world.setGold(owner.address, 0n)
  const automation = await world.automation([rule], {})
  await automation.idle()
  const [failed] = await automation.runs({ session: id, rule: rule.name })
  expect(failed).toMatchObject({ status: 'failed', attempts: 3, error: { name: 'SessionCallRevertedError' }, calls: [{ tokenAmount: gold(20) }] })
  expect(asked).toBe((await automation.runs({ rule: rule.name })).length)
  expect(world.automationErrors.filter(({ about }) => about.session === id)).toHaveLength(3)
  // It does not come back by itself.
  expect(await automation.tick()).toBe(0)

  await world.setGold(owner.address, gold(20))
  await automation.retry(failed as Run)
  await automation.idle()
  expect(await automation.runs({ session: id, rule: rule.name })).toMatchObject([{ status: 'done', attempts: 1, period: failed?.period }])
  expect(await world.balance(world.gold, owner.address)).toBe(0n)
  expect(await world.nonceOf(key)).toBe(1)
  await expect(automation.retry(failed as Run)).rejects.toThrow(RunNotFailedError)
  await automation.stop()
}, 60_000)

test('what the limits refuse is not tried again and again', async () => {
  const { rule, subscribe } = world.charging({ calls: () => [world.charge(gold(21))] })
  const { id, key } = await subscribe()
  // Some nodes may not have the moment yet from which on it is due: then another try could help.
  await world.chain.increaseTime(60)
  const automation = await world.automation([rule])
  await automation.idle()
  expect(await automation.runs({ session: id })).toMatchObject([{ status: 'failed', attempts: 1, error: { name: 'SpendLimitExceededError' } }])
  expect(await world.nonceOf(key)).toBe(0)
  await automation.stop()
}, 60_000)

test('over its budget it does nothing', async () => {
  const { rule, subscribe } = world.charging({ every: { hours: 1 }, budget: { runs: 2, perSeconds: day }, calls: () => [world.charge(gold(1))] }, world.smithy)
  const { id, key } = await subscribe()
  const automation = await world.automation([rule])
  for (let hour = 0; hour < 4; hour += 1) {
    await automation.idle()
    await world.chain.increaseTime(3_600)
  }
  expect(statuses(await automation.runs({ session: id }))).toEqual(['done', 'done', 'over-budget', 'over-budget'])
  expect(await world.nonceOf(key)).toBe(2)
  await automation.stop()
}, 60_000)

test('two automations over one database, and the same job delivered to both: charged once', async () => {
  const { rule, subscribe } = world.charging()
  const { id, key } = await subscribe()
  const earned = await world.earned()
  // The first waits for the second before it sends anything.
  let waiting = 0
  let meet: () => void = () => undefined
  const both = new Promise<void>((resolve) => (meet = resolve))
  const meeting: AutomationRule = {
    ...rule,
    async calls() {
      waiting += 1
      if (waiting === 2) meet()
      await both
      return [world.charge()]
    },
  }
  const [a, b] = [await world.automation([meeting], { expireSeconds: 1 }), await world.automation([meeting], { expireSeconds: 1 })]
  await a.tick()
  // Whoever has it does not end it in time, so it is given away as well; not to itself, which knows that it is at it.
  await expect.poll(async () => (await b.tick(), waiting), { interval: 300, timeout: 30_000 }).toBe(2)
  await Promise.all([a.idle(), b.idle()])
  expect(await a.runs({ rule: rule.name, session: id })).toMatchObject([{ status: 'done' }])
  expect(await world.nonceOf(key)).toBe(1)
  expect((await world.earned()) - earned).toBe(gold(20) * BigInt((await a.runs({ rule: rule.name, status: 'done' })).length))
  await a.stop()
  await b.stop()
}, 60_000)

test('under a scheduler of its own, without a database: once for each period', async () => {
  const { rule, subscribe } = world.charging()
  const { id, key, session } = await subscribe()
  const agent = world.agent()
  const outcomes = await Promise.all([1, 2, 3].map(() => runOnce({ agent, rule, session: id })))
  expect(outcomes.map(({ status }) => status)).toEqual(['done', 'done', 'done'])
  expect(new Set(outcomes.map(({ transactionHash }) => transactionHash)).size).toBe(1)
  const start = session.granted[0]?.permission.startTime as number
  const period = outcomes[0]?.period as string
  expect(Date.parse(period) / 1_000).toBe(start)
  await world.chain.increaseTime(day)
  expect(await runOnce({ agent, rule, session: id, period })).toMatchObject({ status: 'done', transactionHash: outcomes[0]?.transactionHash })
  expect(await world.nonceOf(key)).toBe(1)
  await world.chain.increaseTime(day)
  const missed = new Date((start + day) * 1_000).toISOString().replace('.000Z', 'Z')
  expect(await runOnce({ agent, rule, session: id, period: missed })).toMatchObject({ status: 'missed', calls: [] })
  await expect(runOnce({ agent, rule, session: id, period: 'december' })).rejects.toThrow('has no period "december"')
  await expect(runOnce({ agent, rule, session: 'nobody' })).rejects.toThrow('no session nobody')
  expect(await world.nonceOf(key)).toBe(1)
}, 60_000)

test('what is observed: a try, its result, a look at the clock', async () => {
  const { rule, subscribe } = world.charging()
  const { id } = await subscribe()
  const spans: unknown[] = []
  const seen: Run[] = []
  const ticks: number[] = []
  const automation = await world.automation([rule], {
    observe: {
      async run(attributes, work) {
        const result = await work()
        spans.push(attributes)
        return result
      },
      onRun: (run) => void seen.push(run),
      onTick: ({ queued }) => void ticks.push(queued),
    },
  })
  await automation.idle()
  const [run] = await automation.runs({ session: id, rule: rule.name })
  expect(seen).toContainEqual(run)
  expect(spans).toContainEqual({ 'session_keys.rule': rule.name, 'session_keys.session': id, 'session_keys.period': run?.period, 'session_keys.attempt': 1, 'session_keys.chain_id': world.chain.chain.id })
  expect(ticks.reduce((sum, queued) => sum + queued)).toBe(seen.length)
  await automation.stop()
  await expect(automation.idle()).rejects.toThrow('not running')
}, 60_000)
