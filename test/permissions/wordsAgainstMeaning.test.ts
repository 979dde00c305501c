/**
 * What the words say is read back out of them and held against the local check, which mirrors the enforcers: the words may claim no
 * limit that is not kept, and hide nothing that is allowed.
 */
import fc from 'fast-check'
import { decodeFunctionData, encodeFunctionData, erc20Abi, maxUint256, parseAbi, type Address, type Hex } from 'viem'
import { describe, expect, test } from 'vitest'
import { check, type Call } from '../../src/permissions/check.js'
import { describePermission, describeSession } from '../../src/permissions/describe.js'
import { shortAddress } from '../../src/permissions/description.js'
import { calldataScope } from '../../src/permissions/pinnedCalldata.js'
import type { ContractCallPermission, FunctionScope, Permission } from '../../src/permissions/permission.js'
import { risksOf } from '../../src/permissions/risks.js'
import { contracts, metadata, now, people, permission } from './permissionArbitrary.js'

const [shop, thief] = people as unknown as [Address, Address]
const nobody: Address = '0x000000000000000000000000000000000000bEEF'
const expiry = now + 40 * 86_400
const options = { metadata, nativeCurrency: { symbol: 'ETH', decimals: 18 }, timeZone: 'UTC', locale: 'en-GB', now, expiry }
const half = 2n ** 255n

const decimalsOf = (token: Address | 'native') => (token === 'native' ? 18 : (metadata[token.toLowerCase()] as { decimals?: number } | undefined)?.decimals)
const allowed = (one: Permission, call: Call, at = startOf(one)) => check({ permissions: [one], expiry, calls: [call], now: at }).allowed
const startOf = ({ startTime }: Permission) => Math.max(startTime ?? now, now)

/** A number as it is written, in the smallest unit. */
function readAmount(text: string, decimals: number | undefined, raw: string | undefined): bigint {
  expect(raw !== undefined, 'raw units are said to be raw').toBe(decimals === undefined)
  const [whole = '', fraction = ''] = text.replaceAll(',', '').split('.')
  return BigInt(whole + fraction.padEnd(decimals ?? 0, '0'))
}

const number = String.raw`(\d[\d,]*(?:\.\d+)?) (raw units of )?`

function readTimes(text: string): number | undefined {
  if (/\bat most once\b/.test(text)) return 1
  if (/\bat most twice\b/.test(text)) return 2
  const [, count] = /\bat most ([\d,]+) times\b/.exec(text) ?? []
  if (count) return Number(count.replaceAll(',', ''))
  expect(text).toMatch(/any number of times|no limit/)
  return undefined
}

const unitSeconds = { second: 1, minute: 60, hour: 3_600, day: 86_400, week: 604_800 }
type Unit = keyof typeof unitSeconds

function readPeriod(text: string): number {
  const [, single] = /\bper (second|minute|hour|day|week)\b/.exec(text) ?? []
  if (single) return unitSeconds[single as Unit]
  const [, parts = ''] = /\bevery ((?:[\d,]+ (?:second|minute|hour|day)s?(?:, )?)+)/.exec(text) ?? []
  return [...parts.matchAll(/([\d,]+) (second|minute|hour|day)/g)].reduce((total, [, count, unit]) => total + Number(count?.replaceAll(',', '')) * unitSeconds[unit as Unit], 0)
}

type Spending = Exclude<Permission, { type: 'contract-call' | 'erc721-token-transfer' }>

function spend(one: Spending, to: Address, amount: bigint): Call {
  return 'token' in one
    ? { to: one.token, value: 0n, data: encodeFunctionData({ abi: erc20Abi, functionName: 'transfer', args: [to, amount] }) }
    : { to, value: amount, data: '0x' }
}

function holdSpendingToItsWords(one: Spending, text: string) {
  const token = 'token' in one ? one.token : 'native'
  const decimals = decimalsOf(token)
  const payee = one.payee ?? shop
  const [, most, raw] = new RegExp(`spend up to ${number}`).exec(text) ?? []
  const limit = most === undefined ? undefined : readAmount(most, decimals, raw)

  if ('perSecond' in one) {
    const [, ceiling, rawCeiling] = new RegExp(`${number}\\S+(?: \\S+)? at most`).exec(text) ?? []
    if (ceiling === undefined) expect(one.max).toBeGreaterThanOrEqual(half)
    else expect(readAmount(ceiling, decimals, rawCeiling)).toBe(one.max)
    if (/ at once /.test(text) && limit !== undefined) {
      expect(allowed(one, spend(one, payee, limit))).toBe(true)
      expect(allowed(one, spend(one, payee, limit + 1n))).toBe(false)
    } else if (!/without limit/.test(text)) {
      expect(allowed(one, spend(one, payee, 1n)), 'nothing at once').toBe(false)
    }
  } else if (limit === undefined) {
    expect(text).toMatch(/spend .+ without limit/)
    expect(one.limit, 'what has a limit is said with it').toBeGreaterThanOrEqual(half)
  } else {
    expect(allowed(one, spend(one, payee, limit)), 'all of it').toBe(true)
    expect(allowed(one, spend(one, payee, limit + 1n)), 'one more').toBe(false)
  }
  if ('period' in one) expect(readPeriod(text)).toBe(one.period)

  const [, only] = /only to (0x\w{4}…\w{4})/.exec(text) ?? []
  const least = 'perSecond' in one ? one.initial > 0n : true
  if (only) expect(shortAddress(payee)).toBe(only)
  if (least) expect(allowed(one, spend(one, nobody, 1n)), 'anybody else').toBe(only === undefined)
}

const abi = parseAbi([
  'function mint(address to)',
  'function craft(uint256 id)',
  'function sharpen()',
  'function approve(address spender, uint256 amount)',
  'function increaseAllowance(address spender, uint256 added)',
  'function transfer(address to, uint256 amount)',
  'function transferFrom(address from, address to, uint256 amount)',
  'function setApprovalForAll(address operator, bool approved)',
  'function transferOwnership(address to)',
  'function neverAskedFor(address to)',
])

/** How the words name a function. */
const verbs: Record<string, RegExp> = {
  approve: /\bapprove\b/,
  increaseAllowance: /\braise by\b|\bincreaseAllowance\b/,
  setApprovalForAll: /\b(approve|take back the approval of|setApprovalForAll)\b/,
}
const open = /anyone|any amount|not limited in|anything on|without limit/

const valueOf = (type: string) => (type === 'address' ? fc.constantFrom(shop, thief, nobody) : type === 'bool' ? fc.boolean() : fc.constantFrom(0n, 1n, 7n, 10n ** 18n, maxUint256))

/** Calls that somebody may try: every function, with whatever arguments. */
type Try = { name: string; args: readonly unknown[]; data: Hex }
const tries: fc.Arbitrary<Try> = fc.constantFrom(...abi).chain((item) =>
  fc.tuple(...item.inputs.map(({ type }) => valueOf(type))).map((args) => ({
    name: item.name,
    args,
    data: encodeFunctionData({ abi: [item], functionName: item.name, args } as never),
  })),
)

/** A call that the permission is made for. */
function madeFor({ functions }: ContractCallPermission): Hex {
  return functions?.[0] ? dataFor(functions[0]) : '0x12345678'
}

/** A call of each of its functions, with what is pinned. */
function callsOf({ functions }: ContractCallPermission): Try[] {
  return (functions ?? []).map((scope) => {
    const data = dataFor(scope)
    const { functionName, args = [] } = decodeFunctionData({ abi, data })
    return { name: functionName, args, data }
  })
}

function dataFor(given: FunctionScope): Hex {
  const scope = calldataScope(given)
  if (scope.type === 'exact') return scope.data
  const data = Buffer.alloc(4 + 32 * 4)
  data.write(scope.selector.slice(2), 0, 'hex')
  if (scope.type === 'ranges') for (const { start, value } of scope.ranges) data.write(value.slice(2), start, 'hex')
  return `0x${data.toString('hex')}`
}

function holdCallToItsWords(one: ContractCallPermission, text: string, all: string, functions: readonly string[], wild: Try) {
  const { address } = one
  const call = { to: address, value: 0n, data: madeFor(one) }
  expect(allowed(one, call)).toBe(true)

  const times = readTimes(text)
  const several = (count: number) => check({ permissions: [one], expiry, now: startOf(one), calls: Array.from({ length: count }, () => call) }).allowed
  if (times === undefined) expect(several(40)).toBe(true)
  else {
    expect(times).toBe(one.callLimit)
    if (times <= 30) expect([several(times), several(times + 1)]).toEqual([true, false])
  }

  const [, carries, raw] = new RegExp(`each call may carry up to ${number}ETH`).exec(text) ?? []
  const unlimited = /each call may carry ETH without limit/.test(text)
  if (carries) {
    const value = readAmount(carries, 18, raw)
    expect([allowed(one, { ...call, value }), allowed(one, { ...call, value: value + 1n })]).toEqual([true, false])
  } else expect(allowed(one, { ...call, value: 1n }), 'carries nothing unless it says so').toBe(unlimited)
  if (unlimited) expect(one.valueLimit).toBeGreaterThanOrEqual(half)

  for (const tried of [wild, ...callsOf(one)]) {
    if (allowed(one, { to: address, value: 0n, data: tried.data }) && !/anything on/.test(text)) holdFunctionToItsWords(one, all, functions, tried)
  }
}

function holdFunctionToItsWords(one: ContractCallPermission, all: string, functions: readonly string[], wild: Try) {
  expect(functions, 'every allowed function has a row').toContain(wild.name)
  expect(all).toMatch(verbs[wild.name] ?? new RegExp(`\\b${wild.name}\\b`))
  const takesBack = wild.args.includes(false) || (wild.name === 'approve' && wild.args[1] === 0n)
  const kinds = risksOf({ permissions: [one], expiry, now, metadata }).map(({ kind }) => kind)
  if (/^(approve|increaseAllowance|setApprovalForAll)$/.test(wild.name) && !takesBack) {
    expect(all, 'an approval is said to outlive the session').toMatch(/An approval outlives the session/)
    expect(kinds).toContain('approval')
  }
  if (wild.name === 'transferOwnership') expect(kinds).toContain('controls-contract')
  const known = !/^(mint|craft|sharpen|transferOwnership)$/.test(wild.name)
  for (const value of known ? wild.args : []) {
    if (typeof value === 'string') expect(all.includes(shortAddress(value as Address)) || open.test(all), `${value} is named, or anyone is`).toBe(true)
    if (typeof value === 'bigint') expect(shows(all, value, decimalsOf(one.address)) || open.test(all) || /largest possible value/.test(all), `${value} is named, or any amount is`).toBe(true)
  }
}

function shows(text: string, value: bigint, decimals: number | undefined): boolean {
  return [...text.matchAll(/[\d,]+(?:\.\d+)?/g)].some(([found]) => {
    const [whole = '', fraction = ''] = found.replaceAll(',', '').split('.')
    return /\d/.test(whole) && (BigInt(whole + fraction.padEnd(decimals ?? 0, '0')) === value || (fraction === '' && BigInt(whole) === value))
  })
}

test('each permission is held to its words', () => {
  fc.assert(
    fc.property(permission, tries, (one, wild) => {
      const { summary, rows } = describePermission(one, options)
      const all = [summary, ...rows.flatMap(({ label, value, detail }) => [label, value, detail ?? ''])].join('\n')

      const target = one.type === 'contract-call' ? one.address : 'token' in one ? one.token : undefined
      if (target) expect(rows.some(({ address }) => address === target)).toBe(true)
      if ('payee' in one && one.payee) expect([summary.includes(shortAddress(one.payee)), rows.some(({ address }) => address === one.payee)]).toEqual([true, true])
      const later = one.startTime !== undefined && one.startTime > now
      expect(/not before/.test(summary)).toBe(later)

      if (one.type === 'contract-call') {
        const functions = rows.filter(({ kind }) => kind === 'function').map(({ value }) => value)
        holdCallToItsWords(one, summary, all, functions, wild)
      } else if (one.type === 'erc721-token-transfer') {
        expect(rows.some(({ value }) => value === one.tokenId.toString())).toBe(true)
      } else holdSpendingToItsWords(one, summary)
    }),
    { numRuns: 500 },
  )
}, 120_000)

test('the sentence says what each of its permissions says, and when it ends', () => {
  fc.assert(
    fc.property(fc.array(permission, { minLength: 1, maxLength: 10 }), fc.integer({ min: 61, max: 400 * 86_400 }), (permissions, seconds) => {
      const end = now + seconds
      const sentence = describeSession({ ...options, expiry: end, permissions, appName: 'Sword Shop' })
      for (const one of permissions) {
        const { summary } = describePermission(one, { ...options, expiry: end })
        // Every figure, address and name of the line is in the sentence too.
        for (const [figure] of summary.matchAll(/0x\w{4}…\w{4}|[\d,]*\d(?:\.\d+)?|without limit|anyone|only to|not before|anything on|approve|at most|any number of times/g)) expect(sentence).toContain(figure)
      }
      const date = new Date(end * 1000)
      const two = (part: number) => String(part).padStart(2, '0')
      const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sept', 'Oct', 'Nov', 'Dec']
      expect(sentence).toContain(`${date.getUTCDate()} ${months[date.getUTCMonth()]}`)
      expect(sentence).toContain(`${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`)
      if (date.getUTCFullYear() !== 2026) expect(sentence).toContain(String(date.getUTCFullYear()))
      const [first] = permissions as [Permission]
      if (first.type === 'contract-call') {
        const call = { to: first.address, value: 0n, data: madeFor(first) }
        expect(check({ permissions: [first], expiry: end, calls: [call], now: end }).allowed).toBe(false)
      }
    }),
    { numRuns: 200 },
  )
}, 120_000)

describe('the test of the words can fail', () => {
  test.each([
    ['a limit that is not kept', 'spend up to 5 GOLD in total', 6n],
    ['a limit that hides some', 'spend up to 7 GOLD in total', 6n],
    ['a recipient that nobody is held to', `spend up to 6 GOLD in total, only to ${shortAddress(shop)}`, 6n],
  ])('%s', (_, text, limit) => {
    const one: Spending = { type: 'erc20-token-allowance', token: contracts[1]!, limit: limit * 10n ** 18n }
    expect(() => holdSpendingToItsWords(one, text)).toThrow()
  })
})
