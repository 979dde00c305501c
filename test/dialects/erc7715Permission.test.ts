import fc from 'fast-check'
import { bytesToHex, encodeAbiParameters, getAddress, isHex, type Address, type Hex } from 'viem'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { decodePermission, encodePermission, wirePermission, wirePermissionTypes, wireRules } from '../../src/dialects/wire/erc7715Permission.js'
import type { ContractCallPermission, Permission, PermissionType } from '../../src/permissions/permission.js'

const gold: Address = '0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512'
const shop: Address = '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC'
const startTime = 1_800_000_000
const expiry = startTime + 86_400

const uint256 = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n })
const address = fc.uint8Array({ minLength: 20, maxLength: 20 }).map((bytes) => getAddress(bytesToHex(bytes)))
const bytes: fc.Arbitrary<Hex> = fc.uint8Array({ maxLength: 200 }).map((value) => bytesToHex(value))
const moment = fc.integer({ min: 1, max: 2 ** 31 })
const count = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER })
const orNot = { requiredKeys: [] as [] }
const start = fc.record({ startTime: moment }, orNot)
const payee = fc.record({ payee: address }, orNot)
const token = fc.record({ token: address })
const signature = fc.constantFrom('mint(address to)', 'burn(uint256 id)', 'fill((address maker, uint256[2] amounts) order, bytes data)', 'claim()')
const scope = fc.oneof(fc.record({ signature }), fc.record({ signature, args: fc.array(fc.option(bytes), { minLength: 1, maxLength: 4 }) }))

const contractCalls = fc
  .tuple(
    fc.record({ type: fc.constant('contract-call'), address, valueLimit: uint256 }),
    fc.record({ functions: fc.array(scope, { minLength: 1, maxLength: 5 }), callLimit: count }, orNot),
  )
  .map(([required, optional]) => ({ ...required, ...optional }))

const joined = (...parts: fc.Arbitrary<object>[]) =>
  fc.tuple(...parts, start).map((values) => Object.assign({}, ...values) as Permission)
const ofType = (type: PermissionType) => fc.constant({ type })
const limit = fc.record({ limit: uint256 })
const periodic = fc.record({ limit: uint256, period: count })
const stream = fc.record({ initial: uint256, perSecond: uint256, max: uint256 })

const permissions = {
  'contract-call': joined(contractCalls),
  'erc20-token-allowance': joined(ofType('erc20-token-allowance'), token, limit, payee),
  'erc20-token-periodic': joined(ofType('erc20-token-periodic'), token, periodic, payee),
  'erc20-token-stream': joined(ofType('erc20-token-stream'), token, stream, payee),
  'native-token-allowance': joined(ofType('native-token-allowance'), limit, payee),
  'native-token-periodic': joined(ofType('native-token-periodic'), periodic, payee),
  'native-token-stream': joined(ofType('native-token-stream'), stream, payee),
  'erc721-token-transfer': joined(ofType('erc721-token-transfer'), token, fc.record({ tokenId: uint256 })),
} satisfies Record<PermissionType, fc.Arbitrary<Permission>>

/** One valid `data` per type. */
const data = {
  'contract-call': { address: gold, calls: ['mint(address to)'], callLimit: 5, valueLimit: '0x0', startTime },
  'erc20-token-allowance': { tokenAddress: gold, allowanceAmount: '0x64', startTime },
  'erc20-token-periodic': { tokenAddress: gold, periodAmount: '0x64', periodDuration: 86_400, startTime },
  'erc20-token-stream': { tokenAddress: gold, initialAmount: '0x1', maxAmount: '0x64', amountPerSecond: '0x2', startTime },
  'native-token-allowance': { allowanceAmount: '0x64', startTime },
  'native-token-periodic': { periodAmount: '0x64', periodDuration: 86_400, startTime },
  'native-token-stream': { initialAmount: '0x1', maxAmount: '0x64', amountPerSecond: '0x2', startTime },
  'erc721-token-transfer': { tokenAddress: gold, tokenId: '0x7', startTime },
} satisfies Record<PermissionType, Record<string, unknown>>

const types = Object.keys(data) as PermissionType[]
const payeeTypes = types.filter((type) => type !== 'contract-call' && type !== 'erc721-token-transfer')
const expiryRule = { type: 'expiry', data: { timestamp: expiry } }
const payeeRule = { type: 'payee', data: { addresses: [shop] } }

/** As it arrives: JSON, then the wallet's or the app's parser. */
function receive(type: string, fields: object, rules: readonly unknown[] = [expiryRule]) {
  const permission = JSON.parse(JSON.stringify({ type, data: fields })) as unknown
  return decodePermission(v.parse(wirePermission, permission), v.parse(wireRules, JSON.parse(JSON.stringify(rules))))
}
const changed = (type: PermissionType, change: object) => () => receive(type, { ...data[type], ...change })

test('every type of permission has a form on the wire', () => {
  expect([...wirePermissionTypes].sort()).toEqual([...types].sort())
})

describe.each(types)('%s', (type) => {
  test('is read back as it was written, with its expiry', () => {
    fc.assert(
      fc.property(permissions[type], moment, (permission, end) => {
        const wire = encodePermission(permission, end)
        expect(receive(wire.permission.type, wire.permission.data, wire.rules)).toEqual({ permission, expiry: end, justification: undefined })
      }),
      { numRuns: 200 },
    )
  })

  test('is JSON: amounts in hex, times and counts as numbers, and nothing may be adjusted', () => {
    fc.assert(
      fc.property(permissions[type], (permission) => {
        const { permission: wire, rules } = encodePermission(permission, expiry)
        expect(JSON.parse(JSON.stringify(wire))).toEqual(wire)
        expect(wire.isAdjustmentAllowed).toBe(false)
        expect(rules[0]).toEqual(expiryRule)
        for (const [key, value] of Object.entries(wire.data)) {
          if (/Amount|Limit$|tokenId|PerSecond/.test(key) && key !== 'callLimit') expect(isHex(value)).toBe(true)
          if (/Time|Duration|callLimit/.test(key)) expect(value).toBeTypeOf('number')
        }
      }),
    )
  })

  test('an unknown field is refused: it may be a limit', () => {
    expect(changed(type, {})).not.toThrow()
    for (const field of ['maxCalls', 'periodAmounts', 'hasOwnProperty', 'toString', 'Limit', '']) {
      expect(changed(type, { [field]: '0x1' })).toThrow(v.ValiError)
    }
  })

  test('a field that is missing is refused', () => {
    const optional = ['startTime', 'callLimit', 'valueLimit', 'initialAmount', 'maxAmount']
    const required = Object.keys(data[type]).filter((key) => !optional.includes(key))
    expect(required.length).toBeGreaterThan(0)
    for (const key of required) expect(changed(type, { [key]: undefined })).toThrow(v.ValiError)
  })

  test('an amount as a string of digits, a number, or more than a uint256 is refused', () => {
    const amounts = Object.entries(data[type]).filter(([key, value]) => typeof value === 'string' && key !== 'address' && key !== 'tokenAddress')
    expect(amounts.length).toBeGreaterThan(0)
    for (const [key] of amounts) {
      for (const value of ['100', '1000000000000000000', 100, '0x', '', '-0x1', '0x1.5', '1e18', `0x1${'0'.repeat(64)}`, true, {}, ['0x64']]) {
        expect(changed(type, { [key]: value })).toThrow(v.ValiError)
      }
    }
  })

  test('a time or a count that is no whole number is refused', () => {
    const numbers = Object.entries(data[type]).filter(([, value]) => typeof value === 'number')
    expect(numbers.length).toBeGreaterThan(0)
    for (const [key] of numbers) {
      for (const value of [-1, 1.5, 2 ** 53, '5', '0x', '0x20000000000000', true, [5]]) {
        expect(changed(type, { [key]: value })).toThrow(v.ValiError)
      }
      expect(receive(type, { ...data[type], [key]: '0x10' })).toEqual(receive(type, { ...data[type], [key]: 16 }))
    }
  })

  test.each(['__proto__', 'constructor', 'prototype'])('a key named %s changes nothing', (key) => {
    const text = JSON.stringify({ type, data: data[type] }).replace('"data":{', `"data":{"${key}":{"payee":"0x12","limit":"0xff","callLimit":999},`)
    const hostile = JSON.parse(text) as { data: object }
    expect(Object.keys(hostile.data)).toContain(key)

    const { permission } = decodePermission(v.parse(wirePermission, hostile), [])
    expect(permission).toEqual(receive(type, data[type]).permission)
    expect(Object.getPrototypeOf(permission)).toBe(Object.prototype)
    expect(({} as { callLimit?: number }).callLimit).toBeUndefined()
  })

  test('the justification is carried beside the permission, never inside it', () => {
    const { permission, justification } = receive(type, { ...data[type], justification: 'To buy swords.' })
    expect(justification).toBe('To buy swords.')
    expect(permission).toEqual(receive(type, data[type]).permission)
    expect(changed(type, { justification: 'x'.repeat(2001) })).toThrow(v.ValiError)
    expect(changed(type, { justification: { html: '<b>' } })).toThrow(v.ValiError)
  })

  test('a start of null is no start', () => {
    expect(receive(type, { ...data[type], startTime: null }).permission).not.toHaveProperty('startTime')
  })
})

describe('the payee', () => {
  test.each(payeeTypes)('of %s is a rule', (type) => {
    expect(receive(type, data[type], [expiryRule, payeeRule]).permission).toMatchObject({ type, payee: shop })
    expect(receive(type, data[type], [payeeRule, expiryRule]).permission).toMatchObject({ type, payee: shop })
    expect(receive(type, data[type]).permission).not.toHaveProperty('payee')
  })

  test.each(['contract-call', 'erc721-token-transfer'] as const)('of %s is refused: nothing would hold it', (type) => {
    const granted = () => receive(type, data[type], [expiryRule, payeeRule])
    expect(granted).toThrow(v.ValiError)
    expect(granted).toThrow(`A ${type} permission takes no payee rule.`)
  })

  test.each([[[]], [[shop, gold]], [['shop.eth']], [undefined], [shop]])('addresses %j are refused: exactly one is held by the chain', (addresses) => {
    const granted = () => receive('native-token-allowance', data['native-token-allowance'], [expiryRule, { type: 'payee', data: { addresses } }])
    expect(granted).toThrow(v.ValiError)
  })

  test('as a field of the data is refused', () => {
    expect(changed('native-token-allowance', { payee: shop })).toThrow(v.ValiError)
  })
})

describe('rules', () => {
  test.each([
    ['of an unknown kind', { type: 'max-gas', data: { amount: '0x1' } }],
    ['without data', { type: 'expiry' }],
    ['with a field too many', { type: 'expiry', data: { timestamp: expiry, unless: 'paid' } }],
    ['that end at a fraction', { type: 'expiry', data: { timestamp: expiry + 0.5 } }],
    ['that end at text', { type: 'expiry', data: { timestamp: String(expiry) } }],
    ['that end in milliseconds of a far age', { type: 'expiry', data: { timestamp: 2 ** 48 } }],
  ])('%s are refused', (_what, rule) => {
    expect(() => receive('native-token-allowance', data['native-token-allowance'], [rule])).toThrow(v.ValiError)
  })

  test('three are too many', () => {
    expect(() => receive('native-token-allowance', data['native-token-allowance'], [expiryRule, payeeRule, payeeRule])).toThrow(v.ValiError)
  })

  test('without an expiry there is none: it is never made up', () => {
    expect(receive('native-token-allowance', data['native-token-allowance'], []).expiry).toBeUndefined()
  })
})

describe('contract-call', () => {
  const call = (calls: unknown) => receive('contract-call', { ...data['contract-call'], calls }).permission as ContractCallPermission
  const word = encodeAbiParameters([{ type: 'uint256' }], [7n])

  test('functions are text, or text with pinned arguments', () => {
    const calls = ['mint(address to)', { signature: 'burn(uint256 id)', args: [word] }, { signature: 'craft(uint256 a, uint256 b)', args: [word, null] }, { signature: 'claim()' }]
    expect(call(calls).functions).toEqual([{ signature: 'mint(address to)' }, ...calls.slice(1)])
  })

  test('no function named means the whole contract', () => {
    expect(call([])).not.toHaveProperty('functions')
    const whole: Permission = { type: 'contract-call', address: gold, valueLimit: 0n }
    expect(encodePermission(whole, expiry).permission.data).toMatchObject({ calls: [] })
  })

  test.each([
    ['no list', 'mint(address to)'],
    ['a function that is a number', [5]],
    ['a function with an unknown limit', [{ signature: 'burn(uint256 id)', args: [word], maxCalls: 1 }]],
    ['pinned arguments without a function', [{ args: [word] }]],
    ['an argument that is no hex', [{ signature: 'burn(uint256 id)', args: ['7'] }]],
    ['an argument of half a byte', [{ signature: 'burn(uint256 id)', args: ['0x123'] }]],
    ['an argument left undefined', [{ signature: 'burn(uint256 id)', args: [7] }]],
    ['nothing', null],
  ])('%s is refused', (_what, calls) => {
    expect(() => call(calls)).toThrow(v.ValiError)
  })

  test.each([
    ['101 functions', Array.from({ length: 101 }, () => 'mint(address to)')],
    ['a signature of more than 1000 letters', [`mint(address ${'x'.repeat(1000)})`]],
    ['the same with arguments', [{ signature: `mint(address ${'x'.repeat(1000)})`, args: [word] }]],
    ['an argument of more than 100 kB', [{ signature: 'say(bytes x)', args: [`0x${'00'.repeat(100_001)}`] }]],
  ])('%s is too large', (_what, calls) => {
    expect(() => call(calls)).toThrow(v.ValiError)
  })

  test('no value limit means no value', () => {
    expect(receive('contract-call', { ...data['contract-call'], valueLimit: undefined }).permission).toMatchObject({ valueLimit: 0n })
  })

  test('a call limit of zero is refused', () => {
    expect(changed('contract-call', { callLimit: 0 })).toThrow(v.ValiError)
  })
})

describe('streams', () => {
  test.each(['erc20-token-stream', 'native-token-stream'] as const)('%s without a start amount begins at nothing; without a maximum it grows for ever', (type) => {
    for (const left of [undefined, null]) {
      const { permission } = receive(type, { ...data[type], initialAmount: left, maxAmount: left })
      expect(permission).toMatchObject({ initial: 0n, max: 2n ** 256n - 1n, perSecond: 2n })
    }
  })
})

describe('addresses', () => {
  test('of any letter case are read', () => {
    const written = [gold, gold.toLowerCase(), `0x${gold.slice(2).toUpperCase()}`]
    for (const tokenAddress of written) {
      expect(receive('erc20-token-allowance', { ...data['erc20-token-allowance'], tokenAddress }).permission).toMatchObject({ token: gold })
    }
  })

  test.each(['', 'gold.eth', gold.slice(0, -1), `${gold}00`, 5, null, { toString: 'x' }])('%j is none', (tokenAddress) => {
    expect(changed('erc20-token-allowance', { tokenAddress })).toThrow(v.ValiError)
  })
})

test.each(['erc20-token-approval-revocation', 'native-token', '', '__proto__', 'constructor', null, 5])('the type %j is unknown', (type) => {
  expect(v.safeParse(wirePermission, { type, data: {} }).success).toBe(false)
})
