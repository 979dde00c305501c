import { afterAll, beforeAll, expect, test } from 'vitest'
import { gold } from '../startShop.js'
import { startAutomationWorld, statuses, type AutomationWorld } from './startAutomation.js'

let world: AutomationWorld
beforeAll(async () => void (world = await startAutomationWorld()))
afterAll(() => world.stop())

const day = 86_400

test('charges once in each of ten days, at once and whenever a day begins', async () => {
  const rule = world.charging()
  const { id, owner, session } = await world.newSubscriber()
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
  expect(await automation.next({ session: id })).toEqual([{ rule: rule.name, session: id, at: start + 10 * day, paused: false }])
  expect(world.automationErrors).toEqual([])
})
