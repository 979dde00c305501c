import { describe, expect, test } from 'vitest'
import { erc20Allowance, erc20Periodic, nativePeriodic } from '../../src/permissions/tokenPermissions.js'
import { defineSession } from '../../src/permissions/defineSession.js'
import { expiresIn, type DurationParts } from '../../src/permissions/expiry.js'
import { condition, InvalidRuleError, OverlappingRunsError, recurring, topUp } from '../../src/server/automation/index.js'

const token = '0x1111111111111111111111111111111111111111'
const shop = '0x2222222222222222222222222222222222222222'

function subscription(period: DurationParts, startTime?: number) {
  return defineSession({ name: 'subscription', expiry: expiresIn({ days: 900 }), permissions: [erc20Periodic({ token, limit: 20n, period, payee: shop, ...(startTime === undefined ? {} : { startTime }) })] })
}
const voucher = defineSession({ name: 'voucher', expiry: expiresIn({ days: 30 }), permissions: [erc20Allowance({ token, limit: 40n })] })
const two = defineSession({ name: 'two', expiry: expiresIn({ days: 30 }), permissions: [erc20Periodic({ token, limit: 20n, period: { days: 1 } }), nativePeriodic({ limit: 1n, period: { days: 7 } })] })

const calls = () => []
const monthly = (timeZone: string) => ({ expression: '0 9 1 * *', timeZone })

describe('what two runs of can fall into one period of a permission is refused when it is defined', () => {
  test('more often than the period', () => {
    expect(() => recurring({ name: 'a', session: subscription({ days: 1 }), every: { hours: 12 }, calls })).toThrow(OverlappingRunsError)
    expect(() => recurring({ name: 'a', session: subscription({ days: 1 }), every: { days: 1 }, calls })).not.toThrow()
    expect(() => recurring({ name: 'a', session: subscription({ days: 1 }), every: { hours: 36 }, calls })).not.toThrow()
    expect(() => recurring({ name: 'a', session: two, every: { days: 1 }, calls })).toThrow(/one day later.*7 days/s)
  })

  test('a calendar: the error names the two times', () => {
    // February has 28 days.
    expect(() => recurring({ name: 'a', session: subscription({ days: 30 }), cron: monthly('UTC'), calls })).toThrow(
      expect.objectContaining({ name: 'OverlappingRunsError', runs: [Date.UTC(2026, 1, 1, 9) / 1000, Date.UTC(2026, 2, 1, 9) / 1000], message: expect.stringContaining('at 2026-02-01T09:00:00Z and again at 2026-03-01T09:00:00Z') as string }),
    )
    expect(() => recurring({ name: 'a', session: subscription({ days: 28 }), cron: monthly('UTC'), calls })).not.toThrow()
  })

  test('a day of 23 hours, where clocks are changed', () => {
    const daily = (timeZone: string) => recurring({ name: 'a', session: subscription({ days: 1 }), cron: { expression: '0 9 * * *', timeZone }, calls })
    expect(() => daily('UTC')).not.toThrow()
    expect(() => daily('Asia/Tokyo')).not.toThrow()
    expect(() => daily('Europe/Berlin')).toThrow('at 2026-03-28T08:00:00Z and again at 2026-03-29T07:00:00Z')
    expect(() => daily('America/New_York')).toThrow(OverlappingRunsError)
    // And 28 days around it.
    expect(() => recurring({ name: 'a', session: subscription({ days: 28 }), cron: monthly('Europe/Berlin'), calls })).not.toThrow()
    expect(() => recurring({ name: 'a', session: subscription({ days: 7 }), cron: { expression: '0 9 * * MON', timeZone: 'Europe/Berlin' }, calls })).toThrow(OverlappingRunsError)
  })

  test('only around a change of clocks, of one that runs many times a day', () => {
    const rule = (timeZone: string) => recurring({ name: 'a', session: subscription({ hours: 6 }), cron: { expression: '0 0,6,12,18 * * *', timeZone }, calls })
    expect(() => rule('UTC')).not.toThrow()
    expect(() => rule('Europe/Berlin')).toThrow(OverlappingRunsError)
  })

  test('where the permission names its start, its own periods count', () => {
    // From midnight to midnight: 9 o’clock in Berlin is another day’s each time.
    const midnight = Date.UTC(2026, 0, 1) / 1000
    expect(() => recurring({ name: 'a', session: subscription({ days: 1 }, midnight), cron: { expression: '0 9 * * *', timeZone: 'Europe/Berlin' }, calls })).not.toThrow()
    expect(() => recurring({ name: 'a', session: subscription({ days: 1 }, midnight + 7.5 * 3600), cron: { expression: '0 9 * * *', timeZone: 'Europe/Berlin' }, calls })).toThrow(OverlappingRunsError)
  })

  test('but not of a permission that it does not use', () => {
    expect(() => recurring({ name: 'a', session: two, uses: [0], calls })).not.toThrow()
    expect(() => recurring({ name: 'a', session: two, uses: [0], every: { days: 1 }, calls })).not.toThrow()
    expect(() => recurring({ name: 'a', session: two, uses: [1], every: { days: 1 }, calls })).toThrow(OverlappingRunsError)
    expect(() => recurring({ name: 'a', session: voucher, every: { minutes: 1 }, calls })).not.toThrow()
  })
})

test.each<[string, () => unknown, RegExp]>([
  ['no time', () => recurring({ name: 'a', session: voucher, calls }), /does not say when it runs.*no periodic permission/s],
  ['two periods', () => recurring({ name: 'a', session: two, calls }), /permissions of several periods/],
  ['every and cron', () => recurring({ name: 'a', session: voucher, every: { days: 1 }, cron: monthly('UTC'), calls }), /both `every` and `cron`/],
  ['no length', () => recurring({ name: 'a', session: voucher, every: {}, calls }), /`every` of no length/],
  ['a cron nobody reads', () => recurring({ name: 'a', session: voucher, cron: { expression: 'at noon', timeZone: 'UTC' }, calls }), /cron that names no time/],
  ['a cron that never comes', () => recurring({ name: 'a', session: voucher, cron: { expression: '0 0 31 2 *', timeZone: 'UTC' }, calls }), /it never comes/],
  ['a place nobody knows', () => recurring({ name: 'a', session: voucher, cron: { expression: '0 9 * * *', timeZone: 'Mars/Olympus' }, calls }), /Invalid timezone/],
  ['no place', () => recurring({ name: 'a', session: voucher, cron: { expression: '0 9 * * *', timeZone: '' }, calls }), /whose clocks it means is not said/],
  ['a permission that is not there', () => recurring({ name: 'a', session: voucher, every: { days: 1 }, uses: [1], calls }), /uses a permission that its session does not ask for/],
  ['a name with spaces', () => recurring({ name: 'Every day', session: voucher, every: { days: 1 }, calls }), /name that cannot be part/],
  ['a retry that never tries', () => recurring({ name: 'a', session: voucher, every: { days: 1 }, retry: { attempts: 0, delaySeconds: 1 }, calls }), /never tries/],
  ['a budget of nothing', () => recurring({ name: 'a', session: voucher, every: { days: 1 }, budget: { runs: 1, perSeconds: 0 }, calls }), /`budget` of nothing/],
  ['a look every no seconds', () => condition({ name: 'a', session: voucher, lookEverySeconds: 0, when: () => true, calls }), /lengths of time that cannot be/],
  ['a filling that empties', () => topUp({ name: 'a', session: voucher, token, of: shop, below: 10n, upTo: 5n }), /fills up to 5 what is below 10/],
  ['a token that is none', () => topUp({ name: 'a', session: voucher, token: '0x12', of: shop, below: 1n, upTo: 5n }), /what is no token/],
])('refuses a rule with %s', (_name, define, message) => {
  expect(define).toThrow(InvalidRuleError)
  expect(define).toThrow(message)
})
