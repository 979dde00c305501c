/** What a page and a server tell each other about the work of a server: nothing but exactly that is read, whatever it is made of. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readActivityRequest, readServerActivity, readServerOverview, readServerSessions, type ServerActivity } from '../../src/sessions/activityWire.js'
import { toJsonText } from '../../src/sessions/jsonText.js'
import { activityOf, run, subscription, tomorrow, undone } from '../../stories/serverWorld.js'
import { usageOf } from '../../stories/sessionWorld.js'

const session = subscription()
const account = session.account
const usage = usageOf(session, [5n])
const activity: ServerActivity = activityOf(session, {
  runs: [run(0), undone(1, { status: 'failed', error: { name: 'RelayUnreachableError' } })],
  next: [tomorrow],
  after: 'subscription:1',
  usage: { ...usage, permissions: usage.permissions.map((one) => ({ ...one, calls: { limit: 5, left: undefined, atOnce: undefined } })) },
})

test('an answer comes out as it went in, amounts of any size too', () => {
  const large = 2n ** 256n - 1n
  const told = { ...activity, runs: [{ ...run(0), calls: [{ to: account, value: large, tokenAmount: large }] }] }
  expect(readServerActivity(toJsonText(told))).toEqual(told)
  const { session: seen, next, jobs } = activity
  expect(readServerSessions(toJsonText({ sessions: [{ session: seen, next, jobs }] }))).toEqual({ sessions: [{ session: seen, next, jobs }] })
  const overview = { jobs, next: [{ ...tomorrow, session: session.id }], failed: [{ ...run(0), session: session.id, error: { name: 'E', message: 'm' } }] }
  expect(readServerOverview(toJsonText(overview))).toEqual(overview)
})

test.each([
  { action: 'activity', of: { id: session.id, account } },
  { action: 'activity', of: { session: 'subscription', chainId: 1, account }, usage: true, limit: 100, after: 'subscription:2026' },
  { action: 'sessions', account, limit: 1 },
  { action: 'overview' },
])('%j is a question', (request) => {
  expect(readActivityRequest(toJsonText(request))).toEqual(request)
})

test.each([
  ['no JSON', 'activity'],
  ['nothing', ''],
  ['another action', toJsonText({ action: 'everything' })],
  ['no account', toJsonText({ action: 'sessions' })],
  ['an account that is none', toJsonText({ action: 'sessions', account: '0x12' })],
  ['too much at once', toJsonText({ action: 'overview', limit: 101 })],
  ['none at all', toJsonText({ action: 'overview', limit: 0 })],
  ['a part of one', toJsonText({ action: 'overview', limit: 1.5 })],
  ['a session by both of its names', toJsonText({ action: 'activity', of: { id: session.id, session: 'subscription', chainId: 1, account } })],
  ['a user to be', toJsonText({ action: 'activity', of: { id: session.id, account }, user: 'alice' })],
  ['an operator to be', toJsonText({ action: 'overview', operator: true })],
  ['a cursor without an end', toJsonText({ action: 'overview', after: 'x'.repeat(2_001) })],
])('%s is no question', (_, text) => {
  expect(readActivityRequest(text)).toBeUndefined()
})

describe('an answer is not read', () => {
  const [first] = activity.runs
  test.each<[string, object]>([
    ['whose run has another status', { ...activity, runs: [{ ...first, status: 'charged' }] }],
    ['whose amount is no whole number', { ...activity, runs: [{ ...first, calls: [{ to: account, value: 0n, tokenAmount: 20.5 }] }] }],
    ['whose amount is below zero', { ...activity, runs: [{ ...first, calls: [{ to: account, value: 0n, tokenAmount: -1n }] }] }],
    ['that carries calldata', { ...activity, runs: [{ ...first, calls: [{ to: account, value: 0n, data: '0x00' }] }] }],
    ['whose transaction is none', { ...activity, runs: [{ ...first, transactionHash: '0x12' }] }],
    ['whose moment is none', { ...activity, runs: [{ ...first, at: '2026-12-01' }] }],
    ['that has no end', { ...activity, runs: Array.from({ length: 101 }, () => first) }],
    ['without its jobs', { runs: [], next: [] }],
  ])('%s', (_, answer) => {
    expect(readServerActivity(toJsonText(answer))).toBeUndefined()
  })
})

test('whatever comes, nothing is thrown, and what is read has what it says', () => {
  const reads = [readActivityRequest, readServerActivity, readServerSessions, readServerOverview]
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string(), fc.jsonValue().map((value) => toJsonText({ ...activity, runs: [value] }))), (text) => {
      for (const read of reads) read(text)
      const answer = readServerActivity(text)
      expect(answer === undefined || Array.isArray(answer.runs)).toBe(true)
    }),
    { numRuns: 500 },
  )
})
