/** The check says what the chain says: a part of what `npm run truth-test` does, and that it would notice if it were otherwise. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { judgeCalls } from '../../src/actions/checkCalls.js'
import { ourJudge, type Judge } from '../harness/truth/judgement.js'
import { truthTestIn } from '../harness/truth/truthTest.js'
import { startTruthWorld, type TruthWorld } from '../harness/truth/truthWorld.js'

let world: TruthWorld
beforeAll(async () => {
  world = await startTruthWorld()
})
afterAll(() => world.stop())

test.each([1, 2, 3, 4])('sessions and calls at random, seed %i: the check and the contracts agree on all', async (seed) => {
  const { cases, agree, disagreements, untyped } = await truthTestIn(world, { cases: 144, seed })
  expect({ disagreements, untyped }).toEqual({ disagreements: [], untyped: [] })
  expect({ cases, agree }).toEqual({ cases: 144, agree: 144 })
})

/** Checks with one thing wrong. */
const wrong: Record<string, Judge> = {
  'allows one unit more than is left': (session, calls, usage) =>
    ourJudge(session, calls, {
      ...usage,
      permissions: usage.permissions.map((one) => (one.amount ? { ...one, amount: { ...one.amount, left: one.amount.left + 1n } } : one)),
    }),
  'forgets the calls that were made': (session, calls, usage) =>
    ourJudge(session, calls, { ...usage, permissions: usage.permissions.map((one) => (one.calls ? { ...one, calls: { ...one.calls, left: one.calls.limit } } : one)) }),
  'is a second late': (session, calls, usage) => ourJudge(session, calls, { ...usage, asOf: { ...usage.asOf, timestamp: usage.asOf.timestamp - 1 } }),
  'is a second early': (session, calls, usage) => ourJudge(session, calls, { ...usage, asOf: { ...usage.asOf, timestamp: usage.asOf.timestamp + 1 } }),
  'overlooks native token': (session, calls, usage) => ourJudge(session, calls.map((call) => (call.data === '0x' ? call : { ...call, value: 0n })), usage),
  'overlooks bytes after the arguments': (session, calls, usage) => ourJudge(session, calls.map((call) => (call.data.length > 138 ? { ...call, data: call.data.slice(0, 138) as `0x${string}` } : call)), usage),
  'takes a pinned argument for a free one': (session, calls, usage) => {
    const granted = session.granted.map((one) =>
      one.permission.type === 'contract-call' && one.permission.functions
        ? { ...one, permission: { ...one.permission, functions: one.permission.functions.map(({ signature }) => ({ signature })) } }
        : one,
    )
    return judgeCalls({ ...session, granted }, calls, usage)
  },
  'refuses what fits exactly': (session, calls, usage) =>
    ourJudge(session, calls, {
      ...usage,
      permissions: usage.permissions.map((one) => (one.amount && one.amount.left > 0n ? { ...one, amount: { ...one.amount, left: one.amount.left - 1n } } : one)),
    }),
}

test.each(Object.entries(wrong))('a check that %s is found out', async (_, judge) => {
  const { cases, agree, disagreements } = await truthTestIn(world, { cases: 1_200, seed: 11, judge, stopAtFirst: true })
  expect(agree).toBeLessThan(cases)
  expect(disagreements[0]).toMatch(/^seed 11 case \d+: the kit says [a-z-]+, the chain (refuses|allows): \{/)
})
