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
