import { encodeAbiParameters, zeroAddress } from 'viem'
import { expect, test } from 'vitest'
import { namedContracts } from '../../src/permissions/namedContracts.js'
import { pinnedAddresses } from '../../src/permissions/pinnedAddresses.js'
import { contracts, people } from './permissionArbitrary.js'

const [sword, gold, usdc] = contracts as unknown as [`0x${string}`, `0x${string}`, `0x${string}`]
const [shop] = people as unknown as [`0x${string}`]

test('every address that is pinned, also inside structs and lists', () => {
  const leg = [{ type: 'tuple[]', components: [{ type: 'address', name: 'token' }, { type: 'uint256', name: 'amount' }] }] as const
  const args = [encodeAbiParameters([{ type: 'address' }], [shop]), null, encodeAbiParameters(leg, [[{ token: gold, amount: 1n }, { token: usdc, amount: 2n }]])]
  expect(pinnedAddresses({ signature: 'swap(address to, address free, (address token, uint256 amount)[] legs)', args })).toEqual([shop, gold, usdc])
})

test('nothing where nothing is pinned, or where it cannot be read', () => {
  expect(pinnedAddresses({ signature: 'mint(address to)' })).toEqual([])
  expect(pinnedAddresses({ signature: 'mint(address to)', args: ['0x12'] })).toEqual([])
  expect(pinnedAddresses({ signature: 'mint(', args: [] })).toEqual([])
})

test('a long list does not ask a node a thousand times', () => {
  const args = [encodeAbiParameters([{ type: 'address[]' }], [Array.from({ length: 1_000 }, () => zeroAddress)])]
  expect(pinnedAddresses({ signature: 'airdrop(address[] to)', args })).toHaveLength(20)
})

test('they are among the contracts whose names the consent asks for', () => {
  const args = [encodeAbiParameters([{ type: 'address' }], [usdc])]
  expect(namedContracts([{ type: 'contract-call', address: sword, functions: [{ signature: 'pay(address token)', args }], valueLimit: 0n }])).toEqual([sword, usdc])
})
