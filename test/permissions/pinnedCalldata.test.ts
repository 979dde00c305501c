import fc from 'fast-check'
import {
  bytesToHex,
  concatHex,
  encodeAbiParameters,
  encodeFunctionData,
  getAddress,
  padHex,
  toFunctionSelector,
  type AbiFunction,
  type AbiParameter,
  type Hex,
} from 'viem'
import { describe, expect, test } from 'vitest'
import { contractCall } from '../../src/permissions/contractCall.js'
import { InvalidPermissionError, UnpinnableArgumentError } from '../../src/permissions/errors.js'
import { findFunctionGroup, functionGroups } from '../../src/permissions/functionGroups.js'
import { functionSignature, parseFunctionSignature } from '../../src/permissions/functionSignature.js'
import { calldataFits, calldataScope } from '../../src/permissions/pinnedCalldata.js'

const address = '0x5FbDB2315678afecb367f032d93F642f64180aa3'
const word = (value: bigint | Hex) => padHex(typeof value === 'bigint' ? `0x${value.toString(16)}` : value, { size: 32 })
const encoded = (type: string, value: unknown) => encodeAbiParameters([parseFunctionSignature(`f(${type} x)`).inputs[0] as AbiParameter], [value])

const numRuns = 300

/** A function with values for its arguments, and one other value for each. */
type Pinnable = { item: AbiFunction; values: readonly unknown[]; others: readonly unknown[] }
type Argument = { input: AbiParameter; value: unknown; other: unknown }

const word256 = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n })
const bytesOf = (size: number) => fc.uint8Array({ minLength: size, maxLength: size }).map((bytes) => bytesToHex(bytes))
const two = (input: AbiParameter, values: fc.Arbitrary<unknown>): fc.Arbitrary<Argument> =>
  fc
    .tuple(values, values)
    .filter(([value, other]) => encodeAbiParameters([input], [value]) !== encodeAbiParameters([input], [other]))
    .map(([value, other]) => ({ input, value, other }))

const nameless = [
  [{ type: 'uint256' }, word256],
  [{ type: 'int64' }, fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })],
  [{ type: 'bool' }, fc.boolean()],
  [{ type: 'address' }, bytesOf(20).map((hex) => getAddress(hex))],
  [{ type: 'bytes4' }, bytesOf(4)],
  [{ type: 'bytes32' }, bytesOf(32)],
  [{ type: 'uint8[3]' }, fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 3, maxLength: 3 })],
  [{ type: 'bool[2][3]' }, fc.array(fc.tuple(fc.boolean(), fc.boolean()), { minLength: 3, maxLength: 3 })],
  [{ type: 'tuple', components: [{ name: 'a', type: 'uint256' }, { name: 'b', type: 'bytes4[2]' }] }, fc.record({ a: word256, b: fc.tuple(bytesOf(4), bytesOf(4)) })],
  [
    { type: 'tuple[2]', components: [{ name: 'on', type: 'bool' }, { name: 'in_', type: 'tuple', components: [{ name: 'x', type: 'uint256' }] }] },
    fc.array(fc.record({ on: fc.boolean(), in_: fc.record({ x: word256 }) }), { minLength: 2, maxLength: 2 }),
  ],
] as const satisfies readonly (readonly [AbiParameter, fc.Arbitrary<unknown>])[]

const ofDynamicLength = [
  [{ type: 'string' }, fc.string({ maxLength: 70 })],
  [{ type: 'bytes' }, fc.uint8Array({ maxLength: 70 }).map((bytes) => bytesToHex(bytes))],
  [{ type: 'uint256[]' }, fc.array(word256, { maxLength: 3 })],
  [{ type: 'uint256[2][]' }, fc.array(fc.tuple(word256, word256), { maxLength: 3 })],
  [{ type: 'string[2]' }, fc.tuple(fc.string({ maxLength: 40 }), fc.string({ maxLength: 40 }))],
  [{ type: 'tuple', components: [{ name: 'a', type: 'uint256' }, { name: 'b', type: 'bytes' }] }, fc.record({ a: word256, b: fc.uint8Array({ maxLength: 40 }).map((bytes) => bytesToHex(bytes)) })],
] as const satisfies readonly (readonly [AbiParameter, fc.Arbitrary<unknown>])[]

const ofFixedLength = fc.oneof(...nameless.map(([input, values]) => two(input, values)))
const ofAnyLength = fc.oneof(ofFixedLength, ...ofDynamicLength.map(([input, values]) => two(input, values)))

function pinnable(args: readonly Argument[]): Pinnable {
  const inputs = args.map(({ input }, index) => ({ ...input, name: `x${index}` }))
  return {
    item: { type: 'function', name: 'act', stateMutability: 'nonpayable', inputs, outputs: [] },
    values: args.map(({ value }) => value),
    others: args.map(({ other }) => other),
  }
}

const calldata = ({ item }: Pinnable, args: readonly unknown[]) => encodeFunctionData({ abi: [item], args })
const scopeOf = ({ item }: Pinnable, args: readonly unknown[]) => {
  const [scope] = contractCall({ address, abi: [item] as const satisfies AbiFunction[], functions: [{ name: item.name, args }] as never }).functions ?? []
  return calldataScope(scope as { signature: string })
}

describe('arguments pinned one by one', () => {
  test.each([
    ['a first word', 'f(uint256 a, uint256 b)', [word(7n), null], [[4, word(7n)]]],
    ['a later word', 'f(uint256 a, uint256 b)', [null, word(7n)], [[36, word(7n)]]],
    ['a word after a fixed array', 'f(uint256[3] a, uint256 b)', [null, word(7n)], [[4 + 96, word(7n)]]],
    ['a word after an array of fixed arrays', 'f(uint8[2][3] a, bool b)', [null, word(1n)], [[4 + 192, word(1n)]]],
    ['a word after a tuple', 'f((uint256 x, (bool y, bytes4 z) w) a, uint256 b)', [null, word(7n)], [[4 + 96, word(7n)]]],
    ['a word after an array of tuples', 'f((uint256 x, bool y)[2] a, uint256 b)', [null, word(7n)], [[4 + 128, word(7n)]]],
    ['a word after a string, which takes one word in the head', 'f(string a, uint256 b)', [null, word(7n)], [[36, word(7n)]]],
    ['a word after a fixed array of strings, which takes one too', 'f(string[4] a, uint256 b)', [null, word(7n)], [[36, word(7n)]]],
    ['a word after a tuple of dynamic length, which takes one too', 'f((uint256 x, bytes y) a, uint256 b)', [null, word(7n)], [[36, word(7n)]]],
    ['a whole fixed array', 'f(uint256[2] a, uint256 b)', [encoded('uint256[2]', [7n, 8n]), null], [[4, concatHex([word(7n), word(8n)])]]],
    ['a whole tuple', 'f(bool a, (uint256 x, bool y) b, bool c)', [null, encoded('(uint256 x, bool y)', { x: 7n, y: true }), null], [[36, concatHex([word(7n), word(1n)])]]],
    ['two words around a free one', 'f(uint256 a, uint256 b, uint256 c)', [word(7n), null, word(9n)], [[4, word(7n)], [68, word(9n)]]],
  ] as const)('%s', (_what, signature, args, ranges) => {
    expect(calldataScope({ signature, args })).toEqual({
      type: 'ranges',
      selector: toFunctionSelector(parseFunctionSignature(signature)),
      ranges: ranges.map(([start, value]) => ({ start, value })),
    })
  })

  test('calldata with the pinned values fits, with any other value of one of them does not', () => {
    const cases = fc
      .array(fc.record({ argument: ofAnyLength, pinned: fc.boolean() }), { minLength: 2, maxLength: 5 })
      .map((args) => args.map(({ argument, pinned }) => ({ argument, pinned: pinned && ofFixed(argument.input) })))
      .filter((args) => args.some(({ pinned }) => pinned) && args.some(({ pinned }) => !pinned))
    fc.assert(
      fc.property(cases, (args) => {
        const call = pinnable(args.map(({ argument }) => argument))
        const scope = scopeOf(call, call.values.map((value, index) => (args[index]?.pinned ? value : undefined)))
        expect(scope.type).toBe('ranges')
        args.forEach(({ pinned }, index) => {
          const changed = call.values.map((value, at) => (at === index ? call.others[at] : value))
          expect(calldataFits(scope, calldata(call, changed))).toBe(pinned ? 'other-argument' : 'fits')
        })
        expect(calldataFits(scope, calldata(call, call.values))).toBe('fits')
      }),
      { numRuns },
    )
  })
})

describe('all arguments pinned', () => {
  test('is the whole calldata, of whatever length: it fits, and with any other value it does not', () => {
    fc.assert(
      fc.property(fc.array(ofAnyLength, { minLength: 1, maxLength: 4 }), (args) => {
        const call = pinnable(args)
        const scope = scopeOf(call, call.values)
        expect(scope).toEqual({ type: 'exact', selector: toFunctionSelector(call.item), data: calldata(call, call.values) })
        expect(calldataFits(scope, calldata(call, call.values))).toBe('fits')
        args.forEach((_, index) => {
          const changed = call.values.map((value, at) => (at === index ? call.others[at] : value))
          expect(calldataFits(scope, calldata(call, changed))).toBe('other-argument')
        })
      }),
      { numRuns },
    )
  })

  test('bytes after the arguments do not fit', () => {
    const scope = calldataScope({ signature: 'burn(uint256 id)', args: [word(7n)] })
    const data = concatHex([toFunctionSelector('burn(uint256)'), word(7n)])
    expect(calldataFits(scope, data)).toBe('fits')
    expect(calldataFits(scope, `${data}00`)).toBe('other-argument')
  })
})

describe('no argument pinned', () => {
  test.each([undefined, [], [null, null]] as const)('%j is the selector alone', (args) => {
    const selector = toFunctionSelector('f(uint256,string)')
    expect(calldataScope({ signature: 'f(uint256 a, string b)', args })).toEqual({ type: 'selector', selector })
    expect(calldataFits({ type: 'selector', selector }, selector)).toBe('fits')
  })
})

describe('other functions', () => {
  test.each(['0x', '0x00', '0xa9059c', '0xdeadbeef'] as const)('%s is another function', (data) => {
    for (const args of [undefined, [word(7n), null], [word(7n), word(8n)]] as const) {
      expect(calldataFits(calldataScope({ signature: 'transfer(uint256 a, uint256 b)', args }), data)).toBe('other-function')
    }
  })

  test('calldata cut off before or inside a pinned argument is another argument, as the enforcer reads no zeros past the end', () => {
    const scope = calldataScope({ signature: 'f(uint256 a, uint256 b)', args: [null, word(0n)] })
    const selector = toFunctionSelector('f(uint256,uint256)')
    for (const data of [selector, concatHex([selector, word(1n)]), concatHex([selector, word(1n), word(0n)]).slice(0, -2) as Hex]) {
      expect(calldataFits(scope, data)).toBe('other-argument')
    }
  })
})

describe('what cannot be pinned', () => {
  test.each([
    ['string', 'f(string a, uint256 b)', encoded('string', 'x')],
    ['bytes', 'f(bytes a, uint256 b)', encoded('bytes', '0x12')],
    ['list', 'f(uint256[] a, uint256 b)', encoded('uint256[]', [1n])],
    ['list of fixed arrays', 'f(uint256[2][] a, uint256 b)', encoded('uint256[2][]', [[1n, 2n]])],
    ['fixed array of lists', 'f(uint256[][2] a, uint256 b)', encoded('uint256[][2]', [[1n], []])],
    ['tuple with a string in it', 'f((uint256 x, (bool y, string z) w) a, uint256 b)', encoded('(uint256 x, (bool y, string z) w)', { x: 1n, w: { y: true, z: 'x' } })],
  ])('a %s beside a free argument', (_what, signature, value) => {
    const scope = () => calldataScope({ signature, args: [value, null] })
    expect(scope).toThrow(UnpinnableArgumentError)
    expect(scope).toThrow(`Argument 0 of ${signature} has no fixed length`)
    expect(scope).toThrow('Pin every argument of the function, or leave this one undefined.')
  })

  test('it is the argument that is named, not its neighbour', () => {
    expect(() => calldataScope({ signature: 'f(uint256 a, uint256 b, string c)', args: [word(1n), null, encoded('string', 'x')] })).toThrow('Argument 2 of')
  })

  test('more or fewer values than arguments', () => {
    for (const args of [[word(1n)], [word(1n), null, null]] as const) {
      expect(() => calldataScope({ signature: 'f(uint256 a, uint256 b)', args })).toThrow(InvalidPermissionError)
    }
  })

  test.each(['0x', '0x01', word(2n)] as const)('%s is no bool', (value) => {
    for (const args of [[value, null], [value, word(1n)]]) {
      expect(() => calldataScope({ signature: 'f(bool a, uint256 b)', args })).toThrow(InvalidPermissionError)
    }
  })

  test('text that is no signature', () => {
    expect(() => calldataScope({ signature: 'all of it', args: undefined })).toThrow(InvalidPermissionError)
  })
})

describe('groups', () => {
  const functions = [
    { signature: 'burn(uint256 id)', args: [word(1n)] },
    { signature: 'mint(address to)' },
    { signature: 'burn(uint256 id)', args: [word(2n)] },
    { signature: 'sharpen()' },
    { signature: 'craft(uint256 a, uint256 b)', args: [word(3n), null] },
  ] as const
  const groups = functionGroups(functions)
  const burn = (id: bigint) => concatHex([toFunctionSelector('burn(uint256)'), word(id)])

  test('unpinned functions are one, each pinned one stands alone', () => {
    expect(groups.map(({ type }) => type)).toEqual(['selectors', 'exact', 'exact', 'ranges'])
    expect(groups[0]).toEqual({ type: 'selectors', selectors: [toFunctionSelector('mint(address)'), toFunctionSelector('sharpen()')] })
  })

  test.each([
    ['an unpinned function', toFunctionSelector('sharpen()'), { index: 0 }],
    ['the first pinned value', burn(1n), { index: 1 }],
    ['the second pinned value of the same function', burn(2n), { index: 2 }],
    ['a pinned range', concatHex([toFunctionSelector('craft(uint256,uint256)'), word(3n), word(99n)]), { index: 3 }],
    ['another value', burn(3n), { refused: 'other-argument' }],
    ['another function', toFunctionSelector('steal()'), { refused: 'other-function' }],
    ['no function', '0x' as Hex, { refused: 'other-function' }],
  ])('%s', (_what, data, found) => expect(findFunctionGroup(groups, data)).toMatchObject(found))

  test('a signature that is written and read again means the same function', () => {
    for (const [input] of [...nameless, ...ofDynamicLength]) {
      const item: AbiFunction = { type: 'function', name: 'act', stateMutability: 'nonpayable', inputs: [{ ...input, name: 'x' }], outputs: [] }
      expect(toFunctionSelector(parseFunctionSignature(functionSignature(item)))).toBe(toFunctionSelector(item))
    }
  })
})

/** By the ABI's own rule: what is static is encoded in place, so its size does not depend on the value. */
function ofFixed(input: AbiParameter): boolean {
  return nameless.some(([one]) => one === input)
}
