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

test('callers, of whom there are as many as anybody likes, make the relay forget nothing that it gave out', async () => {
  const counters = createMemoryCounters({ maxKeys: 100 })
  const spending = (amount: bigint) => entry('1:spending', amount, 100n, 86_400)
  await counters.take([spending(90n), entry('1:sender:0xa:requests', 1n, 1n, 86_400)], 1_000)
  for (let caller = 0; caller < 500; caller += 1) expect(await counters.take([entry(`1:client:${caller}`, 1n, 1n)], 1_001)).toBeUndefined()
  expect(await counters.used(spending(0n), 1_002)).toBe(90n)
  expect(await counters.take([spending(20n)], 1_002)).toMatchObject({ key: '1:spending' })
  expect(await counters.take([entry('1:sender:0xa:requests', 1n, 1n, 86_400)], 1_002)).toMatchObject({ key: '1:sender:0xa:requests' })
  // They take each other's places, and no more than those.
  expect(await counters.used(entry('1:client:0', 0n, 0n), 1_002)).toBe(0n)
  expect(await counters.used(entry('1:client:499', 0n, 0n), 1_002)).toBe(1n)
})

test('what counts is not forgotten for another: the new key is refused until a window is over', async () => {
  const counters = createMemoryCounters({ maxKeys: 3 })
  const sender = (name: string, at: number) => counters.take([entry(`1:sender:${name}`, 1n, 2n), entry('1:spending', 1n, 100n)], at)
  for (const [name, at] of [['a', 1_000], ['b', 1_010], ['c', 1_020]] as const) expect(await sender(name, at)).toBeUndefined()
  expect(await sender('d', 1_030)).toEqual({ key: '1:sender:d', retryAfterSeconds: 30, tooManyKeys: true })
  expect(await counters.look([entry('1:sender:d', 1n, 2n)], 1_030)).toMatchObject({ tooManyKeys: true })
  expect(await counters.used(entry('1:spending', 0n, 0n), 1_030), 'nothing was taken').toBe(3n)
  // Those that are there go on.
  expect(await sender('a', 1_030)).toBeUndefined()
  expect(await sender('d', 1_060)).toMatchObject({ retryAfterSeconds: 10 })
  expect(await sender('d', 1_070)).toBeUndefined()
  expect(await counters.used(entry('1:sender:b', 0n, 0n), 1_070)).toBe(0n)
  expect(await sender('e', 1_070)).toMatchObject({ tooManyKeys: true })
  const both = [entry('1:sender:f', 1n, 2n), entry('1:sender:g', 1n, 2n)]
  expect(await counters.take(both, 1_085), 'there is no place for both, and so for neither').toMatchObject({ tooManyKeys: true })
})
