import fc from 'fast-check'
import { encodeFunctionData, erc20Abi, maxUint256, parseAbi, parseUnits, type Address } from 'viem'
import { describe, expect, test } from 'vitest'
import { check } from '../../src/permissions/check.js'
import { contractCall } from '../../src/permissions/contractCall.js'
import { describeExposure } from '../../src/permissions/describeExposure.js'
import { exposureOf } from '../../src/permissions/exposure.js'
import type { Permission } from '../../src/permissions/permission.js'
import { erc20Allowance, erc20Periodic, erc20Stream, erc721Transfer, nativeAllowance, nativePeriodic } from '../../src/permissions/tokenPermissions.js'
import { contracts, metadata, now, people } from './permissionArbitrary.js'

const [sword, gold, usdc, stranger] = contracts as unknown as [Address, Address, Address, Address]
const [shop] = people as unknown as [Address]
const day = 86_400
const expiry = now + 3 * day
const units = (amount: string) => parseUnits(amount, 18)
const options = { metadata, nativeCurrency: { symbol: 'ETH', decimals: 18 }, now, expiry }
const words = (permissions: readonly Permission[], prices = {}) => describeExposure({ permissions, expiry, now, metadata }, { ...options, prices })
const texts = (...permissions: Permission[]) => words(permissions).lines.map(({ text }) => text)
const abi = parseAbi(['function mint(address to)', 'function multicall(bytes[] calls)'])

describe('the worst case', () => {
  test('of a limit that renews, with what it is made of', () => {
    expect(texts(erc20Periodic({ token: gold, limit: units('1000'), period: { days: 1 }, startTime: now }))).toEqual(['at most 3000 GOLD in all: 1000 GOLD per day, 3 times'])
  })

  test('a period that has begun counts whole', () => {
    expect(texts(erc20Periodic({ token: gold, limit: units('10'), period: { days: 2 }, startTime: now }))).toEqual(['at most 20 GOLD in all: 10 GOLD every 2 days, 2 times'])
  })

  test('of a stream: what has flowed by the end, and never more than its maximum', () => {
    expect(texts(erc20Stream({ token: usdc, perSecond: 10n, max: 10n ** 9n, startTime: now }))).toEqual(['at most 2.592 USDC in all'])
    expect(texts(erc20Stream({ token: usdc, perSecond: 10n, max: 10n ** 6n, startTime: now }))).toEqual(['at most 1 USDC in all'])
  })

  test('adds up per token, whoever spends it', () => {
    const approve = contractCall({ address: gold, abi: erc20Abi, functions: [{ name: 'approve', args: [shop, units('5')] }], callLimit: 2 })
    const minting = contractCall({ address: sword, abi, functions: ['mint'], callLimit: 10, valueLimit: units('0.01') })
    expect(texts(erc20Allowance({ token: gold, limit: units('1') }), approve, minting, nativeAllowance({ limit: units('1') }))).toEqual(['at most 11 GOLD in all', 'at most 1.1 ETH in all'])
  })

  test('is said to be without limit in words', () => {
    const free = contractCall({ address: usdc, abi: erc20Abi, functions: ['transfer'], callLimit: 1 })
    expect(texts(erc20Allowance({ token: gold, limit: maxUint256 }), free, contractCall({ address: sword, abi, functions: ['mint'], valueLimit: 1n }))).toEqual([
      'GOLD without limit: all that you have',
      'USDC without limit: all that you have',
      'ETH without limit: all that you have',
    ])
  })

  test('is said to be unknown where nobody can tell', () => {
    const unknown = [contractCall({ address: sword, abi, callLimit: 1 }), contractCall({ address: sword, abi, functions: ['multicall'], callLimit: 1 }), contractCall({ address: stranger, abi: erc20Abi, functions: ['approve'], callLimit: 1 })]
    expect(words([...unknown, contractCall({ address: sword, abi, functions: ['mint'] }), erc721Transfer({ token: sword, tokenId: 1n })])).toEqual({ lines: [], unknown: [0, 1, 2] })
  })

  test('in money, at the price that the app gives; nothing where it gives none', () => {
    const permissions = [erc20Allowance({ token: usdc, limit: 1_500_000_000n }), erc20Allowance({ token: gold, limit: units('1') }), erc20Allowance({ token: stranger, limit: 5n }), nativeAllowance({ limit: maxUint256 })]
    const usd = (perToken: number) => ({ currency: 'USD', perToken })
    expect(words(permissions, { [usdc.toLowerCase()]: usd(1), [stranger.toLowerCase()]: usd(2), native: usd(3000) }).lines.map(({ fiat }) => fiat)).toEqual(['US$1,500.00', undefined, undefined, undefined])
    expect(words(permissions, { [usdc.toLowerCase()]: usd(Number.NaN) }).lines[0]?.fiat).toBeUndefined()
    expect(words(permissions, { [usdc.toLowerCase()]: { currency: 'all your money', perToken: 1 } }).lines[0]?.fiat).toBeUndefined()
  })
})

test('is never less than what the check lets through, however it is spent', () => {
  const limits = { limit: fc.bigInt({ min: 1n, max: 1_000n }), startTime: fc.integer({ min: now, max: now + 50 }) }
  const period = fc.integer({ min: 1, max: 40 })
  const spending: fc.Arbitrary<Permission> = fc.oneof(
    fc.record(limits).map((one) => erc20Allowance({ token: gold, ...one })),
    fc.record({ ...limits, period }).map((one) => ({ type: 'erc20-token-periodic' as const, token: gold, ...one })),
    fc.record({ ...limits, period }).map(({ period: seconds, ...one }) => nativePeriodic({ ...one, period: { seconds } })),
  )
  fc.assert(
    fc.property(fc.array(spending, { minLength: 1, maxLength: 4 }), fc.integer({ min: 1, max: 100 }), (permissions, lifetime) => {
      const until = now + lifetime
      // A thief who takes everything at every second: period by period, as the enforcers count.
      let taken = 0n
      const left = permissions.map((permission) => ({ period: -1, left: (permission as { limit: bigint }).limit }))
      for (let at = now; at < until; at += 1) {
        permissions.forEach((permission, index) => {
          if (!('token' in permission) || !('limit' in permission)) return
          const state = left[index]!
          if ('period' in permission && at >= (permission.startTime ?? now)) {
            const current = Math.floor((at - (permission.startTime ?? now)) / permission.period)
            if (current !== state.period) Object.assign(state, { period: current, left: permission.limit })
          }
          if (state.left === 0n) return
          const data = encodeFunctionData({ abi: erc20Abi, functionName: 'transfer', args: [shop, state.left] })
          const usage = permissions.map((_, other) => (other === index ? { amount: { limit: permission.limit, left: state.left } } : { amount: { limit: 0n, left: 0n } }))
          if (!check({ permissions, expiry: until, now: at, usage, calls: [{ to: gold, value: 0n, data }] }).allowed) return
          taken += state.left
          state.left = 0n
        })
      }
      const { tokens } = exposureOf({ permissions, expiry: until, now })
      expect(tokens.find(({ token }) => token === gold)?.total ?? 0n).toBeGreaterThanOrEqual(taken)
    }),
    { numRuns: 60 },
  )
})
