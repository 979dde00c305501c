import { parseAbi } from 'viem'
import { expect, test } from 'vitest'
import { contractCall } from '../../src/permissions/contractCall.js'
import { describeChanges } from '../../src/permissions/describeChange.js'
import { compareWithExisting } from '../../src/permissions/existing.js'
import { erc20Allowance, erc20Periodic, nativeAllowance } from '../../src/permissions/tokenPermissions.js'
import { contracts, metadata, now, people } from './permissionArbitrary.js'

const [sword, gold, usdc] = contracts as unknown as [`0x${string}`, `0x${string}`, `0x${string}`]
const abi = parseAbi(['function mint(address to)', 'function burn(uint256 id)'])

test('new, changed, unchanged and removed', () => {
  const mint = contractCall({ address: sword, abi, functions: ['mint'], callLimit: 50 })
  const weekly = erc20Periodic({ token: usdc, limit: 10n, period: { days: 7 } })
  const existing = [mint, erc20Allowance({ token: gold, limit: 500n }), { ...weekly, startTime: now - 86_400 }, nativeAllowance({ limit: 1n })]
  const asked = [erc20Allowance({ token: gold, limit: 1000n }), mint, { ...weekly, startTime: now, optional: true }, erc20Allowance({ token: usdc, limit: 3n })]
  const { statuses, removed } = compareWithExisting(existing, asked, now)
  expect(statuses.map(({ status }) => status)).toEqual(['changed', 'unchanged', 'unchanged', 'new'])
  expect(removed).toEqual([nativeAllowance({ limit: 1n })])
})

test('nothing before: everything is new', () => {
  expect(compareWithExisting([], [nativeAllowance({ limit: 1n })], now)).toEqual({ statuses: [{ status: 'new' }], removed: [] })
})

test('every term that changes is said before and after', () => {
  const options = { metadata, nativeCurrency: { symbol: 'ETH', decimals: 18 }, timeZone: 'UTC', now }
  const before = contractCall({ address: sword, abi, functions: ['mint'], valueLimit: 10n ** 17n })
  const after = contractCall({ address: sword, abi, functions: ['mint', 'burn'], callLimit: 5 })
  expect(describeChanges(before, after, options)).toEqual([
    { path: 'functions', kind: 'broader', label: 'Function', before: 'mint on Sword', after: 'mint on Sword and burn on Sword' },
    { path: 'valueLimit', kind: 'narrower', label: 'Carries', before: '0.1 ETH', after: 'nothing' },
    { path: 'callLimit', kind: 'narrower', label: 'Calls', before: 'any number of times', after: 'at most 5 times' },
  ])
  const daily = erc20Periodic({ token: gold, limit: 10n ** 18n, period: { days: 1 }, startTime: now + 3_600 })
  const weekly = { ...daily, period: 604_800, payee: people[0]!, startTime: now + 7_200 }
  expect(describeChanges(daily, weekly, options).map(({ label, before, after }) => `${label}: ${before} → ${after}`)).toEqual([
    'Starts: Sun 22 Nov, 18:00 UTC → Sun 22 Nov, 19:00 UTC',
    'Period: per day → per week',
    'To: anyone → 0x3C44…93BC',
  ])
})
