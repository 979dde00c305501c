import { type Address } from 'viem'
import { readContract } from 'viem/actions'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { goldAbi } from '../../demo/contracts/artifacts.js'
import { expiresIn } from '../../src/permissions/expiry.js'
import { nativeAllowance } from '../../src/permissions/tokenPermissions.js'
import { condition, topUp, type Automation, type ConditionParameters } from '../../src/server/automation/index.js'
import { gold, newAccount } from '../startShop.js'
import { startAutomationWorld, statuses, type AutomationWorld } from './startAutomation.js'

let world: AutomationWorld
beforeAll(async () => void (world = await startAutomationWorld()), 120_000)
afterAll(() => world.stop(), 60_000)

/** A minute of the chain goes by, and everything that follows from it. */
async function minute(automation: Automation) {
  await world.chain.increaseTime(60)
  await automation.idle()
}

/** Buys a sword when somebody’s gold falls under 10: read from the chain. */
async function watching(more: Partial<ConditionParameters> = {}) {
  const session = world.ownDefinition(world.smithy)
  const watched = newAccount().address
  await world.mintGold(watched, gold(10))
  const { owner, id, key } = await world.newSubscriber(session)
  let looks = 0
  const rule = condition({
    name: `watch-${session.name ?? ''}`,
    session,
    async when({ client }) {
      looks += 1
      return (await readContract(client, { address: world.gold, abi: goldAbi, functionName: 'balanceOf', args: [watched] })) >= gold(20)
    },
    calls: () => [{ ...world.mint, args: [owner.address] }],
    ...more,
  })
  const automation = await world.automation([rule])
  await automation.idle()
  return {
    automation,
    rule,
    id,
    key,
    looks: () => looks,
    swords: () => world.balance(world.sword, owner.address),
    make: (isTrue: boolean) => world.setGold(watched, isTrue ? gold(20) : gold(10)),
  }
}

test('one whose `when` or `calls` never answers keeps no other rule from being done', async () => {
  const never = () => new Promise<never>(() => undefined)
  const session = world.ownDefinition(world.smithy)
  await world.newSubscriber(session)
  const hanging = condition({ name: `hang-${session.name ?? ''}`, session, when: never, calls: () => [], timeoutMs: 100 })
  const stuck = condition({ name: `stuck-${session.name ?? ''}`, session, when: () => true, calls: never, timeoutMs: 100, retry: { attempts: 1, delaySeconds: 0 } })
  const charging = world.charging()
  const { id } = await charging.subscribe()
  const automation = await world.automation([hanging, stuck, charging.rule])
  await Promise.all([automation.start(), automation.idle()])
  expect(statuses(await automation.runs({ session: id }))).toEqual(['done'])
  expect(await automation.runs({ rule: stuck.name })).toMatchObject([{ status: 'failed', error: { name: 'RuleTooSlowError' } }])
  expect(world.automationErrors.filter(({ error }) => error.name === 'RuleTooSlowError').map(({ about }) => about.rule)).toEqual(expect.arrayContaining([hanging.name, stuck.name]))
  await automation.stop()
})

test('edge: once each time it becomes true, by what the chain says', async () => {
  const { automation, rule, id, swords, make } = await watching()
  expect(await swords()).toBe(0n)
  await make(true)
  for (let n = 0; n < 3; n += 1) await minute(automation)
  expect(await swords()).toBe(1n)
  await make(false)
  await minute(automation)
  await make(true)
  for (let n = 0; n < 3; n += 1) await minute(automation)
  expect(await swords()).toBe(2n)
  expect(await automation.runs({ rule: rule.name })).toMatchObject([{ session: id, period: '2', status: 'done' }, { session: id, period: '1', status: 'done' }])
}, 60_000)

test('what was true before a process started again does not become true by that', async () => {
  const { automation, rule, swords, make } = await watching()
  await make(true)
  await minute(automation)
  await automation.stop()
  const second = await world.automation([rule])
  await minute(second)
  expect(await swords()).toBe(1n)
  await second.stop()
}, 60_000)

test('level: again and again while it is true, and no more often than it says', async () => {
  const { automation, swords, make } = await watching({ trigger: 'level', cooldownSeconds: 180 })
  await make(true)
  for (let n = 0; n < 7; n += 1) await minute(automation)
  expect(await swords()).toBe(3n)
  await make(false)
  for (let n = 0; n < 4; n += 1) await minute(automation)
  expect(await swords()).toBe(3n)
}, 60_000)

test('debounced: what is true for a moment is not acted on', async () => {
  const { automation, swords, make } = await watching({ debounceSeconds: 150 })
  await make(true)
  await minute(automation)
  await minute(automation)
  await make(false)
  await minute(automation)
  expect(await swords()).toBe(0n)
  await make(true)
  await minute(automation)
  await minute(automation)
  await minute(automation)
  expect(await swords()).toBe(0n)
  await minute(automation)
  expect(await swords()).toBe(1n)
}, 60_000)

test('it is read no more often than it says, and not while it is paused', async () => {
  const { automation, rule, looks, swords, make } = await watching({ lookEverySeconds: 120 })
  expect(looks()).toBe(1)
  for (let n = 0; n < 5; n += 1) await automation.tick()
  await world.chain.increaseTime(100)
  await automation.idle()
  expect(looks()).toBe(1)
  await world.chain.increaseTime(30)
  await automation.idle()
  expect(looks()).toBe(2)
  await automation.pause({ rule: rule.name })
  await make(true)
  await world.chain.increaseTime(600)
  await automation.idle()
  expect(looks()).toBe(2)
  await automation.resume({ rule: rule.name })
  await automation.idle()
  expect([looks(), await swords()]).toEqual([3, 1n])
}, 60_000)

test('what could not be read is told, and neither true nor false', async () => {
  let isDown = true
  const { automation, rule, id, swords } = await watching({
    when: () => {
      if (isDown) throw new Error('The price feed is down.')
      return true
    },
  })
  expect(world.automationErrors.filter(({ about }) => about.rule === rule.name)).toMatchObject([{ error: { message: 'The price feed is down.' }, about: { session: id } }])
  isDown = false
  await minute(automation)
  expect(await swords()).toBe(1n)
}, 60_000)

test('there is nothing to do: the run says so, and nothing is sent', async () => {
  const { automation, rule, key } = await watching({ when: () => true, calls: () => [] })
  expect(await automation.runs({ rule: rule.name })).toMatchObject([{ status: 'nothing', calls: [] }])
  expect(await world.nonceOf(key)).toBe(0)
}, 60_000)

test('a session that ended is not looked at any more', async () => {
  const { automation, rule, looks } = await watching()
  await world.chain.increaseTime(31 * 86_400)
  await automation.idle()
  await minute(automation)
  expect(looks()).toBe(1)
  expect(await automation.next({ rule: rule.name })).toEqual([])
}, 60_000)

test('a balance is filled up when it falls too low, as often as it does', async () => {
  const session = world.ownDefinition(world.smithy)
  const { id, owner, key } = await world.newSubscriber(session)
  const { shop } = world
  const automation = await world.automation([topUp({ name: `feed-${session.name ?? ''}`, session, token: world.gold, of: shop, below: gold(10), upTo: gold(30) })])
  await world.setGold(shop, gold(10))
  await minute(automation)
  expect(await world.nonceOf(key)).toBe(0)
  for (const left of [gold(9), 0n]) {
    await world.setGold(shop, left)
    await minute(automation)
    expect(await world.balance(world.gold, shop)).toBe(gold(30))
    await minute(automation)
  }
  expect(await automation.runs({ session: id })).toMatchObject([{ calls: [{ tokenAmount: gold(30) }] }, { calls: [{ tokenAmount: gold(21) }] }])
  expect(await world.balance(world.gold, owner.address)).toBe(gold(100) - gold(51))
}, 60_000)

test('the amount is fixed when it is first tried', async () => {
  const session = world.ownDefinition(world.smithy)
  const { id, owner } = await world.newSubscriber(session)
  await world.setGold(owner.address, gold(25))
  const rule = topUp({ name: `once-${session.name ?? ''}`, session, token: world.gold, of: world.shop, below: gold(10), upTo: gold(30), retry: { attempts: 1, delaySeconds: 0 } })
  await world.setGold(world.shop, 0n)
  const automation = await world.automation([rule])
  await automation.idle()
  const [failed] = await automation.runs({ session: id })
  expect(failed).toMatchObject({ status: 'failed', error: { name: 'SessionCallRevertedError' }, calls: [{ tokenAmount: gold(30) }] })
  await world.setGold(owner.address, gold(50))
  await world.setGold(world.shop, gold(5))
  if (failed) await automation.retry(failed)
  await automation.idle()
  expect(await world.balance(world.gold, world.shop)).toBe(gold(35))
}, 60_000)

test('the native token, for somebody else: the key that pays for the gas', async () => {
  const base = { name: 'fuel', expiry: expiresIn({ days: 30 }), permissions: [nativeAllowance({ limit: 10n ** 18n })] }
  const session = world.ownDefinition(base)
  const { id, owner, key } = await world.newSubscriber(session)
  await world.chain.setBalance(owner.address, 10n ** 18n)
  await world.chain.setBalance(key, 10n ** 16n)
  const rule = topUp({ name: `fuel-${session.name ?? ''}`, session, token: 'native', of: ({ address }): Address => address, below: 2n * 10n ** 16n, upTo: 10n ** 17n })
  const automation = await world.automation([rule])
  await automation.idle()
  expect(statuses(await automation.runs({ session: id }))).toEqual(['done'])
  const balance = await world.chain.client.getBalance({ address: key })
  expect(balance).toBeGreaterThan(9n * 10n ** 16n)
  expect(balance).toBeLessThanOrEqual(10n ** 17n)
}, 60_000)
