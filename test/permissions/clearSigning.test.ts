import { toFunctionSelector } from 'viem'
import { expect, test } from 'vitest'
import { contractWords, functionWords } from '../../src/permissions/clearSigning.js'
import { contracts } from './permissionArbitrary.js'

const [sword, gold] = contracts as unknown as [`0x${string}`, `0x${string}`]
const descriptor = {
  $schema: 'https://eips.ethereum.org/assets/eip-7730/erc7730-v2.schema.json',
  context: { $id: 'Sword', contract: { deployments: [{ chainId: 8453, address: sword.toLowerCase() }] } },
  metadata: { owner: 'Sword Shop', contractName: 'Forge' },
  display: {
    formats: {
      'mint(address receiver)': { intent: 'Forge a sword', fields: [{ path: 'receiver', label: 'For whom', format: 'addressName' }] },
      'upgrade(uint256 tokenId,uint8 level)': { intent: { Action: 'Upgrade' }, fields: [{ path: '#.level', label: 'New level', format: 'raw' }] },
      '0xdeadbeef': { intent: 'Something old' },
      'not a signature': { intent: 'Nothing' },
    },
  },
}

test('a descriptor speaks for its own contract on its own chain, by selector', () => {
  const words = contractWords([{ nonsense: true }, descriptor], 8453, sword)
  expect(words).toMatchObject({ owner: 'Sword Shop', contractName: 'Forge' })
  // The names of the arguments are the app's on either side; the four bytes decide.
  expect(functionWords(words, { signature: 'mint(address to)' })).toMatchObject({ intent: 'Forge a sword', fields: [{ path: 'receiver', label: 'For whom', format: 'addressName' }] })
  expect(functionWords(words, { signature: 'upgrade(uint256 a, uint8 b)' })).toMatchObject({ intent: undefined, fields: [{ path: '#.level', label: 'New level' }] })
  expect(words?.functions.get('0xdeadbeef')).toMatchObject({ intent: 'Something old', item: undefined, fields: [] })
  expect(words?.functions.size).toBe(3)
  expect(functionWords(words, { signature: 'burn(uint256 id)' })).toBeUndefined()
  expect(functionWords(words, { signature: 'mint(address' })).toBeUndefined()
  expect(toFunctionSelector('mint(address)')).toBe('0x6a627842')
})

test.each([
  ['another chain', descriptor, 1, sword],
  ['another contract', descriptor, 8453, gold],
  ['a file that includes another', { ...descriptor, includes: 'https://example.com/more.json' }, 8453, sword],
  ['a schema of another major version', { ...descriptor, $schema: 'https://eips.ethereum.org/assets/eip-7730/erc7730-v3.0.0.schema.json' }, 8453, sword],
  ['no deployments', { ...descriptor, context: { contract: { deployments: [] } } }, 8453, sword],
  ['an intent that is no text', { ...descriptor, display: { formats: { 'mint(address to)': { intent: 7 } } } }, 8453, sword],
  ['an endless label', { ...descriptor, display: { formats: { 'mint(address to)': { fields: [{ path: 'to', label: 'x'.repeat(201) }] } } } }, 8453, sword],
  ['two keys for one function', { ...descriptor, display: { formats: { 'mint(address to)': {}, 'mint(address receiver)': {} } } }, 8453, sword],
  ['more functions than a contract has', { ...descriptor, display: { formats: Object.fromEntries(Array.from({ length: 501 }, (_, index) => [`f${index}()`, {}])) } }, 8453, sword],
  ['a path without end', { ...descriptor, display: { formats: { 'mint(address to)': { fields: [{ path: 'to.'.repeat(100), label: 'For whom' }] } } } }, 8453, sword],
  ['an object that throws when it is read', { ...descriptor, get display() { throw new Error('read') } }, 8453, sword],
  ['no object', 'descriptor', 8453, sword],
] as const)('%s: it says nothing', (_, given, chainId, address) => {
  expect(contractWords([given], chainId, address)).toBeUndefined()
})

test('another function with the same four bytes is not the one that the file means', () => {
  const given = { ...descriptor, display: { formats: { 'join_tg_invmru_haha_fd06787(address a,bool b)': { intent: 'Join' } } } }
  expect(functionWords(contractWords([given], 8453, sword), { signature: 'transfer(address to, uint256 amount)' })).toBeUndefined()
})

test('a key nested deeper than any function is not read, and costs nothing', () => {
  const nested = `f(${'('.repeat(490)}uint256 a${')'.repeat(490)})`
  const formats = { 'mint(address to)': { intent: 'Forge' }, ...Object.fromEntries(Array.from({ length: 400 }, (_, index) => [`${nested.slice(0, -3)}${index}`, {}])) }
  const started = performance.now()
  expect(contractWords([{ ...descriptor, display: { formats } }], 8453, sword)?.functions.size).toBe(1)
  expect(performance.now() - started).toBeLessThan(1_000)
})

test('its words come without tricks', () => {
  const tricky = { ...descriptor, metadata: { owner: 'Sw\u043Erd\u202E Shop\n' }, display: { formats: { 'mint(address to)': { intent: 'Free\u200B gift'.repeat(10) } } } }
  const words = contractWords([tricky], 8453, sword)
  expect(words?.owner).toBe('Sw[U+043E]rd Shop')
  expect(functionWords(words, { signature: 'mint(address to)' })?.intent).toHaveLength(60)
})
