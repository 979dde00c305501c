/** What clear-signing files make of pinned arguments (ERC-7730, "Field formats"), those that try to make too much of them included. */
import fc from 'fast-check'
import { encodeAbiParameters, maxUint256, parseAbiItem, type AbiFunction, type Address } from 'viem'
import { describe, expect, test } from 'vitest'
import { ar } from '../../src/locales/ar/index.js'
import { es } from '../../src/locales/es/index.js'
import { contractWords } from '../../src/permissions/clearSigning.js'
import { describeAppWords } from '../../src/permissions/describeAppWords.js'
import { descriptionContext, type DescribeOptions } from '../../src/permissions/description.js'
import type { ContractCallPermission } from '../../src/permissions/permission.js'
import { contracts, metadata, now, people } from './permissionArbitrary.js'
import { plain } from './wordReaders.js'

const [sword, gold, usdc, stranger] = contracts as unknown as [Address, Address, Address, Address]
const [account, shop] = people as unknown as [Address, Address]
const nativePlaceholder = '0xEeeeeEeeeEeEeeEeEeEeeEEEeeeeEeeeeeeeEEeE'
const options: DescribeOptions = { metadata, nativeCurrency: { symbol: 'ETH', decimals: 18 }, timeZone: 'UTC', now }

type Field = { [key: string]: unknown }
type Given = { fields: unknown; file?: object; definitions?: object; permission?: Partial<ContractCallPermission>; options?: DescribeOptions }

/** What the file says of one call of `signature` that is pinned to `args`; undefined leaves one free. */
function said(signature: string, args: readonly unknown[], { fields, file = {}, definitions, permission, options: given }: Given) {
  const { inputs } = parseAbiItem(`function ${signature}` as 'function f()') as AbiFunction
  const pinned = inputs.map((input, index) => (args[index] === undefined ? null : encodeAbiParameters([input], [args[index]])))
  const descriptor = { context: { contract: { deployments: [{ chainId: 8453, address: sword }] } }, metadata: file, display: { definitions, formats: { [signature]: { fields } } } }
  const words = contractWords([descriptor], 8453, sword)
  if (!words) return undefined
  const [one] = describeAppWords(descriptionContext({ ...options, ...given }), {
    permission: { type: 'contract-call', address: sword, functions: [{ signature, args: pinned }], valueLimit: 0n, ...permission },
    words,
    chainId: 8453,
    account,
  })
  return one?.arguments.map(({ label, value, path, exact }) => ({ label, value: plain(value), path, exact }))
}

/** Of one number. */
function number(value: bigint, format: string | undefined, params?: unknown, more: Partial<Given> & { type?: string } = {}) {
  return said(`f(${more.type ?? 'uint256'} n)`, [value], { fields: [{ path: 'n', label: 'Figure', format, params }], ...more })?.[0]?.value
}

describe('formats', () => {
  test.each<[string, string | undefined, bigint, unknown, string, string?]>([
    ['raw', 'raw', 12_345n, undefined, '12,345'],
    ['none', undefined, 1_000n, undefined, '1000'],
    ['amount', 'amount', 198_661_440_000_000_000n, undefined, '0.19866144 ETH'],
    ['tokenAmount of the contract itself', 'tokenAmount', 5n, { tokenPath: '@.to' }, '5 raw units of Sword'],
    ['tokenAmount, by a constant', 'tokenAmount', 25_500_000n, { token: usdc }, '25.5 USDC'],
    ['tokenAmount, by a constant of the file', 'tokenAmount', 25_500_000n, { token: '$.metadata.constants.usdc' }, '25.5 USDC'],
    ['tokenAmount of a token that says nothing', 'tokenAmount', 25n, { token: stranger }, '25 raw units of 0x9fE4…a6e0'],
    ['tokenAmount in the native token', 'tokenAmount', 2n * 10n ** 15n, { token: nativePlaceholder, nativeCurrencyAddress: ['$.metadata.constants.native'] }, '0.002 ETH'],
    ['tokenAmount below its threshold', 'tokenAmount', 99n, { token: usdc, threshold: '100', message: 'All' }, '0.000099 USDC'],
    ['tokenAmount at its threshold', 'tokenAmount', 100n, { token: usdc, threshold: '0x64', message: 'All' }, '“All” (0.0001 USDC)'],
    ['tokenAmount above a threshold without a message', 'tokenAmount', 10n ** 6n, { token: usdc, threshold: 100 }, 'USDC without limit (1 USDC)'],
    ['tokenAmount without limit', 'tokenAmount', maxUint256, { token: usdc, threshold: '$.metadata.constants.max' }, 'USDC without limit'],
    ['date', 'date', 1_709_191_632n, { encoding: 'timestamp' }, 'Thu, 29 Feb 2024, 07:27 UTC'],
    ['date by block', 'date', 19_332_140n, { encoding: 'blockheight' }, 'block 19,332,140'],
    ['duration', 'duration', 8_250n, undefined, '2 hours, 17 minutes, 30 seconds'],
    ['duration of nothing', 'duration', 0n, undefined, '0 seconds'],
    ['unit', 'unit', 3_000n, { base: '%', decimals: 4 }, '0.3 % (3000)'],
    ['unit with a prefix', 'unit', 36_000n, { base: 's', prefix: true }, '36 ks (36,000)'],
    ['unit with a small prefix', 'unit', 5n, { base: 'm', decimals: 5, prefix: true }, '50 µm (5)'],
    ['unit with a sign', 'unit', -15n, { base: 'd', decimals: 1 }, '-1.5 d (-15)', 'int256'],
    ['enum', 'enum', 2n, { $ref: '$.metadata.enums.rate' }, '“variable” (2)'],
    ['nftName', 'nftName', 1036n, { collection: sword }, 'Sword (0x5FbD…0aa3) #1036'],
    ['nftName of the contract', 'nftName', 7n, { collectionPath: '@.to' }, 'Sword (0x5FbD…0aa3) #7'],
  ])('%s', (_, format, value, params, words, type) => {
    const file = { enums: { rate: { 1: 'stable', 2: 'variable' } }, constants: { usdc, native: nativePlaceholder, max: `0x${'f'.repeat(64)}` } }
    expect(number(value, format, params, { file, ...(type ? { type } : {}) })).toBe(words)
  })

  test('addressName is what the chain says, beside the address; a file that wants other sources gets the address', () => {
    const named = (params?: object) => said('f(address to)', [gold], { fields: [{ path: 'to', label: 'For whom', format: 'addressName', params }] })?.[0]
    expect(named()).toEqual({ label: '“For whom”', value: 'Gold (0xe7f1…0512)', path: 'to', exact: gold })
    expect(named({ types: ['eoa'], sources: ['ens'] })?.value).toBe('0xe7f1…0512')
  })

  test('calldata is a call inside the call, and nothing else', () => {
    const [one] = said('f(bytes action)', [`0xa9059cbb${'00'.repeat(64)}`], { fields: [{ path: 'action', label: 'Harmless', format: 'calldata', params: { calleePath: '@.to' } }] }) ?? []
    expect(one).toMatchObject({ value: 'a call inside the call, which this screen cannot show', exact: `0xa9059cbb${'00'.repeat(64)}` })
  })

  test('raw values of every type', () => {
    const fields = ['a', 'b', 'c', 'd', 'e'].map((path) => ({ path, label: path, format: 'raw' }))
    expect(said('f(address a,bool b,bytes c,string d,(uint256 x,bool y) e)', [shop, true, '0x1234', 'hello', { x: 1n, y: false }], { fields })?.map(({ value }) => value)).toEqual([
      '0x90F7…b906',
      'true',
      '0x1234',
      '“hello”',
      '["1",false]',
    ])
  })

  test('in other languages', () => {
    const translated = (messages: DescribeOptions['messages'], format: string, params: object) => number(19_332_140n, format, params, { options: { messages } })
    expect(translated(es, 'date', { encoding: 'blockheight' })).toBe('bloque 19.332.140')
    expect(translated(ar, 'date', { encoding: 'blockheight' })).toBe('الكتلة 19,332,140')
    expect(translated(es, 'tokenAmount', { token: usdc, threshold: 1, message: 'Todo' })).toBe('«Todo» (19,33214 USDC)')
  })
})

describe('what is not understood is shown as it stands', () => {
  test.each<[string, string, unknown, Partial<Given>?]>([
    ['a format of tomorrow', 'hologram', {}],
    ['a format that every object has', 'constructor', {}],
    ['no token', 'tokenAmount', {}],
    ['two tokens', 'tokenAmount', { token: usdc, tokenPath: '@.to' }],
    ['a token on another chain', 'tokenAmount', { token: usdc, chainId: 1 }],
    ['a token on a chain that would have to be looked up', 'tokenAmount', { token: usdc, chainIdPath: '@.chainId' }],
    ['a token that is no address', 'tokenAmount', { token: 'USDC' }],
    ['a token at a path that leads nowhere', 'tokenAmount', { tokenPath: 'elsewhere' }],
    ['a token behind a map', 'tokenAmount', { token: { map: '$.metadata.maps.token', keyPath: '@.chainId' } }],
    ['a constant that refers to another', 'tokenAmount', { token: '$.metadata.constants.loop' }, { file: { constants: { loop: '$.metadata.constants.loop' } } }],
    ['a constant outside of the constants', 'tokenAmount', { token: '$.context.contract.deployments' }],
    ['a constant of the prototype', 'tokenAmount', { token: '$.metadata.constants.toString' }, { file: { constants: {} } }],
    ['a date without an encoding', 'date', {}],
    ['an encoding of tomorrow', 'date', { encoding: 'epoch' }],
    ['a unit without a name', 'unit', {}],
    ['more decimals than there are', 'unit', { base: '%', decimals: 78 }],
    ['half a decimal', 'unit', { base: '%', decimals: 0.5 }],
    ['a prefix that is no yes or no', 'unit', { base: '%', prefix: 'yes' }],
    ['an enum that is not there', 'enum', { $ref: '$.metadata.enums.rate' }],
    ['an enum without the value', 'enum', { $ref: '$.metadata.enums.rate' }, { file: { enums: { rate: { 1: 'stable' } } } }],
    ['an enum of the prototype', 'enum', { $ref: '$.metadata.enums.__proto__' }, { file: { enums: {} } }],
    ['an enum that is huge', 'enum', { $ref: '$.metadata.enums.rate' }, { file: { enums: { rate: { 1000: 'x'.repeat(100_000) } } } }],
    ['an NFT without a collection', 'nftName', {}],
    ['a call in a number', 'calldata', { callee: gold }],
    ['a name in a number', 'addressName', {}],
    ['parameters that are none', 'tokenAmount', 'token'],
  ])('%s', (_, format, params, more) => {
    expect(number(1_000n, format, params, more)).toBe('1000')
  })

  test('moments and lengths beyond all measure, and negative amounts', () => {
    expect(number(maxUint256, 'date', { encoding: 'timestamp' })).toBe('the largest possible value')
    expect(number(10n ** 15n, 'date', { encoding: 'timestamp' })).toBe('1,000,000,000,000,000')
    expect(number(10n ** 15n, 'duration')).toBe('1,000,000,000,000,000')
    expect(number(-5n, 'tokenAmount', { token: usdc }, { type: 'int256' })).toBe('-5')
    expect(number(-5n, 'amount', {}, { type: 'int256' })).toBe('-5')
  })

  test('what is encrypted', () => {
    expect(said('f(uint256 n)', [1_000n], { fields: [{ path: 'n', label: 'Amount', format: 'amount', encryption: { scheme: 'fhevm' } }] })?.[0]?.value).toBe('1000')
  })
})

describe('paths', () => {
  const swap = 'swap((bytes path,address to,uint256[] amounts,(address token,uint256 amount)[] legs,uint256 packed) order,uint256 fee)'
  const order = {
    path: `0x${usdc.slice(2)}0001f4${gold.slice(2)}`,
    to: shop,
    amounts: [1_000_000n, 2_000_000n, 3_000_000n],
    legs: [
      { token: usdc, amount: 1_500_000n },
      { token: gold, amount: 2n * 10n ** 18n },
    ],
    packed: BigInt(usdc) + (7n << 160n),
  }
  const shown = (field: Field | Field[], args: readonly unknown[] = [order, 30n], more: Partial<Given> = {}) =>
    said(swap, args, { fields: [field].flat().map((one) => ({ label: 'It', ...one })), ...more })?.map(({ value }) => value)
  const leg = (token: unknown) => ({ path: 'order.amounts.[0]', format: 'tokenAmount', params: { tokenPath: token } })

  test.each<[string, Field, string]>([
    ['relative', { path: 'order.to' }, '0x90F7…b906'],
    ['from the arguments', { path: '#.order.to' }, '0x90F7…b906'],
    ['an element', { path: 'order.amounts.[1]' }, '2,000,000'],
    ['an element, written as the ERC’s examples do', { path: 'order.amounts[1]' }, '2,000,000'],
    ['the last element', { path: 'order.amounts.[-1]' }, '3,000,000'],
    ['a member of an element', { path: 'order.legs.[1].amount' }, '2,000,000,000,000,000,000'],
    ['each element', { path: 'order.amounts.[]' }, '1,000,000, 2,000,000, 3,000,000'],
    ['each element, where the path ends on the list', { path: 'order.amounts' }, '1,000,000, 2,000,000, 3,000,000'],
    ['a part of the list', { path: 'order.amounts.[1:]' }, '2,000,000, 3,000,000'],
    ['bytes of bytes', { path: 'order.path.[20:23]' }, '0x0001f4'],
    ['an address in bytes', { path: 'order.path.[-20:]', format: 'addressName' }, 'Gold (0xe7f1…0512)'],
    ['an address in a number', { path: 'order.packed.[-20:]', format: 'addressName' }, 'USD Coin (0xA0b8…eB48)'],
    ['a number in a number', { path: 'order.packed.[0:12]', format: 'unit', params: { base: 'h' } }, '7 h (7)'],
    ['the sender', { path: '@.from', format: 'addressName' }, '0x3C44…93BC'],
    ['the contract', { path: '@.to', format: 'addressName' }, 'Sword (0x5FbD…0aa3)'],
    ['what calls may carry, where that is nothing', { path: '@.value', format: 'amount' }, '0 ETH'],
    ['a token at the front of a route', leg('order.path.[0:20]'), '1 USDC'],
    ['a token of another element', leg('order.legs.[0].token'), '1 USDC'],
    ['tokens side by side with amounts', { path: 'order.legs.[].amount', format: 'tokenAmount', params: { tokenPath: 'order.legs.[].token' } }, '1.5 USDC, 2 GOLD'],
    ['one token for all', { path: 'order.amounts', format: 'tokenAmount', params: { tokenPath: '#.order.legs.[0].token' } }, '1 USDC, 2 USDC, 3 USDC'],
  ])('%s', (_, field, value) => {
    expect(shown(field)).toEqual([value])
  })

  test('groups: their paths go in front, also of what their parameters point to', () => {
    const group = { path: 'order.legs.[]', label: 'Legs', fields: [{ path: 'amount', label: 'Amount', format: 'tokenAmount', params: { tokenPath: 'token' } }] }
    expect(shown(group)).toEqual(['1.5 USDC, 2 GOLD'])
    expect(shown({ fields: [{ path: 'fee', label: 'Fee', format: 'unit', params: { base: 'bps' } }] })).toEqual(['30 bps (30)'])
  })

  test('definitions are looked up, and a field’s own parameters win', () => {
    const definitions = { sent: { label: 'Sent', format: 'tokenAmount', params: { tokenPath: '@.to', threshold: '5', message: 'Lots' } }, loop: { $ref: '$.display.definitions.loop' } }
    const field = { path: 'fee', $ref: '$.display.definitions.sent', params: { tokenPath: 'order.legs.[0].token' } }
    expect(said(swap, [order, 30n], { fields: [field], definitions })).toEqual([{ label: '“Sent”', value: '“Lots” (0.00003 USDC)', path: 'fee', exact: '30' }])
    expect(said(swap, [order, 30n], { fields: [{ path: 'fee', $ref: '$.display.definitions.loop' }], definitions })).toEqual([{ label: 'fee', value: '30', path: 'fee', exact: '30' }])
  })

  test.each<[string, Field, string]>([
    ['a member that is not there', { path: 'fee.amount', format: 'amount' }, '30'],
    ['an element that is not there', { path: 'fee.[3]', format: 'amount' }, '30'],
    ['a step', { path: 'fee.[0:2:1]', format: 'amount' }, '30'],
    ['a filter', { path: 'fee.[?(@.x)]', format: 'amount' }, '30'],
    ['every descendant', { path: 'fee..amount', format: 'amount' }, '30'],
  ])('what it leads nowhere shows the argument as it stands: %s', (_, field, value) => {
    expect(shown(field)).toEqual([value])
  })

  test('nothing that is free, not there, a constant, or hidden has a row', () => {
    for (const path of ['fee', 'nothing', '', '#', '#.', '@.gas', '@.value.x', '$.metadata.owner', '__proto__', 'constructor', '[0]', '#.order.'.repeat(20)]) {
      expect(shown({ path }, [undefined, undefined]), path).toEqual([])
    }
    expect(shown({ path: '@.value', format: 'amount' }, [order, 30n], { permission: { valueLimit: 1n } })).toEqual([])
    expect(shown({ value: '0x1234', label: 'Constant' })).toEqual([])
    expect(shown({ path: 'fee', visible: 'never' })).toEqual([])
    // A token that may be any leaves the amount as it stands.
    expect(said('f(address token,uint256 n)', [undefined, 5n], { fields: [{ path: 'n', label: 'N', format: 'tokenAmount', params: { tokenPath: 'token' } }] })?.[0]?.value).toBe('5')
  })

  test('a list longer than anybody reads is one value', () => {
    const values = Array.from({ length: 5_000 }, (_, index) => BigInt(index))
    const [one] = said('f(uint256[] n)', [values], { fields: [{ path: 'n.[]', label: 'N', format: 'amount' }] }) ?? []
    expect(one?.value).toMatch(/^\["0","1",.*…$/)
    expect([one?.value.length ?? 0, one?.exact.length]).toEqual([60, 2_000])
  })

  test('two arguments of one name are neither', () => {
    expect(said('f(uint256 n,uint256 n)', [1n, 2n], { fields: [{ path: 'n', label: 'N' }] })).toEqual([])
  })
})

describe('hostile files', () => {
  const label = (text: string) => said('f(uint256 n)', [5n], { fields: [{ path: 'n', label: text, format: 'raw' }] })?.[0]?.label
  test.each([
    ['direction', 'Fee\u202E eerF\u202C', '“Fee eerF”'],
    ['lines', 'Fee\n\nNothing to see', '“Fee Nothing to see”'],
    ['closing the quotation', 'Fee” = 0, “x', '“Fee = 0, x”'],
    ['look-alikes', 'F\u0435e', '“F[U+0435]e”'],
    ['nothing at all', '\u200B', 'n'],
    ['length', 'x'.repeat(200), `“${'x'.repeat(39)}…”`],
  ])('labels: %s', (_, text, words) => {
    expect(label(text)).toBe(words)
  })

  test('a unit that would be read with its number, or instead of it', () => {
    expect(number(5n, 'unit', { base: '000 USDC' })).toBe('5 “000 USDC” (5)')
    expect(number(10n ** 18n, 'unit', { base: 'USDC', decimals: 24 })).toBe('0.000001 “USDC” (1,000,000,000,000,000,000)')
  })

  test('a message and an enum say their value beside them', () => {
    expect(number(10n ** 12n, 'tokenAmount', { token: usdc, threshold: 0, message: 'Nothing' })).toBe('“Nothing” (1,000,000 USDC)')
    expect(number(5n, 'enum', { $ref: '$.metadata.enums.e' }, { file: { enums: { e: { 5: '0' } } } })).toBe('“0” (5)')
  })

  test('groups that hold themselves, and more fields than anybody reads', () => {
    const group: { path: string; fields: unknown[] } = { path: 'n', fields: [] }
    group.fields.push(...Array.from({ length: 100 }, () => group))
    const started = performance.now()
    expect(said('f(uint256 n)', [5n], { fields: [group] })).toEqual([])
    expect(said('f(uint256 n)', [5n], { fields: [{ fields: Array.from({ length: 100_000 }, () => ({ path: 'n', label: 'N' })) }] })).toHaveLength(99)
    expect(performance.now() - started).toBeLessThan(2_000)
  })

  test('paths made to be read slowly', () => {
    const slow = ['[', ']', '[-', '[1:', 'a[', 'a[]', 'a.', '.', 'a_', '[]['].map((piece) => piece.repeat(200).slice(0, 200))
    const started = performance.now()
    for (const path of slow) said('f(uint256 a)', [5n], { fields: [{ path, label: 'N', format: 'tokenAmount', params: { tokenPath: path.repeat(1_000) } }] })
    expect(performance.now() - started).toBeLessThan(1_000)
  })

  const key = fc.constantFrom('path', 'label', 'format', 'params', 'fields', '$ref', 'token', 'tokenPath', 'threshold', 'message', 'decimals', 'base', 'prefix', 'encoding', 'collection', 'visible', 'value', '__proto__', 'constructor', 'toString')
  const leaf = fc.oneof(
    fc.constantFrom('n', '#.n', 'n.[0:20]', '@.to', '@.value', '$.metadata.enums.e', '$.metadata.constants.c', '$.display.definitions.d', 'tokenAmount', 'amount', 'date', 'duration', 'unit', 'enum', 'nftName', 'calldata', 'addressName', 'timestamp', usdc, '0', '0xff', '%', '\u202E', '<b>'),
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.integer(),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
  )
  const { json } = fc.letrec((tie) => ({ json: fc.oneof({ maxDepth: 4 }, leaf, fc.array(tie('json'), { maxLength: 4 }), fc.dictionary(key, tie('json'), { maxKeys: 6, noNullPrototype: false })) }))

  test('whatever a file holds, it throws nothing, leaves the value as it is beside its words, and has no tricks left in them', () => {
    fc.assert(
      fc.property(json, json, json, fc.bigInt({ min: 0n, max: maxUint256 }), (params, enums, constants, n) => {
        for (const format of ['tokenAmount', 'amount', 'date', 'duration', 'unit', 'enum', 'nftName', 'calldata', 'addressName', 'raw']) {
          const file = { enums: { e: enums }, constants: { c: constants } }
          const [one] = said('f(uint256 n)', [n], { fields: [{ path: 'n', label: 'N', format, params }], file, definitions: { d: params } }) ?? []
          expect(one?.exact).toBe(String(n))
          expect(one?.value).not.toMatch(/[\u0000-\u001F\u200B-\u200F\u202A-\u202E]/)
        }
      }),
      { numRuns: 200 },
    )
    fc.assert(
      fc.property(json, json, (fields, definitions) => {
        said('f(uint256 n)', [5n], { fields, definitions: { d: definitions } })
        said('f(uint256 n)', [5n], { fields: [fields], definitions: { d: definitions } })
      }),
      { numRuns: 500 },
    )
  }, 60_000)
})
