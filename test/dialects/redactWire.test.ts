import { bytesToHex, hexToBytes, type Hex } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { describe, expect, test } from 'vitest'
import { redactText, redactWire, secretsIn } from '../../src/dialects/redactWire.js'
import { findForms, keyForms } from '../harness/secretForms.js'

const key = generatePrivateKey()
const digits = key.slice(2)
const bytes = hexToBytes(key)
const longer = hexToBytes(`0x${digits}${digits}1b`)

/** Under names that say nothing, wherever a value can be. */
const places: readonly [string, (secret: unknown) => unknown][] = [
  ['a value', (secret) => secret],
  ['deep inside', (secret) => [{ permission: { data: { note: [secret] } } }]],
  ['the name of a field', (secret) => ({ [String(secret)]: true })],
  ['within a sentence', (secret) => `It failed with ${String(secret)}, sadly`],
  ['an error', (secret) => Object.assign(new Error(`because of ${String(secret)}`), { code: -32603, data: { originalError: secret } })],
  ['JSON in a text', (secret) => JSON.stringify({ secret: String(secret) })],
]
const forms: readonly [string, unknown][] = [
  ['hex', key],
  ['hex without 0x', digits],
  ['hex in capitals', digits.toUpperCase()],
  ['base64', Buffer.from(bytes).toString('base64')],
  ['base64url', Buffer.from(bytes).toString('base64url')],
  ['base64 for an address line', encodeURIComponent(Buffer.from(bytes).toString('base64'))],
  ['base64 of a longer one', Buffer.from(longer).toString('base64')],
  ['a decimal number', BigInt(key).toString()],
  ['a bigint', BigInt(key)],
  ['bytes as text', Buffer.from(bytes).toString('latin1')],
  ['a list of bytes', [...bytes]],
  ['a list of bytes as text', [...bytes].join(', ')],
  ['bytes', bytes],
  ['bytes as JSON has them', JSON.parse(JSON.stringify(bytes))],
  ['a signature', bytesToHex(longer)],
]

describe.each(forms)('a key as %s', (_, secret) => {
  test.each(places)('as %s', (_, put) => {
    expect(findForms({ log: [JSON.stringify(redactWire(put(secret)))] }, keyForms(key))).toEqual([])
  })
})

test('what stands under a secret’s name is left out however short it is, and struck elsewhere', () => {
  const sent = { permissionsContext: '0xdeadbeefcafe', apiKey: 'abcdef12', signature: '0x1234567890' }
  expect(redactWire(sent)).toEqual({ permissionsContext: '[left out: 6 bytes]', apiKey: '[left out: 4 bytes]', signature: '[left out: 5 bytes]' })
  expect(redactText('unknown permission 0xDEADBEEFCAFE', secretsIn(sent))).toBe('unknown permission 0x[left out: a secret]')
})

test('addresses of nodes lose what lets one in', () => {
  expect(redactText('URL: https://me:secret@node.example/v3/0123456789abcdef?key=1, and no more')).toBe('URL: https://node.example/… and no more')
})

test('what is no secret is there to be read', () => {
  const { address } = privateKeyToAccount(key)
  const request = [
    {
      chainId: '0x7a69',
      from: address,
      to: address,
      permission: { type: 'erc20-token-allowance', data: { tokenAddress: address, allowanceAmount: '0x3635c9adc5dea00000', justification: 'Play on. No more pop-ups!' } },
      rules: [{ type: 'expiry', data: { timestamp: 1_795_000_000 } }],
      calls: [{ signature: 'mint(address to)', to: address }, { signature: '0xa9059cbb' }],
      key: { type: 'secp256k1', publicKey: address, prehash: false },
      sessionKey: address,
      id: 'ses_0f8fad5b-d9cb-469f-a165-70867728950e',
      empty: null,
      atomicRequired: true,
    },
  ]
  expect(redactWire(request)).toEqual(request)
})

test('of calldata the function is told, and not what with', () => {
  const data: Hex = `0xa9059cbb${'00'.repeat(64)}`
  expect(redactWire({ data, other: data })).toEqual({ data: '0xa9059cbb [left out: 64 bytes]', other: '[left out: 68 bytes]' })
})

test('however much there is, little of it is kept', () => {
  const round: { [name: string]: unknown } = {}
  round['itself'] = [round, round]
  const many = Array.from({ length: 5_000 }, (_, index) => ({ index, text: 'so much '.repeat(1_000) }))
  for (const value of [round, many, 'word '.repeat(1_000_000)]) expect(JSON.stringify(redactWire(value)).length).toBeLessThan(60_000)
})
