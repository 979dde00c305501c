import { parseAbi } from 'viem'
import { expect, test } from 'vitest'
import { contractCall } from '../../src/permissions/contractCall.js'
import { describeDifferences } from '../../src/permissions/describeDifference.js'
import { erc20Allowance, nativeAllowance } from '../../src/permissions/tokenPermissions.js'
import { contracts, metadata, now } from './permissionArbitrary.js'

const [sword, gold] = contracts as unknown as [`0x${string}`, `0x${string}`]
const options = { metadata, nativeCurrency: { symbol: 'ETH', decimals: 18 }, timeZone: 'UTC', now }
const abi = parseAbi(['function mint(address to)'])
const spend = (amount: bigint) => erc20Allowance({ token: gold, limit: amount * 10n ** 18n })
const asked = { permissions: [spend(1000n), contractCall({ address: sword, abi, functions: ['mint'], callLimit: 50 })], expiry: now + 3 * 86_400 }

test('nothing where the answer is what was asked', () => {
  expect(describeDifferences(asked, asked, options)).toEqual([])
})

test('less, left out, and an earlier end', () => {
  expect(describeDifferences(asked, { permissions: [spend(500n)], expiry: now + 86_400 }, options)).toEqual([
    { kind: 'narrower', about: undefined, label: 'Ends', asked: 'Wed 25 Nov, 17:00 UTC', granted: 'Mon 23 Nov, 17:00 UTC' },
    { kind: 'narrower', about: 'spend up to 1000 GOLD in total', label: 'Amount', asked: '1000 GOLD', granted: '500 GOLD' },
    { kind: 'missing', about: 'mint on Sword, at most 50 times', label: 'Permission', asked: 'mint on Sword, at most 50 times', granted: undefined },
  ])
})

test('more, something that nobody asked for, and no end at all', () => {
  const granted = { permissions: [...asked.permissions.slice(1), spend(2000n), nativeAllowance({ limit: 10n ** 18n })], expiry: 0 }
  expect(describeDifferences(asked, granted, options).map(({ kind, asked: before, granted: after }) => [kind, before, after])).toEqual([
    ['broader', 'Wed 25 Nov, 17:00 UTC', 'never'],
    ['broader', '1000 GOLD', '2000 GOLD'],
    ['broader', undefined, 'spend up to 1 ETH in total'],
  ])
})
