import { describe, expect, test } from 'vitest'
import { mockSession } from '../../src/testing/index.js'
import { erc20Allowance, erc20Periodic } from '../../src/permissions/tokenPermissions.js'
import { defineSession } from '../../src/permissions/defineSession.js'
import { expiresIn } from '../../src/permissions/expiry.js'
import { periodAt, recurring, UnknownPeriodError } from '../../src/server/automation/index.js'
import { firstPeriod, nextPeriod, periodNamed, periodsBetween, timingOf, type Timing } from '../../src/server/automation/timing.js'

const day = 86_400
const start = Date.UTC(2026, 11, 1, 10, 30, 12) / 1000
const token = '0x1111111111111111111111111111111111111111'
const calls = () => []

const daily: Timing = { rule: 'a', anchor: start, every: day, periods: [{ start, seconds: day }], end: start + 30 * day }
const names = (found: { periods: readonly { period: string }[] }) => found.periods.map(({ period }) => period)

describe('periods of a permission', () => {
  test('begin with it, one after the other, and end where the next one begins', () => {
    expect(firstPeriod(daily, start)).toEqual({ period: '2026-12-01T10:30:12Z', dueAt: start, until: start + day })
    expect(firstPeriod(daily, start + day - 1)).toEqual({ period: '2026-12-01T10:30:12Z', dueAt: start, until: start + day })
    expect(nextPeriod(daily, start + day - 1)).toEqual({ period: '2026-12-02T10:30:12Z', dueAt: start + day, until: start + 2 * day })
    expect(nextPeriod(daily, start - 100)).toMatchObject({ dueAt: start })
    expect(names(periodsBetween(daily, start, start + 2 * day, 100))).toEqual(['2026-12-01T10:30:12Z', '2026-12-02T10:30:12Z', '2026-12-03T10:30:12Z'])
  })

  test('there are none when the session is over', () => {
    expect(nextPeriod(daily, start + 29 * day)).toBeUndefined()
    expect(periodsBetween(daily, start, start + 90 * day, 100).periods).toHaveLength(30)
    expect(periodsBetween({ ...daily, end: start + day / 2 }, start, start + 9 * day, 100).periods).toEqual([{ period: '2026-12-01T10:30:12Z', dueAt: start, until: start + day / 2 }])
  })

  test('of many that are over the last ones are named', () => {
    const found = periodsBetween(daily, start, start + 20 * day, 3)
    expect(found.more).toBe(true)
    expect(names(found)).toEqual(['2026-12-19T10:30:12Z', '2026-12-20T10:30:12Z', '2026-12-21T10:30:12Z'])
    expect(periodsBetween(daily, start + 19 * day, start + 20 * day, 3).more).toBe(false)
  })

  test('a run may take until its own period is over, and not longer than it says', () => {
    expect(firstPeriod({ ...daily, within: 3_600 }, start)).toMatchObject({ until: start + 3_600 })
    expect(firstPeriod({ ...daily, within: 3_600 }, start + 3_600)).toMatchObject({ dueAt: start + day })
    // Every 36 hours: the second day's allowance is the next run's.
    expect(firstPeriod({ ...daily, every: 1.5 * day }, start)).toEqual({ period: '2026-12-01T10:30:12Z', dueAt: start, until: start + day })
    expect(nextPeriod({ ...daily, every: 1.5 * day }, start)).toMatchObject({ dueAt: start + 1.5 * day, until: start + 3 * day })
  })
})

describe('a calendar', () => {
  const cron: Timing = { rule: 'a', anchor: start, cron: { expression: '0 9 1 * *', timeZone: 'Europe/Berlin' }, periods: [{ start, seconds: 28 * day }], end: start + 400 * day }
  const january = Date.UTC(2027, 0, 1, 8) / 1000

  test('begins with the first time after the grant', () => {
    expect(firstPeriod(cron, start)).toMatchObject({ period: '2027-01-01T08:00:00Z', dueAt: january })
    // Until the allowance would be the next run's: the third of its periods begins on 26 January.
    expect(firstPeriod(cron, january)).toMatchObject({ dueAt: january, until: start + 56 * day })
    expect(names(periodsBetween(cron, start, Date.UTC(2027, 4, 1) / 1000, 9))).toEqual(['2027-01-01T08:00:00Z', '2027-02-01T08:00:00Z', '2027-03-01T08:00:00Z', '2027-04-01T07:00:00Z'])
    expect(periodsBetween(cron, start, Date.UTC(2027, 4, 1) / 1000, 2)).toMatchObject({ more: true, periods: [{ dueAt: Date.UTC(2027, 2, 1, 8) / 1000 }, { dueAt: Date.UTC(2027, 3, 1, 7) / 1000 }] })
  })

  test('without a periodic permission a run may take until the next time', () => {
    expect(firstPeriod({ ...cron, periods: [] }, january)).toMatchObject({ until: Date.UTC(2027, 1, 1, 8) / 1000 })
  })

  test('time that is summed or left out when clocks are changed is no run too many and none too few', () => {
    const nightly: Timing = { ...cron, cron: { expression: '30 2 * * *', timeZone: 'Europe/Berlin' }, periods: [], anchor: Date.UTC(2027, 2, 1) / 1000 }
    expect(names(periodsBetween(nightly, Date.UTC(2027, 2, 27) / 1000, Date.UTC(2027, 2, 29, 12) / 1000, 9))).toHaveLength(3)
    expect(names(periodsBetween(nightly, Date.UTC(2027, 9, 30) / 1000, Date.UTC(2027, 10, 1, 12) / 1000, 9))).toHaveLength(3)
  })
})

test('a period is found again by its name, and no other name is one', () => {
  expect(periodNamed(daily, '2026-12-02T10:30:12Z')).toMatchObject({ dueAt: start + day })
  for (const name of ['', '1', '2026-12', '2026-12-02T10:30:13Z', '2026-11-30T10:30:12Z', '2026-12-02T10:30:12.000Z', '2028-12-02T10:30:12Z']) {
    expect(() => periodNamed(daily, name), name).toThrow(UnknownPeriodError)
  }
})

describe('of a session', () => {
  const definition = defineSession({ name: 'subscription', expiry: expiresIn({ days: 30 }), permissions: [erc20Periodic({ token, limit: 20n, period: { days: 1 } })] })

  test('it is the granted permission that counts', () => {
    const rule = recurring({ name: 'a', session: definition, calls })
    const session = mockSession({ status: 'active', permissions: [erc20Periodic({ token, limit: 20n, period: { days: 1 }, startTime: start })], expiry: start + 30 * day })
    expect(timingOf(rule, session)).toMatchObject({ anchor: start, every: day, periods: [{ start, seconds: day }], end: start + 30 * day })
    expect(periodAt({ rule, session, now: start + 1.5 * day })).toEqual({ period: '2026-12-02T10:30:12Z', dueAt: start + day, until: start + 2 * day })
    expect(periodAt({ rule, session, now: start - 1 })).toBeUndefined()
    expect(periodAt({ rule, session, now: start + 30 * day })).toBeUndefined()
  })

  test('without one its enrolment counts, by its chain', () => {
    const voucher = defineSession({ name: 'voucher', expiry: expiresIn({ days: 30 }), permissions: [erc20Allowance({ token, limit: 20n })] })
    const session = mockSession({ status: 'active', permissions: [...voucher.permissions], expiry: start + 30 * day })
    const rule = recurring({ name: 'a', session: voucher, every: { hours: 6 }, calls })
    expect(timingOf(rule, session)).toMatchObject({ anchor: start, every: 6 * 3600, periods: [] })
    expect(periodAt({ rule, session, now: start + 7 * 3600 })).toMatchObject({ dueAt: start + 6 * 3600 })
  })
})
