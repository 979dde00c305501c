import { expect, test } from 'vitest'
import { chargesTest } from './charges/chargesTest.js'

test('three processes over a Postgres, killed again and again, their jobs delivered twice: each period of each session is charged exactly once', async () => {
  const { kills, mischief, runs, ...count } = await chargesTest({ charges: 12, sessions: 6, workers: 3, database: 'postgres', seed: 7 })
  expect(count).toMatchObject({ due: 12, charged: 12, twice: 0, missed: 0 })
  expect(Object.values(runs).reduce((sum, one) => sum + one, 0)).toBe(12)
  expect(kills).toBeGreaterThan(3)
  expect(mischief.copied + mischief.handedOut).toBeGreaterThan(0)
  expect(mischief.forgotten).toBeGreaterThanOrEqual(2)
}, 300_000)

test('one process over a folder, killed and started again: each period of each session is charged exactly once', async () => {
  const { kills, mischief, ...count } = await chargesTest({ charges: 6, sessions: 3, workers: 1, database: 'pglite', seed: 8 })
  expect(count).toMatchObject({ due: 6, charged: 6, twice: 0, missed: 0 })
  expect(kills).toBeGreaterThan(0)
  expect(mischief.forgotten).toBeGreaterThanOrEqual(2)
}, 300_000)
