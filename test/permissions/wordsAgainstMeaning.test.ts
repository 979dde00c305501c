/**
 * What the words say is read back out of them and held against the local check, which mirrors the enforcers: the words may claim no
 * limit that is not kept, and hide nothing that is allowed. In every language: one that does not hold is not published.
 */
import fc from 'fast-check'
import { decodeFunctionData, encodeFunctionData, erc20Abi, maxUint256, parseAbi, type Address, type Hex } from 'viem'
import { describe, expect, test } from 'vitest'
import { check, type Call } from '../../src/permissions/check.js'
import { describePermission, describeSession } from '../../src/permissions/describe.js'
import { shortAddress } from '../../src/permissions/description.js'
import { calldataScope } from '../../src/permissions/pinnedCalldata.js'
import type { ContractCallPermission, FunctionScope, Permission } from '../../src/permissions/permission.js'
import { describeDifferences } from '../../src/permissions/describeDifference.js'
import { describeExposure } from '../../src/permissions/describeExposure.js'
import { describeRisk } from '../../src/permissions/describeRisk.js'
import { exposureOf } from '../../src/permissions/exposure.js'
import { risksOf, type Risk } from '../../src/permissions/risks.js'
import type { PermissionMessages } from '../../src/permissions/messages.js'
import { contracts, metadata, now, people, permission } from './permissionArbitrary.js'
import { arabic, english, plain, readers, spanish, type WordReader } from './wordReaders.js'

const [shop, thief] = people as unknown as [Address, Address]
const nobody: Address = '0x000000000000000000000000000000000000bEEF'
const expiry = now + 40 * 86_400
const options = { metadata, nativeCurrency: { symbol: 'ETH', decimals: 18 }, timeZone: 'UTC', now, expiry }
const half = 2n ** 255n

const decimalsOf = (token: Address | 'native') => (token === 'native' ? 18 : (metadata[token.toLowerCase()] as { decimals?: number } | undefined)?.decimals)
const allowed = (one: Permission, call: Call, at = startOf(one)) => check({ permissions: [one], expiry, calls: [call], now: at }).allowed
const startOf = ({ startTime }: Permission) => Math.max(startTime ?? now, now)

/** A number as it is written, in the smallest unit. */
function readAmount(reader: WordReader, text: string, decimals: number | undefined, raw: string | undefined): bigint {
  expect(raw !== undefined, 'raw units are said to be raw').toBe(decimals === undefined)
  const [whole = '', fraction = ''] = text.replaceAll(reader.group, '').split(reader.decimal)
  return BigInt(whole + fraction.padEnd(decimals ?? 0, '0'))
}

const withNumber = ({ number }: WordReader, source: string) => new RegExp(source.replace('#', number))
const readCount = ({ group }: WordReader, text: string) => Number(text.replaceAll(group, ''))

function readTimes(reader: WordReader, text: string): number | undefined {
  if (reader.once.test(text)) return 1
  if (reader.twice.test(text)) return 2
  const [, count] = reader.times.exec(text) ?? []
  if (count) return readCount(reader, count)
  expect(text).toMatch(reader.anyNumberOfTimes)
  return undefined
}

const unitSeconds = { second: 1, minute: 60, hour: 3_600, day: 86_400, week: 604_800 }

function readPeriod(reader: WordReader, text: string): number {
  const [, parts] = reader.every.exec(text) ?? []
  if (parts === undefined) return unitSeconds[(Object.keys(unitSeconds) as (keyof typeof unitSeconds)[]).find((unit) => reader.perUnit[unit].test(text)) ?? 'second']
  return [...parts.matchAll(reader.piece)].reduce((total, [, count, unit = '']) => {
    const [seconds, said = 1] = reader.units[unit] ?? [Number.NaN]
    return total + (count === undefined ? said : readCount(reader, count)) * seconds
  }, 0)
}

type Spending = Exclude<Permission, { type: 'contract-call' | 'erc721-token-transfer' }>

function spend(one: Spending, to: Address, amount: bigint): Call {
  return 'token' in one
    ? { to: one.token, value: 0n, data: encodeFunctionData({ abi: erc20Abi, functionName: 'transfer', args: [to, amount] }) }
    : { to, value: amount, data: '0x' }
}

function holdSpendingToItsWords(reader: WordReader, one: Spending, text: string) {
  const token = 'token' in one ? one.token : 'native'
  const decimals = decimalsOf(token)
  const payee = one.payee ?? shop
  const [, most, raw] = withNumber(reader, reader.spendUpTo).exec(text) ?? []
  const limit = most === undefined ? undefined : readAmount(reader, most, decimals, raw)

  if ('perSecond' in one) {
    const [, ceiling, rawCeiling] = withNumber(reader, reader.atMost).exec(text) ?? []
    if (ceiling === undefined) expect(one.max).toBeGreaterThanOrEqual(half)
    else expect(readAmount(reader, ceiling, decimals, rawCeiling)).toBe(one.max)
    if (reader.atOnce.test(text) && limit !== undefined) {
      expect(allowed(one, spend(one, payee, limit))).toBe(true)
      expect(allowed(one, spend(one, payee, limit + 1n))).toBe(false)
    } else if (!reader.withoutLimit.test(text)) {
      expect(allowed(one, spend(one, payee, 1n)), 'nothing at once').toBe(false)
    }
  } else if (limit === undefined) {
    expect(text).toMatch(reader.spendWithoutLimit)
    expect(one.limit, 'what has a limit is said with it').toBeGreaterThanOrEqual(half)
  } else {
    expect(text).not.toMatch(reader.withoutLimit)
    expect(allowed(one, spend(one, payee, limit)), 'all of it').toBe(true)
    expect(allowed(one, spend(one, payee, limit + 1n)), 'one more').toBe(false)
  }
  if ('period' in one) expect(readPeriod(reader, text)).toBe(one.period)

  const [, only] = reader.onlyTo.exec(text) ?? []
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

function holdCallToItsWords(reader: WordReader, one: ContractCallPermission, text: string, all: string, functions: readonly string[], wild: Try) {
  const { address } = one
  const call = { to: address, value: 0n, data: madeFor(one) }
  expect(allowed(one, call)).toBe(true)

  const times = readTimes(reader, text)
  const several = (count: number) => check({ permissions: [one], expiry, now: startOf(one), calls: Array.from({ length: count }, () => call) }).allowed
  if (times === undefined) expect(several(40)).toBe(true)
  else {
    expect(times).toBe(one.callLimit)
    if (times <= 30) expect([several(times), several(times + 1)]).toEqual([true, false])
  }

  const [, carries, raw] = withNumber(reader, reader.carriesUpTo).exec(text) ?? []
  const unlimited = reader.carriesWithoutLimit.test(text)
  if (carries) {
    const value = readAmount(reader, carries, 18, raw)
    expect([allowed(one, { ...call, value }), allowed(one, { ...call, value: value + 1n })]).toEqual([true, false])
  } else expect(allowed(one, { ...call, value: 1n }), 'carries nothing unless it says so').toBe(unlimited)
  if (unlimited) expect(one.valueLimit).toBeGreaterThanOrEqual(half)

  for (const tried of [wild, ...callsOf(one)]) {
    if (allowed(one, { to: address, value: 0n, data: tried.data }) && !reader.anythingOn.test(text)) holdFunctionToItsWords(reader, one, all, functions, tried)
  }
}

function holdFunctionToItsWords(reader: WordReader, one: ContractCallPermission, all: string, functions: readonly string[], wild: Try) {
  expect(functions, 'every allowed function has a row').toContain(wild.name)
  expect(all).toMatch(reader.verbs[wild.name] ?? new RegExp(`\\b${wild.name}\\b`))
  const takesBack = wild.args.includes(false) || (wild.name === 'approve' && wild.args[1] === 0n)
  const kinds = risksOf({ permissions: [one], expiry, now, metadata }).map(({ kind }) => kind)
  if (/^(approve|increaseAllowance|setApprovalForAll)$/.test(wild.name) && !takesBack) {
    expect(all, 'an approval is said to outlive the session').toMatch(reader.approvalOutlives)
    expect(kinds).toContain('approval')
  }
  if (wild.name === 'transferOwnership') expect(kinds).toContain('controls-contract')
  const known = !/^(mint|craft|sharpen|transferOwnership)$/.test(wild.name)
  for (const value of known ? wild.args : []) {
    if (typeof value === 'string') expect(all.includes(shortAddress(value as Address)) || reader.open.test(all), `${value} is named, or anyone is`).toBe(true)
    if (typeof value === 'bigint') expect(shows(reader, all, value, decimalsOf(one.address)) || reader.open.test(all) || reader.largestValue.test(all), `${value} is named, or any amount is`).toBe(true)
  }
}

function shows({ group, decimal }: WordReader, text: string, value: bigint, decimals: number | undefined): boolean {
  return [...text.matchAll(new RegExp(`[\\d${group}]+(?:[${decimal}]\\d+)?`, 'g'))].some(([found]) => {
    const [whole = '', fraction = ''] = found.replaceAll(group, '').split(decimal)
    return /\d/.test(whole) && (BigInt(whole + fraction.padEnd(decimals ?? 0, '0')) === value || (fraction === '' && BigInt(whole) === value))
  })
}

/** All that is said of one permission. */
function wordsOf({ locale }: WordReader, messages: PermissionMessages, one: Permission, end = expiry) {
  const { summary, rows } = describePermission(one, { ...options, locale, messages, expiry: end })
  const said = [summary, ...rows.flatMap(({ label, value, detail }) => [label, value, detail ?? ''])].map(plain)
  return { summary: plain(summary), rows: rows.map((row) => ({ ...row, value: plain(row.value) })), all: said.join('\n') }
}

const heldToItsWords = (reader: WordReader, messages = reader.messages) =>
  fc.property(permission, tries, (one, wild) => {
    const { summary, rows, all } = wordsOf(reader, messages, one)
    const target = one.type === 'contract-call' ? one.address : 'token' in one ? one.token : undefined
    if (target) expect(rows.some(({ address }) => address === target)).toBe(true)
    if ('payee' in one && one.payee) expect([summary.includes(shortAddress(one.payee)), rows.some(({ address }) => address === one.payee)]).toEqual([true, true])
    const later = one.startTime !== undefined && one.startTime > now
    expect(reader.notBefore.test(summary)).toBe(later)

    if (one.type === 'contract-call') {
      const functions = rows.filter(({ kind }) => kind === 'function').map(({ value }) => value)
      holdCallToItsWords(reader, one, summary, all, functions, wild)
    } else if (one.type === 'erc721-token-transfer') {
      expect(rows.some(({ value }) => value === one.tokenId.toString())).toBe(true)
    } else holdSpendingToItsWords(reader, one, summary)
  })

/** Counts at which a language may change its form, and lengths of one part and of several. */
const edges: [Permission, Try][] = [
  ...[1, 2, 3, 10, 11, 99, 100, 101, 102, 103, 111, 1_000, 10_000].map((callLimit): Permission => ({ type: 'contract-call', address: contracts[0]!, functions: [{ signature: 'sharpen()' }], callLimit, valueLimit: 0n })),
  ...[1, 2, 3, 11, 60, 120, 180, 660, 3_600, 7_200, 10_800, 39_600, 86_400, 172_800, 259_200, 950_400, 604_800, 90_061, 180_122].map((period): Permission => ({ type: 'erc20-token-periodic', token: contracts[1]!, limit: 12_345n * 10n ** 18n + 1n, period })),
].map((one) => [one, { name: 'neverAskedFor', args: [], data: '0x' }])

/** The same permission with one thing changed. */
function changesOf(one: Permission): Permission[] {
  const other = (limit: bigint) => (limit < half - 1n ? limit + 1n : 1n)
  const start = { ...one, startTime: (one.startTime ?? now) + 86_400 * 2 }
  switch (one.type) {
    case 'contract-call':
      return [
        start,
        { ...one, callLimit: one.callLimit === undefined ? 1 : one.callLimit + 1 },
        { ...one, valueLimit: other(one.valueLimit) },
        { ...one, address: contracts.find((address) => address !== one.address) as Address },
        { ...one, functions: [...(one.functions ?? []), { signature: 'neverAskedFor(address to)' }] },
      ]
    case 'erc721-token-transfer':
      return [start, { ...one, tokenId: one.tokenId > 0n ? one.tokenId - 1n : 1n }]
    default:
      return [
        start,
        { ...one, payee: one.payee === shop ? thief : shop },
        ...('limit' in one ? [{ ...one, limit: other(one.limit) }] : []),
        ...('max' in one ? [{ ...one, max: other(one.max) }, { ...one, perSecond: one.perSecond + 1n }] : []),
        ...('period' in one ? [{ ...one, period: one.period + 1 }] : []),
      ]
  }
}

describe.each(readers)('in $locale', (reader) => {
  test('each permission is held to its words', () => {
    fc.assert(heldToItsWords(reader), { numRuns: 500, examples: edges })
  }, 120_000)

  test('the sentence says what each of its permissions says, and when it ends', () => {
    fc.assert(
      fc.property(fc.array(permission, { minLength: 1, maxLength: 10 }), fc.integer({ min: 61, max: 400 * 86_400 }), (permissions, seconds) => {
        const end = now + seconds
        const { locale, messages } = reader
        const sentence = plain(describeSession({ ...options, locale, messages, expiry: end, permissions, appName: 'Sword Shop' }))
        expect(sentence).toContain('Sword Shop')
        const figures = new RegExp(`0x\\w{4}…\\w{4}|[\\d${reader.group}]*\\d(?:[${reader.decimal}]\\d+)?`, 'g')
        for (const one of permissions) {
          const { summary } = wordsOf(reader, messages, one, end)
          // Every figure, address and name of the line is in the sentence too.
          for (const [found] of [...summary.matchAll(figures), ...summary.matchAll(reader.keywords)]) expect(sentence).toContain(found)
        }
        const date = new Date(end * 1000)
        expect(sentence).toContain(`${date.getUTCDate()} ${reader.months[date.getUTCMonth()]}`)
        expect(sentence).toContain(reader.time(date.getUTCHours(), date.getUTCMinutes()))
        if (date.getUTCFullYear() !== 2026) expect(sentence).toContain(String(date.getUTCFullYear()))
        const [first] = permissions as [Permission]
        if (first.type === 'contract-call') {
          const call = { to: first.address, value: 0n, data: madeFor(first) }
          expect(check({ permissions: [first], expiry: end, calls: [call], now: end }).allowed).toBe(false)
        }
        expect(plain(describeSession({ ...options, locale, messages, expiry: end + 60, permissions, appName: 'Sword Shop' })), 'a minute more').not.toBe(sentence)
      }),
      { numRuns: reader === english ? 200 : 50 },
    )
  }, 120_000)

  test('what means something else is said in other words', () => {
    fc.assert(
      fc.property(permission, (one) => {
        const { all } = wordsOf(reader, reader.messages, one)
        for (const changed of changesOf(one)) expect(wordsOf(reader, reader.messages, changed).all).not.toBe(all)
      }),
      { numRuns: reader === english ? 300 : 60 },
    )
  }, 120_000)

  test('the worst case names its total, or says that there is none', () => {
    fc.assert(
      fc.property(permission, (one) => {
        const { locale, messages } = reader
        const { tokens } = exposureOf({ permissions: [one], expiry, now, metadata })
        const { lines } = describeExposure({ permissions: [one], expiry, now, metadata }, { ...options, locale, messages })
        expect(lines.length).toBe(tokens.length)
        tokens.forEach(({ token, total }, index) => {
          const text = plain(lines[index]?.text ?? '')
          // Half of all money is no limit, of one permission or in all.
          const limited = total !== undefined && total < half
          expect(reader.withoutLimit.test(text)).toBe(!limited)
          if (limited) expect(shows(reader, text, total, decimalsOf(token)), `${total} in ${text}`).toBe(true)
        })
      }),
      { numRuns: reader === english ? 300 : 60 },
    )
  }, 120_000)

  test('what was granted is told from what was asked, term by term', () => {
    fc.assert(
      fc.property(permission, (one) => {
        const { locale, messages } = reader
        for (const changed of changesOf(one)) {
          const rows = describeDifferences({ permissions: [one], expiry }, { permissions: [changed], expiry: expiry + 60 }, { ...options, locale, messages })
          expect(rows.length).toBeGreaterThan(1)
          for (const { label, asked, granted } of rows) expect([label !== '', asked !== granted]).toEqual([true, true])
          if ('limit' in changed && 'limit' in one && changed.limit !== one.limit) {
            const row = rows.find(({ label }) => label === messages.rows.amount)
            const says = (text: string | undefined, limit: bigint) => (limit < half ? shows(reader, plain(text ?? ''), limit, decimalsOf('token' in one ? one.token : 'native')) : reader.withoutLimit.test(text ?? ''))
            expect([says(row?.asked, one.limit), says(row?.granted, changed.limit)]).toEqual([true, true])
          }
        }
      }),
      { numRuns: reader === english ? 300 : 60 },
    )
  }, 120_000)

  test('each risk is a sentence of its own', () => {
    const kinds = Object.keys({ 'whole-contract': 1, 'unknown-contract': 1, 'unreadable-function': 1, approval: 1, 'free-amount': 1, 'controls-contract': 1, 'runs-other-calls': 1, 'unlimited-amount': 1, 'far-expiry': 1 } satisfies Record<Risk['kind'], 1>) as Risk['kind'][]
    const { locale, messages } = reader
    const said = kinds.map((kind) => describeRisk({ kind, permission: 0, contract: contracts[0]!, signature: 'mint(address to)' }, { ...options, locale, messages }))
    expect(new Set(said).size).toBe(kinds.length)
  })
})

describe('the test of the words can fail', () => {
  test.each([
    ['a limit that is not kept', 'spend up to 5 GOLD in total', 6n],
    ['a limit that hides some', 'spend up to 7 GOLD in total', 6n],
    ['a recipient that nobody is held to', `spend up to 6 GOLD in total, only to ${shortAddress(shop)}`, 6n],
  ])('%s', (_, text, limit) => {
    const one: Spending = { type: 'erc20-token-allowance', token: contracts[1]!, limit: limit * 10n ** 18n }
    expect(() => holdSpendingToItsWords(english, one, text)).toThrow()
  })

  const fails = (reader: WordReader, broken: Partial<PermissionMessages>) => fc.check(heldToItsWords(reader, { ...reader.messages, ...broken }), { numRuns: 500, examples: edges, seed: 7 }).failed

  test.each([
    ['drops the limit', { spend: () => 'gastar tokens', inTotal: (act: string) => act }],
    ['says two times for one', { atMostTimes: (_: number, formatted: string) => (formatted === '1' ? 'como máximo dos veces' : spanish.messages.atMostTimes(Number(formatted.replaceAll('.', '')), formatted)) }],
    ['takes a limit for none', { withoutLimit: (token: string) => token, spendUnlimited: (token: string) => `gastar ${token}` }],
    ['forgets the recipient', { onlyTo: () => 'solo a quien sea' }],
    ['takes a day for a week', { per: () => 'por día' }],
    ['does not say that an approval stays', { approvalOutlives: '' }],
  ])('on a Spanish that %s', (_, broken) => {
    expect(fails(spanish, broken)).toBe(true)
  }, 120_000)

  test.each([
    ['counts 3 as it does 2', { atMostTimes: () => 'مرتين على الأكثر' }],
    ['leaves out what a call may carry', { valuePerCall: () => 'يمكن أن يحمل كل استدعاء مبلغًا' }],
    ['does not say that an approval stays', { approvalOutlives: 'يبقى التفويض' }],
    ['knows no dual', { every: (duration: string) => `كل ${duration.replace(/يومان|ساعتان|دقيقتان|ثانيتان/g, 'ساعة')}` }],
  ])('on an Arabic that %s', (_, broken) => {
    expect(fails(arabic, broken)).toBe(true)
  }, 120_000)
})
