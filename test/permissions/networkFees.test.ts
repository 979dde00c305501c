import { parseUnits, type Address } from 'viem'
import { describe, expect, test } from 'vitest'
import { ar } from '../../src/locales/ar/index.js'
import { es } from '../../src/locales/es/index.js'
import { check } from '../../src/permissions/check.js'
import { describePermission, describeSession } from '../../src/permissions/describe.js'
import { networkFees } from '../../src/permissions/networkFees.js'
import { erc20Allowance } from '../../src/permissions/tokenPermissions.js'

const token: Address = '0x1111111111111111111111111111111111111111'
const feeCollector: Address = '0x2222222222222222222222222222222222222222'
const limit = parseUnits('5', 6)
const options = { metadata: { [token]: { symbol: 'USDC', decimals: 6 } }, feeCollectors: [feeCollector] }
const summary = (permission: Parameters<typeof describePermission>[0], more: object = {}) => describePermission(permission, { ...options, ...more }).summary

test('network fees are an allowance, or one per period, that only the relay can be paid out of', () => {
  expect(networkFees({ token, feeCollector, limit })).toEqual({ type: 'erc20-token-allowance', token, limit, payee: feeCollector })
  expect(networkFees({ token, feeCollector, limit, period: { days: 1 }, minFee: 1n })).toEqual({ type: 'erc20-token-periodic', token, limit, payee: feeCollector, period: 86_400 })
})

test('the relay’s fee is taken from them before it is taken from what serves everybody', () => {
  const data = `0xa9059cbb${feeCollector.slice(2).padStart(64, '0')}${limit.toString(16).padStart(64, '0')}` as const
  const permissions = [erc20Allowance({ token, limit: limit * 2n }), networkFees({ token, feeCollector, limit })]
  expect(check({ permissions, expiry: 2, now: 1, calls: [{ to: token, value: 0n, data }] })).toEqual({ allowed: true, covers: [{ permission: 1 }] })
})

describe('in words', () => {
  test.each([
    ['en', undefined, 'pay network fees, at most 5 USDC in total, only to 0x2222…2222', 'pay network fees, at most 5 USDC per day, only to 0x2222…2222'],
    ['es', es, 'pagar tarifas de red, como máximo 5 USDC en total, solo a 0x2222…2222', 'pagar tarifas de red, como máximo 5 USDC por día, solo a 0x2222…2222'],
  ])('%s', (_, messages, total, daily) => {
    expect(summary(networkFees({ token, feeCollector, limit }), { messages })).toBe(total)
    expect(summary(networkFees({ token, feeCollector, limit, period: { days: 1 } }), { messages })).toBe(daily)
  })

  test('ar', () => {
    expect(summary(networkFees({ token, feeCollector, limit }), { messages: ar })).toMatch(/^دفع رسوم الشبكة بما لا يزيد على .*5.* إجمالًا/u)
  })

  test('in a sentence with the others', () => {
    const permissions = [networkFees({ token, feeCollector, limit })]
    expect(describeSession({ ...options, appName: 'Shop', permissions, expiry: 200_000, now: 0, timeZone: 'UTC' })).toMatch(/^Shop may pay network fees, at most 5 USDC \(only to 0x2222…2222\) until/)
  })

  test('only what a relay says is its own is called a fee: another payee, or none, is spending', () => {
    const other: Address = '0x3333333333333333333333333333333333333333'
    expect(summary(networkFees({ token, feeCollector: other, limit }))).toBe('spend up to 5 USDC in total, only to 0x3333…3333')
    expect(summary(erc20Allowance({ token, limit }))).toBe('spend up to 5 USDC in total')
    expect(summary(networkFees({ token, feeCollector, limit }), { feeCollectors: undefined })).toBe('spend up to 5 USDC in total, only to 0x2222…2222')
  })

  test('without a limit they are said to be without one', () => {
    const { summary, warnings } = describePermission(networkFees({ token, feeCollector, limit: 2n ** 256n - 1n }), options)
    expect(summary).toContain('without limit')
    expect(warnings).toHaveLength(1)
  })
})
