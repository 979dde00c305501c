import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { InvalidExpiryError } from '../../src/permissions/errors.js'
import { durationSeconds, expiresIn, resolveExpiry } from '../../src/permissions/expiry.js'
import { resolveRequest } from '../../src/permissions/resolveRequest.js'
import { erc20Allowance, erc20Periodic, nativeStream } from '../../src/permissions/tokenPermissions.js'

const chainTime = Date.UTC(2026, 10, 22, 17) / 1000
const day = 86_400

describe('expiresIn', () => {
  test.each([
    [{ days: 3 }, 3 * day],
    [{ hours: 2 }, 7200],
    [{ minutes: 5 }, 300],
    [{ seconds: 1 }, 1],
    [{ days: 1, hours: 1, minutes: 1, seconds: 1 }, day + 3661],
    [{ days: 0.5 }, day / 2],
    [{ seconds: 1.9 }, 1],
  ])('%j lasts %i seconds', (parts, seconds) => {
    expect(expiresIn(parts)).toEqual({ type: 'duration', seconds })
    expect(durationSeconds(parts)).toBe(seconds)
  })

  test.each([{}, { days: 0 }, { days: -1 }, { days: 1, hours: -24 }, { seconds: 0.9 }, { days: Number.NaN }])('%j is no time at all', (parts) => {
    expect(() => expiresIn(parts)).toThrow(InvalidExpiryError)
  })

  test('counts from the time of the chain, not of this machine', () => {
    expect(resolveExpiry(expiresIn({ days: 3 }), chainTime)).toBe(chainTime + 3 * day)
    expect(resolveExpiry(expiresIn({ days: 3 }), 1_000)).toBe(1_000 + 3 * day)
  })
})

describe('an absolute expiry', () => {
  test('is kept as it is', () => {
    expect(resolveExpiry(chainTime + 1, chainTime)).toBe(chainTime + 1)
  })

  test.each([
    ['milliseconds', (chainTime + 3 * day) * 1000, 'looks like milliseconds'],
    ['a forgotten duration', 3 * day, 'looks like a duration'],
    ['zero, which the chain would take for "for ever"', 0, 'looks like a duration'],
    ['a negative number', -1, 'looks like a duration'],
    ['a fraction', chainTime + 0.5, 'not a whole number'],
    ['no number', Number.NaN, 'not a whole number'],
    ['infinity', Number.POSITIVE_INFINITY, 'not a whole number'],
    ['the present second', chainTime, 'has passed'],
    ['the past', chainTime - 1, 'has passed'],
  ])('refuses %s', (_what, expiry, message) => {
    expect(() => resolveExpiry(expiry, chainTime)).toThrow(InvalidExpiryError)
    expect(() => resolveExpiry(expiry, chainTime)).toThrow(message)
  })

  test('whatever is accepted lies ahead of the chain and is a whole number of seconds', () => {
    const nearby = fc.integer({ min: -day, max: day }).map((seconds) => chainTime + seconds)
    fc.assert(
      fc.property(fc.oneof(fc.double(), fc.integer(), fc.maxSafeInteger(), nearby), (expiry) => {
        try {
          expect(resolveExpiry(expiry, chainTime)).toBe(expiry)
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidExpiryError)
          expect(expiry > chainTime && expiry <= 100_000_000_000 && Number.isInteger(expiry)).toBe(false)
          return
        }
        expect(Number.isSafeInteger(expiry)).toBe(true)
        expect(expiry).toBeGreaterThan(chainTime)
      }),
      { numRuns: 500 },
    )
  })
})

describe('a request', () => {
  const token = '0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512'
  const period = erc20Periodic({ token, limit: 1n, period: { days: 1 } })
  const stream = nativeStream({ perSecond: 1n, max: 5n })
  const allowance = erc20Allowance({ token, limit: 1n })

  test('begins periods and streams now, and leaves the others without a start', () => {
    const { permissions, expiry } = resolveRequest({ permissions: [period, stream, allowance], expiry: expiresIn({ days: 1 }) }, chainTime)
    expect(permissions).toEqual([{ ...period, startTime: chainTime }, { ...stream, startTime: chainTime }, allowance])
    expect(expiry).toBe(chainTime + day)
  })

  test('keeps a start that is given', () => {
    const later = { ...period, startTime: chainTime + 60 }
    expect(resolveRequest({ permissions: [later], expiry: expiresIn({ days: 1 }) }, chainTime).permissions).toEqual([later])
  })
})
