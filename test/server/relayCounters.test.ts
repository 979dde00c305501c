import { expect, test } from 'vitest'
import { createMemoryCounters, type CounterEntry } from '../../src/server/index.js'

const entry = (key: string, amount: bigint, max: bigint, windowSeconds = 60): CounterEntry => ({ key, amount, max, windowSeconds })

test('what was taken counts until its window has passed', async () => {
  const counters = createMemoryCounters()
  expect(await counters.take([entry('a', 80n, 100n)], 1_000)).toBeUndefined()
  expect(await counters.take([entry('a', 21n, 100n)], 1_030)).toEqual({ key: 'a', retryAfterSeconds: 30 })
  expect(await counters.take([entry('a', 20n, 100n)], 1_030)).toBeUndefined()
  expect(await counters.used(entry('a', 0n, 0n), 1_059)).toBe(100n)
  expect(await counters.used(entry('a', 0n, 0n), 1_060)).toBe(20n)
  expect(await counters.take([entry('a', 100n, 100n)], 1_090)).toBeUndefined()
})

test('all or none: where one has no room, nothing is taken of the others', async () => {
  const counters = createMemoryCounters()
  await counters.take([entry('b', 1n, 1n)], 1_000)
  expect(await counters.take([entry('a', 1n, 5n), entry('b', 1n, 1n)], 1_000)).toMatchObject({ key: 'b' })
  expect(await counters.used(entry('a', 0n, 0n), 1_000)).toBe(0n)
})

test('many at once see each other', async () => {
  const counters = createMemoryCounters()
  const taken = await Promise.all(Array.from({ length: 20 }, () => counters.take([entry('a', 1n, 7n)], 1_000)))
  expect(taken.filter((full) => full === undefined)).toHaveLength(7)
})

test('looking takes nothing', async () => {
  const counters = createMemoryCounters()
  expect(await counters.look([entry('a', 1n, 1n)], 1_000)).toBeUndefined()
  expect(await counters.look([entry('a', 1n, 1n)], 1_000)).toBeUndefined()
  expect(await counters.look([entry('a', 2n, 1n)], 1_000)).toEqual({ key: 'a', retryAfterSeconds: 60 })
})

test('what was reserved is set right, down or up, as long as it counts', async () => {
  const counters = createMemoryCounters()
  await counters.take([entry('a', 80n, 100n)], 1_000)
  await counters.correct([entry('a', -50n, 0n)], 1_000)
  expect(await counters.used(entry('a', 0n, 0n), 1_010)).toBe(30n)
  await counters.correct([entry('a', 90n, 0n)], 1_000)
  expect(await counters.take([entry('a', 1n, 100n)], 1_010)).toMatchObject({ key: 'a' })
  await counters.correct([entry('a', -5n, 0n)], 500)
  expect(await counters.used(entry('a', 0n, 0n), 1_010)).toBe(120n)
})

test('a long window is kept in sixty parts, which count from their latest moment on', async () => {
  const counters = createMemoryCounters()
  const day = 86_400
  for (let at = 0; at < day; at += 60) await counters.take([entry('a', 1n, 10_000n, day)], at)
  expect(await counters.used(entry('a', 0n, 0n, day), day - 60)).toBe(1_440n)
  const later = await counters.used(entry('a', 0n, 0n, day), day + 3_600)
  // Never less than what was taken within the window.
  expect(later).toBeGreaterThanOrEqual(1_379n)
  expect(later).toBeLessThan(1_440n)
})
