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
  expect(functionWords(words, { signature: 'mint(address to)' })).toEqual({ intent: 'Forge a sword', labels: ['For whom'] })
  expect(functionWords(words, { signature: 'upgrade(uint256 a, uint8 b)' })).toEqual({ intent: undefined, labels: [undefined, 'New level'] })
  expect(words?.functions.get('0xdeadbeef')).toEqual({ intent: 'Something old', labels: [] })
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
  ['no object', 'descriptor', 8453, sword],
] as const)('%s: it says nothing', (_, given, chainId, address) => {
  expect(contractWords([given], chainId, address)).toBeUndefined()
})

test('its words come without tricks', () => {
  const tricky = { ...descriptor, metadata: { owner: 'Sw\u043Erd\u202E Shop\n' }, display: { formats: { 'mint(address to)': { intent: 'Free\u200B gift'.repeat(10) } } } }
  const words = contractWords([tricky], 8453, sword)
  expect(words?.owner).toBe('Sw[U+043E]rd Shop')
  expect(functionWords(words, { signature: 'mint(address to)' })?.intent).toHaveLength(60)
})
