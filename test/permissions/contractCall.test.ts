import { encodeAbiParameters, erc20Abi, parseAbi, parseAbiItem, parseUnits, toFunctionSelector, type Abi, type Address } from 'viem'
import { describe, expect, test } from 'vitest'
import { contractCall } from '../../src/permissions/contractCall.js'
import { InvalidPermissionError } from '../../src/permissions/errors.js'
import { functionSignature, parseFunctionSignature } from '../../src/permissions/functionSignature.js'

const sword: Address = '0x5FbDB2315678afecb367f032d93F642f64180aa3'
const shop: Address = '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC'
const startTime = 1_800_000_000

const abi = parseAbi([
  'struct Line { bytes32 id; string note; }',
  'struct Order { address maker; uint256[2] amounts; Line[] lines; }',
  'function mint(address to)',
  'function sharpen()',
  'function burn(uint256 id)',
  'function burn(uint256 id, string reason)',
  'function fill(Order order, uint8 side) payable',
  'function ownerOf(uint256 id) view returns (address)',
])

const uint256 = (value: bigint) => encodeAbiParameters([{ type: 'uint256' }], [value])

test('says which contract, and by default nothing more: no value, no call limit, no functions', () => {
  expect(contractCall({ address: sword, abi })).toEqual({ type: 'contract-call', address: sword, valueLimit: 0n })
})

test('keeps every limit that is given', () => {
  expect(contractCall({ address: sword, abi, functions: ['mint'], callLimit: 50, valueLimit: 7n, startTime, optional: true })).toEqual({
    type: 'contract-call',
    address: sword,
    functions: [{ signature: 'mint(address to)' }],
    callLimit: 50,
    valueLimit: 7n,
    startTime,
    optional: true,
  })
})

test('a limit that is left out leaves no key behind, so that two ways to write it compare equal', () => {
  const written = contractCall({ address: sword, abi, functions: undefined, callLimit: undefined, startTime: undefined, optional: false })
  expect(Object.keys(written)).toEqual(Object.keys(contractCall({ address: sword, abi })))
})

test('an empty list of functions stays empty: it is never widened to the whole contract', () => {
  expect(contractCall({ address: sword, abi, functions: [] }).functions).toEqual([])
})

describe('functions', () => {
  test('by name', () => {
    expect(contractCall({ address: sword, abi, functions: ['mint', 'sharpen'] }).functions).toEqual([
      { signature: 'mint(address to)' },
      { signature: 'sharpen()' },
    ])
  })

  test.each(['burn(uint256,string)', 'burn(uint256 id, string reason)', 'burn(uint256 anything, string)'] as const)('an overloaded one by %s', (name) => {
    expect(contractCall({ address: sword, abi, functions: [name] }).functions).toEqual([{ signature: 'burn(uint256 id, string reason)' }])
  })

  test('structs are written out, with the names of their parts', () => {
    const [fill] = contractCall({ address: sword, abi, functions: ['fill'] }).functions ?? []
    expect(fill).toEqual({
      signature: 'fill((address maker, uint256[2] amounts, (bytes32 id, string note)[] lines) order, uint8 side)',
    })
  })

  test('an overloaded name is refused, and the ways to say it are shown', () => {
    const call = () => contractCall({ address: sword, abi, functions: ['burn'] })
    expect(call).toThrow(InvalidPermissionError)
    expect(call).toThrow('The ABI has 2 functions named burn.')
    expect(call).toThrow('Give the signature: burn(uint256 id) or burn(uint256 id, string reason).')
  })

  test.each(['mnit', 'mint(uint256)', 'burn(address,string)'])('%s, which the ABI lacks, is refused', (name) => {
    const call = () => contractCall({ address: sword, abi: abi as Abi, functions: [name] })
    expect(call).toThrow(InvalidPermissionError)
    expect(call).toThrow(`The ABI has no function ${name}.`)
  })
})

describe('arguments', () => {
  test('are pinned by their own encoding, and undefined allows any value', () => {
    const usd = parseUnits('20', 6)
    const functions = [{ name: 'approve', args: [shop, usd] }, { name: 'transfer', args: [shop, undefined] }] as const
    expect(contractCall({ address: sword, abi: erc20Abi, functions }).functions).toEqual([
      { signature: 'approve(address spender, uint256 amount)', args: [encodeAbiParameters([{ type: 'address' }], [shop]), uint256(usd)] },
      { signature: 'transfer(address recipient, uint256 amount)', args: [encodeAbiParameters([{ type: 'address' }], [shop]), null] },
    ])
  })

  test('zero, false and the empty string are values, not "any"', () => {
    const falsy = parseAbi(['function set(uint256 a, bool b, string c)'])
    const [set] = contractCall({ address: sword, abi: falsy, functions: [{ name: 'set', args: [0n, false, ''] }] }).functions ?? []
    expect(set?.args).toEqual([uint256(0n), uint256(0n), encodeAbiParameters([{ type: 'string' }], [''])])
  })

  test('none given, or every one undefined, pins nothing', () => {
    const call = (args: readonly unknown[] | undefined) =>
      contractCall({ address: sword, abi: abi as Abi, functions: [{ name: 'mint', args }] }).functions
    for (const args of [undefined, [], [undefined]]) expect(call(args)).toEqual([{ signature: 'mint(address to)' }])
  })

  test('those left out at the end are free', () => {
    const functions = [{ name: 'burn(uint256,string)', args: [7n] }]
    expect(contractCall({ address: sword, abi: abi as Abi, functions }).functions?.[0]?.args).toEqual([uint256(7n), null])
  })

  test('one too many is refused: it would be a limit that nobody keeps', () => {
    const call = () => contractCall({ address: sword, abi: abi as Abi, functions: [{ name: 'mint', args: [shop, 1n] }] })
    expect(call).toThrow(InvalidPermissionError)
    expect(call).toThrow('mint(address to) takes 1 arguments, 2 are pinned.')
  })
})

describe('a signature', () => {
  test.each(abi.filter((item) => item.type === 'function').map((item) => [functionSignature(item), item] as const))(
    '%s is read back as the function it was written from',
    (signature, item) => {
      expect(toFunctionSelector(parseFunctionSignature(signature))).toBe(toFunctionSelector(item))
      expect(functionSignature(parseFunctionSignature(signature))).toBe(signature)
    },
  )

  test('has canonical types, also where the ABI item was written by hand', () => {
    const item = parseAbiItem('function f(uint256[3][] a, (bool, (int8 x)[2] y) b)')
    expect(functionSignature(item)).toBe('f(uint256[3][] a, (bool, (int8 x)[2] y) b)')
  })

  test.each(['', 'mint', 'mint(', 'mint(address to', 'mint(addr to)', 'event Minted()', '0xa9059cbb', 'mint(address to) ; burn()'])(
    '"%s" is none',
    (signature) => expect(() => parseFunctionSignature(signature)).toThrow(InvalidPermissionError),
  )

  test('a very long one is not repeated in full', () => {
    const long = 'x'.repeat(100_000)
    expect(() => parseFunctionSignature(long)).toThrow(expect.objectContaining({ message: expect.not.stringContaining('x'.repeat(121)) }))
  })
})
