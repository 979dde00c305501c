import { expect, test } from 'vitest'
import { chargesTest } from './charges/chargesTest.js'

test('three processes over a Postgres, killed again and again, their jobs delivered twice: each period of each session is charged exactly once', async () => {
  const { kills, mischief, runs, ...count } = await chargesTest({ charges: 24, sessions: 8, workers: 3, database: 'postgres', seed: 7 })
  expect(count).toMatchObject({ due: 24, charged: 24, twice: 0, missed: 0 })
  expect(Object.values(runs).reduce((sum, one) => sum + one, 0)).toBe(24)
  expect(kills).toBeGreaterThan(3)
  expect(mischief.copied + mischief.handedOut).toBeGreaterThan(0)
  expect(mischief.forgotten).toBeGreaterThanOrEqual(3)
}, 300_000)

test('one process over a folder, killed and started again: each period of each session is charged exactly once', async () => {
  const { kills, mischief, ...count } = await chargesTest({ charges: 12, sessions: 4, workers: 1, database: 'pglite', seed: 8 })
  expect(count).toMatchObject({ due: 12, charged: 12, twice: 0, missed: 0 })
  expect(kills).toBeGreaterThan(1)
  expect(mischief.forgotten).toBeGreaterThanOrEqual(3)
}, 300_000)
