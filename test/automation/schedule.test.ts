import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { openDatabase, type Database } from '../../src/server/automation/index.js'
import { migrated } from '../../src/server/automation/migrate.js'
import { openJobQueue, type JobQueue } from '../../src/server/automation/jobQueue.js'
import { admitRun, holdRun, isBusy, releaseRuns, reopenRun } from '../../src/server/automation/openRuns.js'
import { lift, pause } from '../../src/server/automation/pauses.js'
import { queueDue } from '../../src/server/automation/queueDue.js'
import { addRuns, listRuns, readRun, writeResult } from '../../src/server/automation/runBook.js'
import { dropSession, enterRows, knownRows, listNext } from '../../src/server/automation/schedule.js'
import { isoTime } from '../../src/server/automation/errors.js'
import type { Timing } from '../../src/server/automation/timing.js'

let database: Database
let queue: JobQueue
beforeAll(async () => {
  database = await openDatabase('memory:')
  await migrated(database)
  queue = await openJobQueue({ database, expireSeconds: 60, onError: () => undefined })
}, 120_000)
afterEach(() => database.query('truncate session_keys.schedule, session_keys.runs, session_keys.pauses; delete from session_keys_jobs.job'))
afterAll(async () => {
  await queue.close()
  await database.close()
})

const day = 86_400
const start = 1_800_000_000
const daily: Timing = { rule: 'charge', anchor: start, every: day, periods: [{ start, seconds: day }], end: start + 30 * day }
const row = (session: string, timing: Timing = daily, nextAt = timing.anchor) => ({ rule: timing.rule, session, nextAt, timing: JSON.stringify(timing), state: '' })
const unread: string[] = []
const due = (now: number, rules = ['charge']) => queueDue({ database, queue, rules, now, onError: (_, about) => unread.push(about.session) })
const words = async () => (await listRuns(database.query, {})).map(({ session, dueAt, status }) => `${session} ${(dueAt - start) / day} ${status}`).reverse()

test('what is due comes into the queue, once', async () => {
  await enterRows(database.query, [row('a'), row('b'), row('c', { ...daily, anchor: start + day })])
  expect(await due(start - 1)).toBe(0)
  expect(await due(start)).toBe(2)
  expect(await due(start + day - 1)).toBe(0)
  expect((await queue.take(10)).map(({ session, period }) => `${session} ${period}`).sort()).toEqual([`a ${isoTime(start)}`, `b ${isoTime(start)}`])
  expect(await due(start + day)).toBe(3)
  expect((await words()).sort()).toEqual(['a 0 due', 'a 1 due', 'b 0 due', 'b 1 due', 'c 1 due'])
  expect(await listNext(database.query, { limit: 2 })).toEqual(['a', 'b'].map((session) => ({ rule: 'charge', session, at: start + 2 * day, paused: false })))
})

test('what was over before anybody looked is missed, and is not made up for', async () => {
  await enterRows(database.query, [row('a')])
  expect(await due(start + 3.5 * day)).toBe(1)
  expect(await words()).toEqual(['a 0 missed', 'a 1 missed', 'a 2 missed', 'a 3 due'])
  expect((await listRuns(database.query, { status: 'missed' }))[0]).toMatchObject({ at: start + 3.5 * day, until: start + 3 * day, error: { name: 'PeriodMissed' } })
  expect(await queue.take(10)).toHaveLength(1)
})

test('of a long absence the last hundred are written down, and that there were more', async () => {
  const hourly = { ...daily, every: 3_600, periods: [] }
  await enterRows(database.query, [row('a', hourly)])
  expect(await due(start + 200.5 * 3_600)).toBe(1)
  const runs = await listRuns(database.query, { limit: 1_000 })
  expect(runs).toHaveLength(100)
  expect(runs.at(-1)?.error?.message).toContain('and so were others before it')
  expect(runs.at(-2)?.error?.message).not.toContain('others')
})

test('when the session is over its schedule goes', async () => {
  await enterRows(database.query, [row('a', { ...daily, end: start + 1.5 * day })])
  await due(start)
  expect(await listNext(database.query, {})).toHaveLength(1)
  expect(await due(start + day)).toBe(1)
  expect(await listNext(database.query, {})).toEqual([])
  expect((await listRuns(database.query, {}))[0]).toMatchObject({ until: start + 1.5 * day })
})

test('a row that nobody can read, from a rule that was of another kind, is said, and in nobody else’s way', async () => {
  await enterRows(database.query, [{ ...row('old'), timing: '' }, row('a')])
  expect(await due(start)).toBe(1)
  expect(unread.splice(0)).toEqual(['old'])
  expect(await words()).toEqual(['a 0 due'])
  expect(await due(start + 60)).toBe(0)
  expect(unread).toEqual([])
})

test('a rule that is not run here is left alone', async () => {
  await enterRows(database.query, [row('a'), row('a', { ...daily, rule: 'other' })])
  expect(await due(start, ['other'])).toBe(1)
  expect(await queue.take(10)).toMatchObject([{ rule: 'other' }])
  await dropSession(database.query, 'a')
  expect(await listNext(database.query, {})).toEqual([])
})

test('entered again a row stays as it is, but where its rule has other times', async () => {
  await enterRows(database.query, [row('a')])
  await due(start)
  await enterRows(database.query, [row('a')])
  expect(await listNext(database.query, {})).toMatchObject([{ at: start + day }])
  const weekly = { ...daily, every: 7 * day }
  await enterRows(database.query, [row('a', weekly, start + 7 * day)])
  expect((await knownRows(database.query, ['a', 'b'])).get('charge a')).toEqual({ nextAt: start + 7 * day, timing: JSON.stringify(weekly) })
})

test('of several that look at once each thing comes into the queue once', async () => {
  await enterRows(database.query, Array.from({ length: 40 }, (_, n) => row(`s${n}`)))
  const counts = await Promise.all([1, 2, 3, 4].map(() => due(start)))
  expect(counts.reduce((sum, count) => sum + count)).toBe(40)
  expect(await queue.take(100)).toHaveLength(40)
})

test('a tick reads what is due, however many sessions there are', async () => {
  await enterRows(database.query, Array.from({ length: 5_000 }, (_, n) => row(`s${n}`, daily, start + day + n)))
  await enterRows(database.query, [row('now')])
  await database.query('analyze session_keys.schedule')
  const { rows } = await database.query(
    "explain (analyze, format json) select rule from session_keys.schedule s where rule = any('{charge,other}'::text[]) and next_at <= 1800000000 order by next_at limit 500 for update of s skip locked",
  )
  const plan = JSON.stringify(rows)
  expect(plan).toContain('schedule_due')
  expect(plan).not.toContain('Seq Scan')
  expect(await due(start)).toBe(1)
})

test('paused: nothing of it comes into the queue, and what is over meanwhile has to be looked at', async () => {
  await enterRows(database.query, [row('a'), row('b')])
  await pause(database.query, { session: 'a' })
  expect(await due(start)).toBe(1)
  expect(await queue.take(10)).toMatchObject([{ session: 'b' }])
  expect(await listNext(database.query, { session: 'a' })).toMatchObject([{ paused: true }])
  expect(await releaseRuns(database.query, start + day - 1)).toEqual([])
  expect(await releaseRuns(database.query, start + day)).toEqual([{ rule: 'charge', session: 'a', period: isoTime(start) }])
})

test.each<[string, object, object, boolean]>([
  ['the same', { rule: 'charge' }, { rule: 'charge' }, false],
  ['all', { rule: 'charge', session: 'a' }, {}, false],
  ['wider', { rule: 'charge', session: 'a' }, { session: 'a' }, false],
  ['narrower', { rule: 'charge' }, { rule: 'charge', session: 'a' }, true],
  ['another', { session: 'b' }, { session: 'a' }, false],
  ['another of two', {}, { rule: 'charge' }, true],
])('resumed by %s words', async (_name, paused, resumed, still) => {
  await enterRows(database.query, [row('a')])
  await pause(database.query, paused)
  await pause(database.query, paused)
  await lift(database.query, resumed)
  expect(await listNext(database.query, {})).toMatchObject([{ paused: still }])
})

const key = (period: string, session = 'a') => ({ rule: 'charge', session, period })
const result = { attempts: 1, calls: [], at: start } as const

test('a run that is held does not count as being done, and goes on when it is not paused any more', async () => {
  await addRuns(database.query, [{ ...key('1'), dueAt: start, status: 'due' }])
  expect(await holdRun(database.query, key('1'))).toBe(false)
  await pause(database.query, { rule: 'charge' })
  expect(await isBusy(database.query, ['charge'])).toBe(true)
  expect(await holdRun(database.query, key('1'))).toBe(true)
  expect(await isBusy(database.query, ['charge'])).toBe(false)
  await lift(database.query, { rule: 'charge' })
  expect(await releaseRuns(database.query, start)).toEqual([key('1')])
})

test('that it is done is true whatever was believed before, and nothing else is', async () => {
  await addRuns(database.query, [{ ...key('1'), dueAt: start, status: 'due' }])
  expect(await writeResult(database.query, key('1'), { ...result, status: 'failed' })).toBe(true)
  expect(await writeResult(database.query, key('1'), { ...result, status: 'missed' })).toBe(false)
  expect(await writeResult(database.query, key('1'), { ...result, status: 'done', transactionHash: '0x12' })).toBe(true)
  expect(await writeResult(database.query, key('1'), { ...result, status: 'done', transactionHash: '0x34' })).toBe(false)
  expect(await readRun(database.query, key('1'))).toMatchObject({ status: 'done', transactionHash: '0x12' })
  expect(await reopenRun(database.query, key('1'))).toEqual({ reopened: false, status: 'done' })
  expect(await reopenRun(database.query, key('2'))).toEqual({ reopened: false, status: undefined })
})

test('history: the newest first, page by page', async () => {
  await addRuns(database.query, ['1', '2', '3', '4'].map((period) => ({ ...key(period, period === '3' ? 'b' : 'a'), dueAt: start, status: 'due' as const })))
  await writeResult(database.query, key('2'), { ...result, status: 'done', calls: [{ to: '0x11', value: 10n ** 20n }] })
  const periods = async (query: object) => (await listRuns(database.query, query)).map(({ period }) => period)
  expect(await periods({})).toEqual(['4', '3', '2', '1'])
  expect(await periods({ limit: 2 })).toEqual(['4', '3'])
  expect(await periods({ limit: 2, after: key('3', 'b') })).toEqual(['2', '1'])
  expect(await periods({ session: 'a' })).toEqual(['4', '2', '1'])
  expect(await periods({ status: 'done' })).toEqual(['2'])
  expect(await periods({ rule: 'other' })).toEqual([])
  expect((await listRuns(database.query, { status: 'done' }))[0]?.calls).toEqual([{ to: '0x11', value: 10n ** 20n }])
})

test('a budget: so many in so long a time, of two at once one; what did not happen gives its place back', async () => {
  const budget = { runs: 2, perSeconds: 3_600 }
  await addRuns(database.query, ['1', '2', '3', '4', '5'].map((period) => ({ ...key(period), dueAt: start, status: 'due' as const })))
  await addRuns(database.query, [{ ...key('1', 'b'), dueAt: start, status: 'due' }])
  const admit = (period: string, now: number, session = 'a') => database.transaction((query) => admitRun(query, key(period, session), budget, now))
  expect((await Promise.all(['1', '2', '3'].map((period) => admit(period, start)))).filter(Boolean)).toHaveLength(2)
  expect(await admit('4', start + 10)).toBe(false)
  // Tried again, it is counted once.
  expect(await admit('1', start + 10)).toBe(true)
  expect(await admit('1', start + 10, 'b')).toBe(true)
  await writeResult(database.query, key('1'), { ...result, status: 'failed' })
  expect(await admit('4', start + 10)).toBe(true)
  expect(await admit('5', start + 20)).toBe(false)
  expect(await admit('5', start + 3_600)).toBe(true)
})
