import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { companionsOf } from '../../src/actions/companions.js'
import type { SessionKeyConfig } from '../../src/actions/createSessionKeyConfig.js'

let config: SessionKeyConfig
beforeEach(() => {
  vi.useFakeTimers()
  config = {} as SessionKeyConfig
})
afterEach(() => void vi.useRealTimers())

/** Sends by name; `went` says which were let go, in which order. */
function begin(...names: string[]) {
  const went: string[] = []
  const sends = Object.fromEntries(names.map((name) => [name, companionsOf(config, 'game')]))
  const ready = (name: string) => void sends[name]?.ready().then(() => went.push(name))
  return { went, ready, leave: (name: string) => sends[name]?.leave() }
}
const microtasks = () => vi.advanceTimersByTimeAsync(0)

test('one alone goes at once, before any timer', async () => {
  const { went, ready } = begin('a')
  ready('a')
  for (let microtask = 0; microtask < 5; microtask += 1) await Promise.resolve()
  expect(went).toEqual(['a'])
})

test('those of one tick wait for each other, and go in the order in which they were begun', async () => {
  const { went, ready } = begin('a', 'b', 'c')
  ready('c')
  ready('a')
  await microtasks()
  expect(went).toEqual([])
  ready('b')
  await microtasks()
  expect(went).toEqual(['a', 'b', 'c'])
})

test('nobody waits for one that was refused, and not long for one that is slow', async () => {
  const { went, ready, leave } = begin('a', 'b', 'slow')
  ready('a')
  leave('b')
  await vi.advanceTimersByTimeAsync(49)
  expect(went).toEqual([])
  await vi.advanceTimersByTimeAsync(1)
  expect(went).toEqual(['a'])
  ready('slow')
  await microtasks()
  expect(went).toEqual(['a', 'slow'])
})

test('nobody waits for what is begun in a later tick, or with another session', async () => {
  const first = begin('a')
  await microtasks()
  begin('later')
  companionsOf(config, 'another')
  first.ready('a')
  await microtasks()
  expect(first.went).toEqual(['a'])
})
