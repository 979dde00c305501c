/** A part of what `npm run fault-test` does. */
import { expect, test } from 'vitest'
import { faultTest } from '../harness/faults/faultTest.js'

test('through a node that drops, delays, repeats, reorders and restarts, each action happens once or is said not to have', { timeout: 60_000 }, async () => {
  const actions = 40
  const { done, failed, unknown, twice, hung, untrue, faults } = await faultTest({ actions, seed: 5 })
  expect({ twice, hung, untrue }).toEqual({ twice: 0, hung: 0, untrue: [] })
  expect(done + failed + unknown).toBe(actions)
  expect(done).toBeGreaterThan(actions / 2)
  expect(faults.size).toBeGreaterThan(5)
})
