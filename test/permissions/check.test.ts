import fc from 'fast-check'
import { encodeFunctionData, erc20Abi, getAddress, parseAbi, parseEther, type Address, type Hex } from 'viem'
import { describe, expect, test } from 'vitest'
import { check, untouched, type Call, type PermissionUsage, type Refusal } from '../../src/permissions/check.js'
import { contractCall } from '../../src/permissions/contractCall.js'
import type { Permission } from '../../src/permissions/permission.js'
import {
  erc20Allowance,
  erc20Periodic,
  erc20Stream,
  erc721Transfer,
  nativeAllowance,
  nativePeriodic,
  nativeStream,
} from '../../src/permissions/tokenPermissions.js'

const sword: Address = '0x5FbDB2315678afecb367f032d93F642f64180aa3'
const gold: Address = '0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512'
const shop: Address = '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC'
const stranger: Address = '0x9fE46736679d2D9a65F0992F2272dE9f3c7fa6e0'
const player: Address = '0x90F79bf6EB2c4f870365E785982E1f101E93b906'

const now = 1_800_000_000
const expiry = now + 86_400
const swordAbi = parseAbi(['function mint(address to) payable', 'function burn(uint256 id)', 'function craft(uint256 id, address to)'])
const nftAbi = parseAbi([
  'function transferFrom(address from, address to, uint256 id)',
  'function safeTransferFrom(address from, address to, uint256 id)',
  'function safeTransferFrom(address from, address to, uint256 id, bytes data)',
  'function approve(address to, uint256 id)',
])

const mint = (to = player, value = 0n): Call => ({ to: sword, value, data: encodeFunctionData({ abi: swordAbi, functionName: 'mint', args: [to] }) })
const burn = (id: bigint): Call => ({ to: sword, value: 0n, data: encodeFunctionData({ abi: swordAbi, functionName: 'burn', args: [id] }) })
const craft = (id: bigint, to: Address): Call => ({ to: sword, value: 0n, data: encodeFunctionData({ abi: swordAbi, functionName: 'craft', args: [id, to] }) })
const pay = (amount: bigint, to = shop): Call => ({ to: gold, value: 0n, data: encodeFunctionData({ abi: erc20Abi, functionName: 'transfer', args: [to, amount] }) })
const send = (value: bigint, to = shop): Call => ({ to, value, data: '0x' })

function ask(permissions: readonly Permission[], calls: readonly Call[], options: { now?: number; usage?: readonly PermissionUsage[] } = {}) {
  return check({ permissions, expiry, calls, now, ...options })
}
const refusals = (permissions: readonly Permission[], calls: readonly Call[], options?: Parameters<typeof ask>[2]): readonly Refusal[] => {
  const verdict = ask(permissions, calls, options)
  return verdict.allowed ? [] : verdict.refusals
}
const allowed = (permissions: readonly Permission[], calls: readonly Call[], options?: Parameters<typeof ask>[2]) =>
  expect(ask(permissions, calls, options)).toEqual({ allowed: true, covers: calls.map(() => expect.anything()) })

describe('time', () => {
  const anything = [contractCall({ address: sword, abi: swordAbi })]

  test('the second before the expiry is the last', () => {
    allowed(anything, [mint()], { now: expiry - 1 })
    for (const late of [expiry, expiry + 1]) expect(refusals(anything, [mint()], { now: late })).toEqual([{ call: 0, reason: 'expired', expiry }])
  })

  test.each([
    [contractCall({ address: sword, abi: swordAbi, startTime: now + 10 }), mint()],
    [erc20Allowance({ token: gold, limit: 5n, startTime: now + 10 }), pay(1n)],
    [erc20Periodic({ token: gold, limit: 5n, period: { days: 1 }, startTime: now + 10 }), pay(1n)],
    [nativeStream({ perSecond: 1n, initial: 5n, max: 5n, startTime: now + 10 }), send(1n)],
    [erc721Transfer({ token: sword, tokenId: 7n, startTime: now + 10 }), { to: sword, value: 0n, data: encodeFunctionData({ abi: nftAbi, functionName: 'transferFrom', args: [player, shop, 7n] }) }],
  ] as const)('of $type, the start itself is the first', (permission, call) => {
    expect(refusals([permission], [call], { now: now + 9 })).toEqual([{ call: 0, reason: 'not-started', startTime: now + 10, permission: 0 }])
    allowed([permission], [call], { now: now + 10 })
  })
})

test('a transfer of nothing goes through before a stream begins: its enforcer holds back amounts only', () => {
  const usage = [{ amount: { limit: 5n, left: 0n } }]
  for (const [stream, nothing, something] of [
    [nativeStream({ perSecond: 1n, initial: 5n, max: 5n, startTime: now + 10 }), send(0n), send(1n)],
    [erc20Stream({ token: gold, perSecond: 1n, initial: 5n, max: 5n, startTime: now + 10 }), pay(0n), pay(1n)],
  ] as const) {
    allowed([stream], [nothing], { usage })
    expect(refusals([stream], [something], { usage })).toMatchObject([{ reason: 'not-started' }])
  }
})

describe('a contract', () => {
  const whole = contractCall({ address: sword, abi: swordAbi })
  const mintOnly = contractCall({ address: sword, abi: swordAbi, functions: ['mint'] })
  const pinned = contractCall({ address: sword, abi: swordAbi, functions: [{ name: 'craft', args: [7n, undefined] }] })

  test('another one is refused', () => {
    expect(refusals([whole], [pay(1n)])).toEqual([{ call: 0, reason: 'contract-not-allowed', to: gold }])
  })

  test('the whole contract means every function of it, and none', () => {
    for (const call of [mint(), burn(1n), { to: sword, value: 0n, data: '0x' }, { to: sword, value: 0n, data: '0xdeadbeef' }] as const) allowed([whole], [call])
  })

  test('letter case of its address does not count', () => {
    allowed([{ ...whole, address: sword.toLowerCase() as Address }], [mint()])
    allowed([whole], [{ ...mint(), to: sword.toLowerCase() as Address }])
  })

  test('another function is refused, also one too short to be one', () => {
    expect(refusals([mintOnly], [burn(1n)])).toEqual([{ call: 0, reason: 'function-not-allowed', to: sword, selector: burn(1n).data.slice(0, 10), permission: 0 }])
    for (const data of ['0x', '0x6a6278'] as const) {
      expect(refusals([mintOnly], [{ to: sword, value: 0n, data }])).toEqual([{ call: 0, reason: 'function-not-allowed', to: sword, selector: '0x', permission: 0 }])
    }
  })

  test('a pinned argument is refused with another value, a free one is not', () => {
    allowed([pinned], [craft(7n, player), craft(7n, stranger)])
    expect(refusals([pinned], [craft(8n, player)])).toEqual([
      expect.objectContaining({ call: 0, reason: 'argument-not-allowed', to: sword, selector: craft(8n, player).data.slice(0, 10), permission: 0 }),
    ])
  })

  test('no native token, unless it was allowed, and then per call', () => {
    expect(refusals([mintOnly], [mint(player, 1n)])).toEqual([{ call: 0, reason: 'value-too-high', limit: 0n, value: 1n, permission: 0 }])
    const payable = contractCall({ address: sword, abi: swordAbi, functions: ['mint'], valueLimit: parseEther('1') })
    allowed([payable], [mint(player, parseEther('1')), mint(player, parseEther('1'))])
    expect(refusals([payable], [mint(player, parseEther('1') + 1n)])).toMatchObject([{ reason: 'value-too-high', limit: parseEther('1') }])
  })

  test('calls are counted over the batch, whatever function they are of', () => {
    const three = contractCall({ address: sword, abi: swordAbi, functions: ['mint', { name: 'burn', args: [1n] }], callLimit: 3 })
    allowed([three], [mint(), burn(1n), mint()])
    expect(refusals([three], [mint(), burn(1n), mint(), burn(1n), mint()])).toEqual([
      { call: 3, reason: 'call-limit-exceeded', limit: 3, permission: 0 },
      { call: 4, reason: 'call-limit-exceeded', limit: 3, permission: 0 },
    ])
  })

  test('calls made before count too', () => {
    const three = contractCall({ address: sword, abi: swordAbi, callLimit: 3 })
    const usage = [{ calls: { limit: 3, left: 1 } }]
    allowed([three], [mint()], { usage })
    expect(refusals([three], [mint(), mint()], { usage })).toEqual([{ call: 1, reason: 'call-limit-exceeded', limit: 3, permission: 0 }])
    expect(usage).toEqual([{ calls: { limit: 3, left: 1 } }]) // asking spends nothing
  })

  test('a limit of which it is not known how much is left: a batch is held to what may be made at once', () => {
    const three = contractCall({ address: sword, abi: swordAbi, callLimit: 3 })
    const uncounted = (atOnce?: number) => ({ usage: [{ calls: { limit: 3, left: undefined, ...(atOnce === undefined ? {} : { atOnce }) } }] })
    const mints = (count: number) => Array.from({ length: count }, () => mint())
    for (const [atOnce, most] of [[undefined, 3], [1, 1], [0, 0]] as const) {
      if (most > 0) allowed([three], mints(most), uncounted(atOnce))
      expect(refusals([three], mints(most + 1), uncounted(atOnce))).toEqual([{ call: most, reason: 'call-limit-exceeded', limit: 3, atOnce: most, permission: 0 }])
    }
    expect(refusals([three], mints(3), { usage: [{ calls: { limit: 3, left: 2 } }] })).toEqual([{ call: 2, reason: 'call-limit-exceeded', limit: 3, permission: 0 }])
  })

  test('the group of functions that covers the call is named, where there are several', () => {
    const groups = contractCall({ address: sword, abi: swordAbi, functions: [{ name: 'burn', args: [1n] }, 'mint', { name: 'burn', args: [2n] }] })
    expect(ask([groups], [burn(2n), mint(), burn(1n)])).toEqual({
      allowed: true,
      covers: [{ permission: 0, group: 2 }, { permission: 0, group: 0 }, { permission: 0, group: 1 }],
    })
    expect(ask([mintOnly], [mint()])).toEqual({ allowed: true, covers: [{ permission: 0 }] })
  })
})

describe('several permissions that overlap', () => {
  const [ten, five] = [erc20Allowance({ token: gold, limit: 10n }), erc20Allowance({ token: gold, limit: 5n })]

  test('a call goes to another one where it would take the room of a later call', () => {
    expect(ask([ten, five], [pay(5n), pay(10n)])).toEqual({ allowed: true, covers: [{ permission: 1 }, { permission: 0 }] })
    const [any, mintOnly] = [contractCall({ address: sword, abi: swordAbi, callLimit: 1 }), contractCall({ address: sword, abi: swordAbi, functions: ['mint'], callLimit: 1 })]
    expect(ask([any, mintOnly], [mint(), burn(1n)])).toEqual({ allowed: true, covers: [{ permission: 1 }, { permission: 0 }] })
  })

  test('what no sharing out makes room for is refused as if there were none', () => {
    expect(refusals([ten, five], [pay(8n), pay(8n)])).toEqual([expect.objectContaining({ call: 1, reason: 'spend-limit-exceeded', wanted: 8n })])
  })

  test('more ways than can be tried: refused, and said to be undecided', () => {
    const limit = 14n * 10n ** 15n
    const calls = Array.from({ length: 40 }, (_, index) => pay(2n ** BigInt(index) * 2n + 10n ** 15n))
    expect(ask([limit, limit - 10n ** 15n, limit - 10n ** 15n].map((one) => erc20Allowance({ token: gold, limit: one })), calls)).toMatchObject({ allowed: false, undecided: true })
  })

  test('one that counts as not there covers nothing, and keeps its index', () => {
    expect(check({ permissions: [ten, five], expiry, calls: [pay(5n)], now, without: new Set([0]) })).toEqual({ allowed: true, covers: [{ permission: 1 }] })
    expect(check({ permissions: [ten, five], expiry, calls: [pay(6n)], now, without: new Set([0]) })).toMatchObject({ allowed: false, refusals: [{ permission: 1 }] })
  })
})

test('a stream whose sum is no number any more allows nothing, not even a transfer of nothing', () => {
  const stream = erc20Stream({ token: gold, initial: 5n, perSecond: 2n ** 255n, max: 10n, startTime: now - 1 })
  const usage = [{ amount: { limit: 10n, left: 10n } }]
  allowed([stream], [pay(0n)], { usage })
  expect(refusals([stream], [pay(0n)], { usage, now: now + 1 })).toMatchObject([{ reason: 'spend-limit-exceeded', wanted: 0n }])
})

describe.each([
  ['allowance', erc20Allowance({ token: gold, limit: 100n }), erc20Allowance({ token: gold, limit: 100n, payee: shop })],
  ['periodic', erc20Periodic({ token: gold, limit: 100n, period: { days: 1 }, startTime: now }), erc20Periodic({ token: gold, limit: 100n, period: { days: 1 }, startTime: now, payee: shop })],
  ['stream', erc20Stream({ token: gold, initial: 100n, perSecond: 0n, max: 100n, startTime: now }), erc20Stream({ token: gold, initial: 100n, perSecond: 0n, max: 100n, startTime: now, payee: shop })],
] as const)('an ERC-20 %s', (_what, permission, withPayee) => {
  test('allows transfers up to what is left', () => {
    allowed([permission], [pay(100n)])
    expect(refusals([permission], [pay(101n)])).toEqual([
      { call: 0, reason: 'spend-limit-exceeded', token: gold, limit: 100n, left: 100n, wanted: 101n, permission: 0 },
    ])
  })

  test('adds up the batch', () => {
    allowed([permission], [pay(60n), pay(40n), pay(0n)])
    expect(refusals([permission], [pay(60n), pay(41n), pay(40n)])).toEqual([
      { call: 1, reason: 'spend-limit-exceeded', token: gold, limit: 100n, left: 40n, wanted: 41n, permission: 0 },
    ])
  })

  test('counts what was spent before', () => {
    const usage = [{ amount: { limit: 100n, left: 5n } }]
    allowed([permission], [pay(5n)], { usage })
    expect(refusals([permission], [pay(6n)], { usage })).toMatchObject([{ reason: 'spend-limit-exceeded', limit: 100n, left: 5n, wanted: 6n }])
  })

  test('a sum past 2^256 does not wrap around', () => {
    const largest = 2n ** 256n - 1n
    const usage = [{ amount: { limit: largest, left: largest } }]
    expect(refusals([permission], [pay(largest), pay(2n)], { usage })).toMatchObject([{ call: 1, reason: 'spend-limit-exceeded', left: 0n }])
  })

  test('allows nothing but transfer, with exactly its two arguments', () => {
    const approve = encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args: [shop, 1n] })
    const transferFrom = encodeFunctionData({ abi: erc20Abi, functionName: 'transferFrom', args: [player, shop, 1n] })
    const { data } = pay(1n)
    for (const other of [approve, transferFrom, `${data}00`, data.slice(0, -2), data.slice(0, 10), '0x'] as Hex[]) {
      expect(refusals([permission], [{ to: gold, value: 0n, data: other }])).toMatchObject([{ reason: 'function-not-allowed', to: gold, permission: 0 }])
    }
  })

  test('is for one token, and carries no native token', () => {
    expect(refusals([permission], [{ ...pay(1n), to: sword }])).toEqual([{ call: 0, reason: 'contract-not-allowed', to: sword }])
    expect(refusals([permission], [{ ...pay(1n), value: 1n }])).toEqual([{ call: 0, reason: 'value-too-high', limit: 0n, value: 1n, permission: 0 }])
  })

  test('pays only the payee, however the address is written', () => {
    allowed([withPayee], [pay(1n, shop)])
    allowed([{ ...withPayee, payee: shop.toLowerCase() as Address }], [pay(1n, shop)])
    expect(refusals([withPayee], [pay(1n, stranger)])).toEqual([
      { call: 0, reason: 'payee-not-allowed', payee: stranger.toLowerCase(), permission: 0 },
    ])
  })
})

describe.each([
  ['allowance', nativeAllowance({ limit: 100n }), nativeAllowance({ limit: 100n, payee: shop })],
  ['periodic', nativePeriodic({ limit: 100n, period: { days: 1 }, startTime: now }), nativePeriodic({ limit: 100n, period: { days: 1 }, startTime: now, payee: shop })],
  ['stream', nativeStream({ initial: 100n, perSecond: 0n, max: 100n, startTime: now }), nativeStream({ initial: 100n, perSecond: 0n, max: 100n, startTime: now, payee: shop })],
] as const)('a native %s', (_what, permission, withPayee) => {
  test('allows plain transfers up to what is left, over the batch', () => {
    allowed([permission], [send(60n), send(40n, stranger)])
    expect(refusals([permission], [send(60n), send(41n)])).toEqual([
      { call: 1, reason: 'spend-limit-exceeded', token: 'native', limit: 100n, left: 40n, wanted: 41n, permission: 0 },
    ])
  })

  test('never calls a function, not even without value', () => {
    expect(refusals([permission], [mint(player, 1n)])).toEqual([{ call: 0, reason: 'contract-not-allowed', to: sword }])
    expect(refusals([permission], [{ to: shop, value: 0n, data: '0x00' }])).toEqual([{ call: 0, reason: 'contract-not-allowed', to: shop }])
  })

  test('pays only the payee', () => {
    allowed([withPayee], [send(1n, shop.toLowerCase() as Address)])
    expect(refusals([withPayee], [send(1n, stranger)])).toEqual([{ call: 0, reason: 'payee-not-allowed', payee: stranger, permission: 0 }])
  })
})

describe('an ERC-721 token', () => {
  const permission = erc721Transfer({ token: sword, tokenId: 7n })
  const call = (data: Hex): Call => ({ to: sword, value: 0n, data })

  test.each([
    ['transferFrom', encodeFunctionData({ abi: nftAbi, functionName: 'transferFrom', args: [player, shop, 7n] })],
    ['safeTransferFrom', encodeFunctionData({ abi: nftAbi, functionName: 'safeTransferFrom', args: [player, shop, 7n] })],
    ['safeTransferFrom with data', encodeFunctionData({ abi: nftAbi, functionName: 'safeTransferFrom', args: [player, shop, 7n, '0x1234'] })],
  ])('may be moved by %s', (_name, data) => allowed([permission], [call(data)]))

  test('another one of the collection may not', () => {
    const data = encodeFunctionData({ abi: nftAbi, functionName: 'transferFrom', args: [player, shop, 8n] })
    expect(refusals([permission], [call(data)])).toMatchObject([{ reason: 'argument-not-allowed', permission: 0 }])
  })

  test('may not be approved, nor moved by cut-off calldata', () => {
    const whole = encodeFunctionData({ abi: nftAbi, functionName: 'transferFrom', args: [player, shop, 7n] })
    for (const data of [encodeFunctionData({ abi: nftAbi, functionName: 'approve', args: [shop, 7n] }), whole.slice(0, -2) as Hex, '0x' as Hex]) {
      expect(refusals([permission], [call(data)])).toMatchObject([{ reason: 'function-not-allowed', permission: 0 }])
    }
  })

  test('of another collection, or with value, may not', () => {
    const data = encodeFunctionData({ abi: nftAbi, functionName: 'transferFrom', args: [player, shop, 7n] })
    expect(refusals([permission], [{ to: gold, value: 0n, data }])).toEqual([{ call: 0, reason: 'contract-not-allowed', to: gold }])
    expect(refusals([permission], [{ to: sword, value: 1n, data }])).toMatchObject([{ reason: 'value-too-high', limit: 0n, value: 1n }])
  })
})

describe('several permissions', () => {
  const small = erc20Allowance({ token: gold, limit: 10n })
  const large = erc20Allowance({ token: gold, limit: 100n })
  const forShop = erc20Allowance({ token: gold, limit: 50n, payee: shop })

  test('each call goes to the first that still has room for it', () => {
    expect(ask([small, large], [pay(10n), pay(1n), pay(90n), pay(9n)])).toEqual({ allowed: true, covers: [{ permission: 0 }, { permission: 1 }, { permission: 1 }, { permission: 1 }] })
    expect(ask([small, large], [pay(11n), pay(10n)])).toEqual({ allowed: true, covers: [{ permission: 1 }, { permission: 0 }] })
  })

  test('one call is never split between two', () => {
    expect(refusals([small, large], [pay(105n)])).toMatchObject([{ reason: 'spend-limit-exceeded', wanted: 105n }])
  })

  test('any of them may cover any call of the batch', () => {
    const mints = contractCall({ address: sword, abi: swordAbi, functions: ['mint'], callLimit: 1 })
    expect(ask([forShop, mints, nativeAllowance({ limit: 5n })], [mint(), send(5n, stranger), pay(50n, shop)])).toEqual({
      allowed: true,
      covers: [{ permission: 1 }, { permission: 2 }, { permission: 0 }],
    })
  })

  test('a counter belongs to its permission alone', () => {
    const one = contractCall({ address: sword, abi: swordAbi, functions: ['mint'], callLimit: 1 })
    const two = contractCall({ address: sword, abi: swordAbi, callLimit: 2 })
    expect(ask([one, two], [mint(), mint(), mint()])).toEqual({ allowed: true, covers: [{ permission: 0 }, { permission: 1 }, { permission: 1 }] })
    expect(refusals([one, two], [mint(), mint(), mint(), mint()])).toMatchObject([{ call: 3, reason: 'call-limit-exceeded' }])
  })

  test('the refusal is that of the permission that came nearest', () => {
    const native = nativeAllowance({ limit: 5n })
    const mints = contractCall({ address: sword, abi: swordAbi, functions: ['mint'] })
    expect(refusals([native, mints, forShop], [pay(1n, stranger)])).toMatchObject([{ reason: 'payee-not-allowed', permission: 2 }])
    expect(refusals([native, mints, forShop], [burn(1n)])).toMatchObject([{ reason: 'function-not-allowed', permission: 1 }])
    expect(refusals([forShop, small], [pay(11n, stranger)])).toMatchObject([{ reason: 'spend-limit-exceeded', permission: 1, left: 10n }])
  })

  test('every refused call is listed, and one refused call refuses the batch', () => {
    const verdict = ask([small], [pay(1n), burn(1n), pay(2n), send(1n)])
    expect(verdict).toMatchObject({ allowed: false, refusals: [{ call: 1 }, { call: 3 }] })
    expect(verdict).not.toHaveProperty('covers')
  })

  test('no permission allows nothing', () => {
    expect(refusals([], [mint()])).toEqual([{ call: 0, reason: 'contract-not-allowed', to: sword }])
  })
})

describe('whatever is asked', () => {
  const amounts = fc.bigInt({ min: 0n, max: 50n })
  const payees = fc.constantFrom(shop, stranger)
  const calls = fc.array(fc.record({ amount: amounts, to: payees }), { maxLength: 8 })
  const permissions = fc.array(fc.record({ limit: fc.bigInt({ min: 1n, max: 120n }), payee: fc.option(payees, { nil: undefined }), left: fc.bigInt({ min: 0n, max: 120n }) }), { minLength: 1, maxLength: 4 })

  test('one ERC-20 allowance is never overdrawn, and a batch within it is never refused', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 200n }), calls, (limit, payments) => {
        const sum = payments.reduce((total, { amount }) => total + amount, 0n)
        expect(ask([erc20Allowance({ token: gold, limit })], payments.map(({ amount, to }) => pay(amount, to))).allowed).toBe(sum <= limit)
      }),
      { numRuns: 500 },
    )
  })

  test('what is allowed stays within what each enforcer would count, and goes to the first that has room, one payee before all, where that leaves room for all', () => {
    fc.assert(
      fc.property(permissions, calls, (given, payments) => {
        const list = given.map(({ limit, payee }) => erc20Allowance({ token: gold, limit, ...(payee ? { payee } : {}) }))
        const usage = given.map(({ limit, left }) => ({ amount: { limit, left: left < limit ? left : limit } }))
        const verdict = ask(list, payments.map(({ amount, to }) => pay(amount, to)), { usage })

        // The enforcers' own bookkeeping, call by call.
        const left = usage.map(({ amount }) => amount.left)
        const first = payments.map(({ amount, to }) => {
          const fits = (payee: unknown) => given.findIndex((one, at) => one.payee === payee && (left[at] ?? 0n) >= amount)
          const index = fits(to) >= 0 ? fits(to) : fits(undefined)
          if (index >= 0) left[index] = (left[index] ?? 0n) - amount
          return index
        })
        expect(left.every((amount) => amount >= 0n)).toBe(true)
        if (!first.includes(-1)) expect(verdict).toEqual({ allowed: true, covers: first.map((permission) => ({ permission })) })
        else if (verdict.allowed) {
          given.forEach(({ payee }, at) => {
            const own = payments.filter((_, call) => verdict.covers[call]?.permission === at)
            expect(own.reduce((sum, { amount }) => sum + amount, 0n)).toBeLessThanOrEqual(usage[at]?.amount.left ?? 0n)
            expect(own.every(({ to }) => payee === undefined || payee === to)).toBe(true)
          })
        } else expect(verdict.refusals.map(({ call }) => call)).toEqual(first.flatMap((index, call) => (index < 0 ? [call] : [])))
      }),
      { numRuns: 500 },
    )
  })

  test('calls that no permission names are never allowed', () => {
    const address = fc.uint8Array({ minLength: 20, maxLength: 20 }).map((bytes) => getAddress(`0x${Buffer.from(bytes).toString('hex')}`))
    const data = fc.uint8Array({ maxLength: 120 }).map((bytes): Hex => `0x${Buffer.from(bytes).toString('hex')}`)
    const list = [
      contractCall({ address: sword, abi: swordAbi, functions: ['mint'], valueLimit: 5n }),
      erc20Allowance({ token: gold, limit: 100n }),
      erc721Transfer({ token: gold, tokenId: 7n }),
      nativeAllowance({ limit: 5n, payee: shop }),
    ]
    fc.assert(
      fc.property(fc.oneof(address, fc.constantFrom(sword, gold, shop)), data, fc.bigInt({ min: 0n, max: 10n }), (to, bytes, value) => {
        const known =
          (to === sword && bytes.startsWith(mint().data.slice(0, 10)) && value <= 5n) ||
          (to === gold && /^0x(a9059cbb|23b872dd|42842e0e|b88d4fde)/.test(bytes)) ||
          (to === shop && bytes === '0x' && value <= 5n)
        fc.pre(!known)
        expect(ask(list, [{ to, value, data: bytes }]).allowed).toBe(false)
      }),
      { numRuns: 500 },
    )
  })
})

test('a permission nobody has used has its whole limit left; a stream what it starts with', () => {
  expect(untouched(contractCall({ address: sword, abi: swordAbi, callLimit: 3 }))).toEqual({ calls: { limit: 3, left: 3 } })
  expect(untouched(contractCall({ address: sword, abi: swordAbi }))).toEqual({})
  expect(untouched(erc721Transfer({ token: sword, tokenId: 7n }))).toEqual({})
  for (const permission of [erc20Allowance({ token: gold, limit: 9n }), nativePeriodic({ limit: 9n, period: { days: 1 } })]) {
    expect(untouched(permission)).toEqual({ amount: { limit: 9n, left: 9n } })
  }
  expect(untouched(nativeStream({ initial: 2n, perSecond: 1n, max: 9n }))).toEqual({ amount: { limit: 9n, left: 2n } })
})
