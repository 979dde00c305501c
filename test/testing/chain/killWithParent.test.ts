import type { ChildProcess } from 'node:child_process'
import { expect, test } from 'vitest'
import { killWithParent } from '../../../src/testing/chain/killWithParent.js'

const child = { kill: () => true } as unknown as ChildProcess

test('it listens only while there is something to kill, and before everyone else', () => {
  const others = process.listeners('SIGTERM')
  const release = [killWithParent(child), killWithParent({ ...child } as ChildProcess)]
  expect(process.listeners('SIGTERM').slice(1)).toEqual(others)
  release[0]!()
  expect(process.listenerCount('SIGTERM')).toBe(others.length + 1)
  release[1]!()
  expect(process.listeners('SIGTERM')).toEqual(others)
})

test('of a child that is left to the program it hears nothing until the exit', () => {
  const others = process.listeners('SIGTERM')
  const exits = process.listenerCount('exit')
  const release = killWithParent(child, { onSignal: false })
  expect(process.listeners('SIGTERM')).toEqual(others)
  expect(process.listenerCount('exit')).toBe(exits + 1)
  release()
  expect(process.listenerCount('exit')).toBe(exits)
})
