import { expect, test, vi } from 'vitest'
import type { SessionKeyEvent } from '../../src/actions/observeSessionKeys.js'
import { createEventLog } from '../../src/devtools/events/createEventLog.js'

const wire = (id: number, state: 'pending' | 'answered' = 'pending') => ({ kind: 'wallet', id, at: id, method: 'wallet_x', params: [], state, durationMs: 1, answer: null }) as SessionKeyEvent
const status = (rev: number): SessionKeyEvent => ({ kind: 'status', id: 'one', name: 'shopping', from: undefined, to: 'requested', rev, at: rev })

test('the last of each kind are kept, and a busy wallet pushes no status out', () => {
  const log = createEventLog({ limit: 3 })
  log.add(status(0))
  for (let id = 0; id < 1_000; id += 1) log.add(wire(id))
  for (let rev = 1; rev < 3; rev += 1) log.add(status(rev))
  expect(log.events()).toEqual([status(0), wire(997), wire(998), wire(999), status(1), status(2)])
})

test('an answer takes the place of its request', () => {
  const log = createEventLog({ limit: 3 })
  for (const event of [wire(1), wire(2), wire(1, 'answered')]) log.add(event)
  expect(log.events()).toEqual([wire(1, 'answered'), wire(2)])
})

test('whoever watches is told, until it stops; cleared, nothing is left', () => {
  const log = createEventLog({ limit: 3 })
  const listener = vi.fn()
  const stop = log.subscribe(listener)
  log.add(wire(1))
  log.clear()
  expect(log.events()).toEqual([])
  expect(listener).toHaveBeenCalledTimes(2)
  stop()
  log.add(wire(2))
  expect(listener).toHaveBeenCalledTimes(2)
})
