import { encodeFunctionData, parseAbi, parseEther } from 'viem'
import { describe, expect, test } from 'vitest'
import { emptyDraft, type CallDraft } from '../../src/devtools/check-tab/callDraft.js'
import { argumentLabel, parseCall, readFunction } from '../../src/devtools/check-tab/parseCall.js'

const to = '0x5FbDB2315678afecb367f032d93F642f64180aa3'
const parse = (draft: Partial<CallDraft>) => parseCall({ ...emptyDraft, to, ...draft })

test('a function and its arguments are the call that viem would encode', () => {
  const abi = parseAbi(['function transfer(address to, uint256 amount)'])
  expect(parse({ signature: 'function transfer(address to, uint256 amount) external returns (bool)', args: [to, '1_000'], value: '0.5' })).toEqual({
    call: { to, value: parseEther('0.5'), data: encodeFunctionData({ abi, args: [to, 1000n] }), functionName: 'transfer' },
  })
})

test('lists, tuples and big numbers in them', () => {
  const abi = parseAbi(['function f((address to, uint256[] amounts)[] rows, bool on, bytes data, (uint8, string) pair)'])
  const big = 2n ** 200n
  const args = [`[{"to":"${to}","amounts":[1, ${big}]}]`, 'true', '0x12', '[7, "seven"]']
  expect(parse({ signature: 'f((address to, uint256[] amounts)[] rows, bool on, bytes data, (uint8, string) pair)', args })).toMatchObject({
    call: { data: encodeFunctionData({ abi, args: [[{ to, amounts: [1n, big] }], true, '0x12', [7, 'seven']] }) },
  })
})

test('calldata as it is, and a plain transfer where nothing is called', () => {
  expect(parse({ by: 'calldata', data: ' 0xa9059cbb ' })).toEqual({ call: { to, value: 0n, data: '0xa9059cbb' } })
  expect(parse({ value: '1' })).toEqual({ call: { to, value: parseEther('1'), data: '0x' } })
})

describe('what cannot be read is said, and where', () => {
  test.each<[string, Partial<CallDraft>, string, RegExp]>([
    ['an address', { to: '0x12' }, 'to', /no address/],
    ['a value', { value: '1,5' }, 'value', /0\.05/],
    ['half a byte', { by: 'calldata', data: '0x123' }, 'data', /whole bytes/],
    ['a signature', { signature: 'mint' }, 'signature', /mint\(address to\)/],
    ['what follows a signature', { signature: 'mint(address to); transfer(address to)' }, 'signature', /mint\(address to\)/],
    ['an argument', { signature: 'mint(address to)', args: ['gold'] }, 'arguments', /gold.* is invalid/],
    ['a number', { signature: 'mint(uint256 id)', args: ['1.5'] }, 'arguments', /id: uint256.* whole number/],
    ['yes or no', { signature: 'set(bool on)', args: ['yes'] }, 'arguments', /on: bool.* true or false/],
    ['a list', { signature: 'mint(uint256[] ids)', args: ['1, 2'] }, 'arguments', /JSON/],
    ['a number that is too large', { signature: 'mint(uint8 id)', args: ['256'] }, 'arguments', /256/],
  ])('%s', (_, draft, field, message) => {
    expect(parse(draft)).toEqual({ problem: { field, message: expect.stringMatching(message) } })
  })
})

test('each argument is named by what the signature says', () => {
  expect(readFunction('f(address, uint256 amount)')?.inputs.map(argumentLabel)).toEqual(['argument 1: address', 'amount: uint256'])
})
