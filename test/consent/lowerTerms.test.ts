import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { agreedTerms, ConsentTermsError } from '../../src/consent/agreedTerms.js'
import type { ConsentTerms, PermissionConsentRequest } from '../../src/consent/consentRequest.js'
import { lowerTerms } from '../../src/consent/lowerTerms.js'
import { compare, isNotBroader } from '../../src/permissions/compare.js'
import { erc20Allowance, erc20Stream, nativeAllowance } from '../../src/permissions/tokenPermissions.js'
import { amount, contracts, metadata, now, permission } from '../permissions/permissionArbitrary.js'

const token = contracts[1]!
const requestOf = (terms: ConsentTerms, adjustable = true): PermissionConsentRequest => ({
  type: 'permissions',
  id: '1',
  origin: 'https://shop.example',
  account: contracts[0]!,
  chain: { id: 1, name: 'Ethereum', nativeCurrency: { symbol: 'ETH', decimals: 18 } },
  metadata,
  upgradesAccount: false,
  delegate: undefined,
  chainTime: now,
  adjustable,
  ...terms,
})

describe('what a user takes away', () => {
  test('is a lower limit, an earlier end, an optional permission left out', () => {
    const asked = { permissions: [erc20Allowance({ token, limit: 1000n }), nativeAllowance({ limit: 5n, optional: true })], expiry: now + 100 }
    expect(lowerTerms(asked, { limits: { 0: { limit: 500n } }, omitted: [1], expiry: now + 50 })).toEqual({
      permissions: [erc20Allowance({ token, limit: 500n })],
      expiry: now + 50,
    })
  })

  test('never raises anything, and leaves what the app needs', () => {
    const asked = { permissions: [erc20Allowance({ token, limit: 1000n })], expiry: now + 100 }
    expect(lowerTerms(asked, { limits: { 0: { limit: 1001n } }, omitted: [0], expiry: now + 101 })).toBe(asked)
  })

  test('a stream starts with no more than it may reach', () => {
    const asked = { permissions: [erc20Stream({ token, initial: 80n, perSecond: 1n, max: 100n })], expiry: now + 100 }
    expect(lowerTerms(asked, { limits: { 0: { max: 50n } } }).permissions).toEqual([erc20Stream({ token, initial: 50n, perSecond: 1n, max: 50n })])
  })

  test('whatever is typed, the result is taken by the wallet and nowhere broader', () => {
    const limits = fc.record({ limit: amount, max: amount, callLimit: fc.bigInt({ min: -1n, max: 10n ** 6n }), valueLimit: amount })
    const terms = fc.record({ permissions: fc.array(permission, { minLength: 1, maxLength: 5 }), expiry: fc.integer({ min: now + 1, max: now + 10_000_000 }) })
    fc.assert(
      fc.property(terms, fc.array(limits, { maxLength: 5 }), fc.array(fc.nat({ max: 4 })), fc.integer({ min: 1, max: now * 2 }), (asked, typed, omitted, expiry) => {
        const lowered = lowerTerms(asked, { limits: { ...typed }, omitted, expiry })
        expect(isNotBroader(compare(asked, lowered))).toBe(true)
        if (lowered.permissions.length === 0) expect(() => agreedTerms(requestOf(asked), { approved: true, terms: lowered })).toThrow(ConsentTermsError)
        else expect(agreedTerms(requestOf(asked), { approved: true, terms: lowered })).toEqual(lowered)
      }),
    )
  })
})

describe('an answer that is not less', () => {
  const asked = { permissions: [erc20Allowance({ token, limit: 1000n }), nativeAllowance({ limit: 5n })], expiry: now + 100 }
  test.each([
    ['more of something', { ...asked, permissions: [erc20Allowance({ token, limit: 1001n }), asked.permissions[1]!] }, 'allows more'],
    ['a later end', { ...asked, expiry: now + 101 }, 'allows more'],
    ['without what the app needs', { ...asked, permissions: [asked.permissions[0]!] }, 'not optional'],
    ['nothing', { ...asked, permissions: [] }, 'not optional'],
  ])('%s is refused', (_, terms, reason) => {
    expect(() => agreedTerms(requestOf(asked), { approved: true, terms })).toThrow(reason)
  })

  test('so is less, where the request cannot be changed', () => {
    const terms = { ...asked, expiry: now + 50 }
    expect(() => agreedTerms(requestOf(asked, false), { approved: true, terms })).toThrow('cannot be changed')
  })
})
