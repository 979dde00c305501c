import fc from 'fast-check'
import { expect, test } from 'vitest'
import { editableAmount, parseAmount } from '../../src/permissions/parseAmount.js'

test('what is written into a field is read back exactly, in any size and language', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }), fc.nat({ max: 77 }), fc.constantFrom('en-GB', 'de', 'fr-CH', 'ar', 'es'), (value, decimals, locale) => {
      expect(parseAmount(editableAmount(value, decimals, locale), decimals, locale)).toBe(value)
    }),
  )
})

test.each([
  ['1000', 6, 'en-GB', 1_000_000_000n],
  [' 12.5 ', 6, 'en-GB', 12_500_000n],
  ['12,5', 6, 'de', 12_500_000n],
  ['12.5', 6, 'de', 12_500_000n],
  ['1.', 0, 'en-GB', 1n],
  ['٢٥', 0, 'ar', 25n],
  ['٢٫٥', 1, 'ar', 25n],
  // A thousand to some, one to others.
  ['1,000', 6, 'en-GB', undefined],
  ['1.000,5', 6, 'de', undefined],
  ['1.000', 6, 'es', undefined],
  ['125.000', 6, 'de', undefined],
  ['0.125', 6, 'es', 125_000n],
  ['1.0005', 6, 'es', 1_000_500n],
  ['1.000', 6, 'ar', 1_000_000n],
  ['1.5', 0, 'en-GB', undefined],
  ['0.0000001', 6, 'en-GB', undefined],
  ['', 6, 'en-GB', undefined],
  ['-1', 6, 'en-GB', undefined],
  ['1e9', 6, 'en-GB', undefined],
  ['0x10', 6, 'en-GB', undefined],
  ['ten', 6, 'en-GB', undefined],
] as const)('%j with %i decimals in %s', (text, decimals, locale, value) => {
  expect(parseAmount(text, decimals, locale)).toBe(value)
})
