import fc from 'fast-check'
import { encodeFunctionData, erc20Abi, maxUint256, parseAbi, parseEther, parseUnits, type Address } from 'viem'
import { describe, expect, test } from 'vitest'
import { contractCall } from '../../src/permissions/contractCall.js'
import { describeExpiry, describePermission, describeSession } from '../../src/permissions/describe.js'
import { describeCall } from '../../src/permissions/describeCall.js'
import { formatAmount, formatInteger } from '../../src/permissions/formatAmount.js'
import type { Permission, PermissionType } from '../../src/permissions/permission.js'
import {
  erc20Allowance,
  erc20Periodic,
  erc20Stream,
  erc721Transfer,
  nativeAllowance,
  nativePeriodic,
  nativeStream,
} from '../../src/permissions/tokenPermissions.js'
import { untrustedName, untrustedText } from '../../src/permissions/untrustedText.js'

const sword: Address = '0x5FbDB2315678afecb367f032d93F642f64180aa3'
const gold: Address = '0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512'
const usdc: Address = '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48'
const stranger: Address = '0x9fE46736679d2D9a65F0992F2272dE9f3c7fa6e0'
const shop: Address = '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC'

const now = Date.UTC(2026, 10, 22, 17) / 1000
const day = 86_400
const options = {
  metadata: {
    [sword.toLowerCase()]: { name: 'Sword', symbol: 'SWD' },
    [gold.toLowerCase()]: { name: 'Gold', symbol: 'GOLD', decimals: 18 },
    [usdc.toLowerCase()]: { name: 'USD Coin', symbol: 'USDC', decimals: 6 },
  },
  nativeCurrency: { symbol: 'ETH', decimals: 18 },
  timeZone: 'Europe/Berlin',
  now,
  expiry: now + 3 * day,
} as const

const abi = parseAbi([
  'function mint(address to)',
  'function burn(uint256 id)',
  'function craft(uint256 id, bytes32 secret)',
  'function rename(uint256 id, string name)',
  'function sharpen()',
  'function paint()',
  'function permit(address owner, address spender, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s)',
  'function approve(address amount, uint256 spender)',
  'function increaseAllowance(address spender, uint256 added)',
  'function setApprovalForAll(address operator, bool approved)',
  'function transferOwnership(address to)',
  'function multicall(bytes[] calls)',
])
const tokenAbi = parseAbi([
  'function burn(uint256 amount)',
  'function send(address to, uint256 amount, bytes data)',
  'function transferAndCall(address to, uint256 value, bytes data)',
  'function safeTransferFrom(address from, address to, uint256 id)',
  'function safeTransferFrom(address from, address to, uint256 id, bytes data)',
  'function safeBatchTransferFrom(address from, address to, uint256[] ids, uint256[] amounts, bytes data)',
])
const gold_ = (amount: string) => parseUnits(amount, 18)
const outlives = 'An approval outlives the session: it must be taken back separately.'
const freeBurn = 'burn is not limited in how much or which token.'
const unlimitedRepeats = 'The number of calls is not limited, so neither is the USDC they move or approve together.'
type Wording = { permission: Permission; summary: string; warnings?: string[] }

const wordings: { [type in PermissionType]: readonly Wording[] } = {
  'contract-call': [
    { permission: contractCall({ address: sword, abi, functions: ['mint'], callLimit: 50 }), summary: 'mint on Sword, at most 50 times' },
    { permission: contractCall({ address: sword, abi, functions: ['mint'], callLimit: 1 }), summary: 'mint on Sword, at most once' },
    { permission: contractCall({ address: sword, abi, functions: ['mint', 'burn'] }), summary: 'mint or burn on Sword, any number of times', warnings: [freeBurn] },
    {
      permission: contractCall({ address: sword, abi, functions: ['mint', 'burn', 'craft', 'sharpen', 'paint'], callLimit: 12_345 }),
      summary: 'mint, burn, craft or 2 other functions on Sword, at most 12,345 times',
      warnings: [freeBurn],
    },
    { permission: contractCall({ address: stranger, abi, functions: ['mint'] }), summary: 'mint on 0x9fE4…a6e0, any number of times' },
    {
      permission: contractCall({ address: sword, abi, functions: ['mint'], callLimit: 50, valueLimit: parseEther('0.01') }),
      summary: 'mint on Sword, at most 50 times, each call may carry up to 0.01 ETH, 0.5 ETH in all',
    },
    {
      permission: contractCall({ address: sword, abi, functions: ['mint'], valueLimit: parseEther('0.01') }),
      summary: 'mint on Sword, any number of times, each call may carry up to 0.01 ETH',
      warnings: ['The number of calls is not limited, so neither is the ETH they carry together.'],
    },
    {
      permission: contractCall({ address: sword, abi, functions: ['mint'], callLimit: 1, valueLimit: maxUint256 }),
      summary: 'mint on Sword, at most once, each call may carry ETH without limit',
      warnings: ['There is no limit on the amount: all of your ETH could be spent.'],
    },
    {
      permission: contractCall({ address: sword, abi, functions: ['mint'], callLimit: 2, startTime: now + day }),
      summary: 'mint on Sword, at most twice, not before Mon 23 Nov, 18:00',
    },
    {
      permission: contractCall({ address: sword, abi }),
      summary: 'anything on Sword, no limit',
      warnings: ['Every function of Sword is allowed, also those that move your tokens or let others move them.'],
    },
    {
      permission: contractCall({ address: sword, abi, callLimit: 5 }),
      summary: 'anything on Sword, at most 5 times',
      warnings: ['Every function of Sword is allowed, also those that move your tokens or let others move them.'],
    },
    {
      permission: contractCall({ address: sword, abi, functions: [{ name: 'mint', args: [shop] }], callLimit: 3 }),
      summary: 'mint with to = 0x3C44…93BC on Sword, at most 3 times',
    },
    {
      permission: contractCall({ address: sword, abi, functions: [{ name: 'rename', args: [7n, 'Excalibur'] }], callLimit: 3 }),
      summary: 'rename with id = 7, name = “Excalibur” on Sword, at most 3 times',
    },
    {
      permission: contractCall({ address: sword, abi, functions: [{ name: 'burn', args: [maxUint256] }], callLimit: 3 }),
      summary: 'burn with id = the largest possible value on Sword, at most 3 times',
    },
    {
      permission: contractCall({ address: usdc, abi: erc20Abi, functions: [{ name: 'approve', args: [shop, parseUnits('20', 6)] }], callLimit: 1 }),
      summary: 'approve 0x3C44…93BC to spend exactly 20 USDC, at most once',
      warnings: [outlives],
    },
    {
      // The names of the arguments are the app's own; what they mean is decided by the function.
      permission: contractCall({ address: usdc, abi, functions: [{ name: 'approve', args: [shop, 20_000_000n] }], callLimit: 1 }),
      summary: 'approve 0x3C44…93BC to spend exactly 20 USDC, at most once',
      warnings: [outlives],
    },
    {
      permission: contractCall({ address: usdc, abi: erc20Abi, functions: [{ name: 'approve', args: [gold, maxUint256] }], callLimit: 1 }),
      summary: 'approve Gold (0xe7f1…0512) to spend USDC without limit, at most once',
      warnings: [outlives, 'The approval has no limit: all of your USDC could be taken.'],
    },
    {
      permission: contractCall({ address: usdc, abi: erc20Abi, functions: ['approve'], callLimit: 1 }),
      summary: 'approve anyone to spend any amount of USDC, at most once',
      warnings: [outlives, 'approve is not limited in the amount or who is approved.'],
    },
    {
      permission: contractCall({ address: usdc, abi: erc20Abi, functions: [{ name: 'approve', args: [shop, 0n] }], callLimit: 1 }),
      summary: 'approve 0x3C44…93BC to spend exactly 0 USDC, at most once',
    },
    {
      permission: contractCall({ address: stranger, abi: erc20Abi, functions: [{ name: 'approve', args: [shop, 20_000_000n] }], callLimit: 1 }),
      summary: 'approve 0x3C44…93BC to spend exactly 20,000,000 raw units of 0x9fE4…a6e0, at most once',
      warnings: [outlives],
    },
    {
      permission: contractCall({ address: usdc, abi, functions: [{ name: 'increaseAllowance', args: [shop, 1_500_000n] }], callLimit: 1 }),
      summary: 'raise by exactly 1.5 USDC what 0x3C44…93BC is approved to spend, at most once',
      warnings: [outlives],
    },
    {
      permission: contractCall({ address: sword, abi, functions: [{ name: 'setApprovalForAll', args: [shop, true] }], callLimit: 1 }),
      summary: 'approve 0x3C44…93BC to move everything you hold on Sword, at most once',
      warnings: [outlives],
    },
    {
      permission: contractCall({ address: sword, abi, functions: [{ name: 'setApprovalForAll', args: [shop, false] }], callLimit: 1 }),
      summary: 'take back the approval of 0x3C44…93BC on Sword, at most once',
    },
    {
      permission: contractCall({ address: usdc, abi, functions: ['permit'], callLimit: 1 }),
      summary: 'permit on USD Coin, at most once',
      warnings: [outlives],
    },
    {
      permission: contractCall({ address: usdc, abi: erc20Abi, functions: [{ name: 'transfer', args: [undefined, 5_000_000n] }], callLimit: 4 }),
      summary: 'transfer exactly 5 USDC to anyone, at most 4 times, 20 USDC in all',
      warnings: ['transfer is not limited in who receives it.'],
    },
    {
      permission: contractCall({ address: usdc, abi: erc20Abi, functions: [{ name: 'transferFrom', args: [gold, shop, 5_000_000n] }], callLimit: 4 }),
      summary: 'transfer exactly 5 USDC from Gold (0xe7f1…0512) to 0x3C44…93BC, at most 4 times, 20 USDC in all',
    },
    {
      permission: contractCall({ address: usdc, abi: erc20Abi, functions: [{ name: 'transfer', args: [shop, 5_000_000n] }] }),
      summary: 'transfer exactly 5 USDC to 0x3C44…93BC, any number of times',
      warnings: [unlimitedRepeats],
    },
    {
      permission: contractCall({ address: usdc, abi, functions: [{ name: 'increaseAllowance', args: [shop, 5_000_000n] }] }),
      summary: 'raise by exactly 5 USDC what 0x3C44…93BC is approved to spend, any number of times',
      warnings: [outlives, unlimitedRepeats],
    },
    {
      permission: contractCall({ address: usdc, abi, functions: [{ name: 'approve', args: [shop, 0n] }] }),
      summary: 'approve 0x3C44…93BC to spend exactly 0 USDC, any number of times',
    },
    {
      // A total of some is not a total of all.
      permission: contractCall({ address: usdc, abi, functions: ['mint', { name: 'approve', args: [shop, 5_000_000n] }], callLimit: 2 }),
      summary: 'mint on USD Coin or approve 0x3C44…93BC to spend exactly 5 USDC, at most twice',
      warnings: [outlives],
    },
    {
      permission: contractCall({ address: usdc, abi: tokenAbi, functions: [{ name: 'transferAndCall', args: [shop, 5_000_000n, '0x12'] }], callLimit: 2 }),
      summary: 'transferAndCall with To = 0x3C44…93BC, Amount = 5 USDC, data = 0x12 on USD Coin, at most twice, 10 USDC in all',
    },
    {
      permission: contractCall({ address: usdc, abi: tokenAbi, functions: ['transferAndCall', 'send', 'burn(uint256)'], callLimit: 1 }),
      summary: 'transferAndCall, send or burn on USD Coin, at most once',
      warnings: [
        'transferAndCall is not limited in the amount or who receives it.',
        'send is not limited in the amount or who receives it.',
        'burn is not limited in the amount.',
      ],
    },
    {
      permission: contractCall({ address: sword, abi: tokenAbi, functions: ['safeTransferFrom(address,address,uint256)'], callLimit: 1 }),
      summary: 'safeTransferFrom on Sword, at most once',
      warnings: ['safeTransferFrom is not limited in which token or who receives it.'],
    },
    {
      permission: contractCall({ address: sword, abi: tokenAbi, functions: ['safeTransferFrom(address,address,uint256,bytes)', 'safeBatchTransferFrom'], callLimit: 1 }),
      summary: 'safeTransferFrom or safeBatchTransferFrom on Sword, at most once',
      warnings: [
        'safeTransferFrom is not limited in which token or who receives it.',
        'safeBatchTransferFrom is not limited in the amount, which token or who receives it.',
      ],
    },
    {
      permission: { type: 'contract-call', address: usdc, valueLimit: 0n, callLimit: 1, functions: [{ signature: 'many_msg_babbage(bytes1 x)' }] },
      summary: '“many_msg_babbage(bytes1 x)” on USD Coin, at most once',
      warnings: ['A part of this permission cannot be read. Reject it unless you know what it does.'],
    },
    {
      permission: contractCall({ address: sword, abi, functions: ['transferOwnership', 'multicall'], callLimit: 1 }),
      summary: 'transferOwnership or multicall on Sword, at most once',
      warnings: [
        'transferOwnership can change who or what controls the contract.',
        'multicall can run other calls inside it, which this screen cannot show.',
      ],
    },
    {
      permission: { type: 'contract-call', address: sword, valueLimit: 0n, functions: [{ signature: 'mint(address' }] },
      summary: '“mint(address” on Sword, any number of times',
      warnings: ['A part of this permission cannot be read. Reject it unless you know what it does.'],
    },
    {
      permission: { type: 'contract-call', address: sword, valueLimit: 0n, functions: [{ signature: 'mint(address to)', args: ['0x12'] }] },
      summary: '“mint(address to)” on Sword, any number of times',
      warnings: ['A part of this permission cannot be read. Reject it unless you know what it does.'],
    },
  ],
  'erc20-token-allowance': [
    { permission: erc20Allowance({ token: gold, limit: gold_('1000') }), summary: 'spend up to 1000 GOLD in total' },
    { permission: erc20Allowance({ token: usdc, limit: 1n }), summary: 'spend up to 0.000001 USDC in total' },
    { permission: erc20Allowance({ token: gold, limit: gold_('1234567.5'), payee: shop }), summary: 'spend up to 1,234,567.5 GOLD in total, only to 0x3C44…93BC' },
    { permission: erc20Allowance({ token: stranger, limit: 1_000_000n }), summary: 'spend up to 1,000,000 raw units of 0x9fE4…a6e0 in total' },
    {
      permission: erc20Allowance({ token: gold, limit: maxUint256 }),
      summary: 'spend GOLD without limit',
      warnings: ['There is no limit on the amount: all of your GOLD could be spent.'],
    },
    {
      permission: erc20Allowance({ token: gold, limit: 2n ** 255n }),
      summary: 'spend GOLD without limit',
      warnings: ['There is no limit on the amount: all of your GOLD could be spent.'],
    },
  ],
  'erc20-token-periodic': [
    { permission: erc20Periodic({ token: gold, limit: gold_('10'), period: { days: 1 } }), summary: 'spend up to 10 GOLD per day' },
    { permission: erc20Periodic({ token: gold, limit: gold_('10'), period: { hours: 6 } }), summary: 'spend up to 10 GOLD every 6 hours' },
    { permission: erc20Periodic({ token: gold, limit: gold_('10'), period: { days: 7 } }), summary: 'spend up to 10 GOLD per week' },
    { permission: erc20Periodic({ token: gold, limit: gold_('10'), period: { hours: 25, seconds: 1 } }), summary: 'spend up to 10 GOLD every 1 day, 1 hour, 1 second' },
    {
      permission: erc20Periodic({ token: gold, limit: maxUint256, period: { hours: 1 } }),
      summary: 'spend GOLD without limit per hour',
      warnings: ['There is no limit on the amount: all of your GOLD could be spent.'],
    },
  ],
  'erc20-token-stream': [
    {
      permission: erc20Stream({ token: usdc, initial: 5_000_000n, perSecond: 10n, max: 100_000_000n }),
      summary: 'spend up to 5 USDC at once and 0.864 USDC per day more, 100 USDC at most',
    },
    { permission: erc20Stream({ token: usdc, perSecond: 1_000_000n, max: 100_000_000n }), summary: 'spend up to 60 USDC per minute, 100 USDC at most' },
    {
      permission: erc20Stream({ token: usdc, initial: 5_000_000n, perSecond: 10n, max: 100_000_000n, startTime: now - day }),
      summary: 'spend up to 5.864 USDC at once and 0.864 USDC per day more, 100 USDC at most',
    },
    {
      permission: erc20Stream({ token: usdc, perSecond: 10n, max: 100_000_000n, startTime: 1 }),
      summary: 'spend up to 100 USDC at once and 0.864 USDC per day more, 100 USDC at most',
    },
    {
      permission: erc20Stream({ token: usdc, perSecond: 10n, max: maxUint256 }),
      summary: 'spend up to 0.864 USDC per day, USDC without limit',
      warnings: ['There is no limit on the amount: all of your USDC could be spent.'],
    },
  ],
  'native-token-allowance': [
    { permission: nativeAllowance({ limit: parseEther('0.5') }), summary: 'spend up to 0.5 ETH in total' },
    { permission: nativeAllowance({ limit: 1n, payee: shop }), summary: 'spend up to 0.000000000000000001 ETH in total, only to 0x3C44…93BC' },
  ],
  'native-token-periodic': [{ permission: nativePeriodic({ limit: parseEther('0.5'), period: { minutes: 90 } }), summary: 'spend up to 0.5 ETH every 1 hour, 30 minutes' }],
  'native-token-stream': [
    { permission: nativeStream({ perSecond: parseEther('0.1'), max: parseEther('1') }), summary: 'spend up to 0.1 ETH per second, 1 ETH at most' },
  ],
  'erc721-token-transfer': [
    { permission: erc721Transfer({ token: sword, tokenId: 5n }), summary: 'transfer Sword #5 to anyone' },
    { permission: erc721Transfer({ token: sword, tokenId: maxUint256 }), summary: 'transfer Sword #1157…9935 to anyone' },
  ],
}

describe.each(Object.entries(wordings))('%s', (_, cases) => {
  test.each(cases.map((wording) => [wording.summary, wording] as const))('%s', (summary, { permission, warnings = [] }) => {
    const described = describePermission(permission, options)
    expect(described.summary).toBe(summary)
    expect(described.warnings).toEqual(warnings)
    expect(described.rows.filter(({ kind }) => kind === 'warning').map(({ value }) => value)).toEqual(warnings)
  })
})

test('amounts of one token in one list are said to add up', () => {
  const among = [
    erc20Allowance({ token: gold, limit: gold_('1') }),
    erc20Periodic({ token: gold.toLowerCase() as Address, limit: gold_('1'), period: { days: 1 } }),
    erc20Allowance({ token: usdc, limit: 1n }),
    nativeAllowance({ limit: 1n }),
    nativePeriodic({ limit: 1n, period: { days: 1 } }),
  ]
  const addUp = (token: string) => [`Another permission here spends ${token} too: the amounts add up.`]
  expect(among.map((permission) => describePermission(permission, { ...options, among }).warnings)).toEqual([addUp('GOLD'), addUp('GOLD'), [], addUp('ETH'), addUp('ETH')])
})

describe('rows', () => {
  test('name every function with its signature and selector, and the contract by its address', () => {
    const { rows } = describePermission(contractCall({ address: sword, abi, functions: ['mint'], callLimit: 50 }), options)
    expect(rows).toEqual([
      { kind: 'contract', label: 'Contract', value: 'Sword', address: sword },
      { kind: 'function', label: 'Function', value: 'mint', detail: 'mint(address to) · 0x6a627842' },
      { kind: 'limit', label: 'Calls', value: 'at most 50 times' },
    ])
  })

  test('carry the exact amount, and say when the decimals are not known', () => {
    const known = describePermission(erc20Allowance({ token: usdc, limit: 1_500_000n }), options).rows
    expect(known).toContainEqual({ kind: 'amount', label: 'Amount', value: '1.5 USDC', detail: '1,500,000 in the smallest unit' })
    const unknown = describePermission(erc20Allowance({ token: stranger, limit: 1_500_000n }), options).rows
    expect(unknown).toContainEqual({
      kind: 'amount',
      label: 'Amount',
      value: '1,500,000 raw units of 0x9fE4…a6e0',
      detail: 'The decimals are not known, so this is in the smallest unit.',
    })
  })

  test('show what each pinned argument means', () => {
    const { rows } = describePermission(contractCall({ address: usdc, abi, functions: [{ name: 'approve', args: [shop, 20_000_000n] }] }), options)
    expect(rows.filter(({ kind }) => kind === 'argument')).toEqual([
      { kind: 'argument', label: 'Spender', value: '0x3C44…93BC', address: shop },
      { kind: 'argument', label: 'Amount', value: '20 USDC', detail: '20,000,000 in the smallest unit' },
    ])
  })

  test('add up what periods and streams come to until the session ends', () => {
    const worst = (permission: Permission) => describePermission(permission, options).rows.find(({ label }) => label === 'Until it ends, at most')?.value
    expect(worst(erc20Periodic({ token: gold, limit: gold_('10'), period: { days: 1 }, startTime: now }))).toBe('30 GOLD')
    // A period that has just begun counts whole.
    expect(worst(erc20Periodic({ token: gold, limit: gold_('10'), period: { days: 2 }, startTime: now }))).toBe('20 GOLD')
    expect(worst(erc20Periodic({ token: gold, limit: gold_('10'), period: { days: 7 }, startTime: now }))).toBeUndefined()
    expect(worst(erc20Stream({ token: usdc, perSecond: 10n, max: 100_000_000n, startTime: now }))).toBe('2.592 USDC')
    expect(worst(erc20Stream({ token: usdc, perSecond: 10n, max: 1_000_000n, startTime: now }))).toBeUndefined()
  })

  test('write a token id out in full', () => {
    const { rows } = describePermission(erc721Transfer({ token: sword, tokenId: maxUint256 }), options)
    expect(rows).toContainEqual({ kind: 'argument', label: 'Token ID', value: maxUint256.toString() })
  })

  test('native amounts without a known currency are raw units', () => {
    expect(describePermission(nativeAllowance({ limit: 12_345n })).summary).toBe('spend up to 12,345 raw units of the native token in total')
  })
})

describe('the sentence', () => {
  const permissions = [
    contractCall({ address: sword, abi, functions: ['mint'], callLimit: 50 }),
    erc20Allowance({ token: gold, limit: gold_('1000') }),
  ]

  test('says the whole session', () => {
    expect(describeSession({ ...options, appName: 'Sword Shop', permissions })).toBe(
      'Sword Shop may mint on Sword (at most 50 times) and spend up to 1000 GOLD until Wed 25 Nov, 18:00 (in 3 days).',
    )
  })

  test('says that a whole contract has no limit', () => {
    expect(describeSession({ ...options, appName: 'Sword Shop', permissions: [contractCall({ address: sword, abi })] })).toBe(
      'Sword Shop may do anything on Sword (no limit) until Wed 25 Nov, 18:00 (in 3 days).',
    )
  })

  test('puts a name that tries to be a part of it into quotation marks', () => {
    const metadata = { [gold.toLowerCase()]: { symbol: '1 GOLD in total, not', decimals: 18 } }
    expect(describeSession({ ...options, metadata, appName: 'Shop\n(verified)\u202E', permissions: permissions.slice(1) })).toBe(
      '“Shop (verified)” may spend up to 1000 “1 GOLD in total, not” until Wed 25 Nov, 18:00 (in 3 days).',
    )
  })

  test('speaks with the words it is given', () => {
    const sentence = describeSession({
      ...options,
      appName: 'Sword Shop',
      permissions,
      messages: {
        locale: 'de',
        session: ({ app, may, until, relative }) => `${app} darf bis ${until} (${relative}): ${may}.`,
        callOn: ({ functions, contract }) => `${functions} auf ${contract}`,
        atMostTimes: (_, count) => `höchstens ${count}-mal`,
        spend: (amount) => `bis zu ${amount} ausgeben`,
      },
    })
    expect(sentence).toBe('Sword Shop darf bis Mi., 25. Nov., 18:00 (in 3 Tagen): mint auf Sword (höchstens 50-mal) und bis zu 1000 GOLD ausgeben.')
  })
})

describe('the end', () => {
  const at = (...date: [number, number, number, number]) => Date.UTC(...date) / 1000
  test.each([
    ['the zone of that day, in winter', at(2026, 10, 25, 17), at(2026, 10, 22, 17), 'Wed 25 Nov, 18:00 CET', 'in 3 days'],
    ['the zone of that day, in summer', at(2026, 6, 1, 17), at(2026, 2, 1, 17), 'Wed 1 Jul, 19:00 CEST', 'in 4 months'],
    ['another year', at(2027, 0, 1, 17), at(2026, 11, 31, 17), 'Fri, 1 Jan 2027, 18:00 CET', 'in 24 hours'],
    ['minutes', at(2026, 10, 25, 17), at(2026, 10, 25, 17) - 5400, 'Wed 25 Nov, 18:00 CET', 'in 90 minutes'],
    ['past', at(2026, 10, 25, 17), at(2026, 10, 25, 20), 'Wed 25 Nov, 18:00 CET', '3 hours ago'],
  ])('%s', (_, expiry, from, absolute, relative) => {
    expect(describeExpiry(expiry, from, { timeZone: 'Europe/Berlin' })).toEqual({ absolute, relative })
  })
})

describe('single calls', () => {
  const approve = encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args: [shop, 20_000_000n] })
  test.each([
    ['send 0.05 ETH to 0x3C44…93BC', { to: shop, value: parseEther('0.05'), data: '0x' }, []],
    ['approve 0x3C44…93BC to spend exactly 20 USDC', { to: usdc, value: 0n, data: approve }, ['An approval lasts until it is taken back.']],
    [
      'transferAndCall with To = 0x3C44…93BC, Amount = 20 USDC, argument 3 = 0x12 on USD Coin',
      { to: usdc, value: 0n, data: encodeFunctionData({ abi: tokenAbi, functionName: 'transferAndCall', args: [shop, 20_000_000n, '0x12'] }) },
      [],
    ],
    ['call 0xdeadbeef on Sword, sending along 1 ETH', { to: sword, value: parseEther('1'), data: '0xdeadbeef' }, []],
    ['call Sword', { to: sword, value: 0n, data: '0xde' }, []],
    ['call 0x095ea7b3 on USD Coin', { to: usdc, value: 0n, data: '0x095ea7b3' }, []],
  ] as const)('%s', (summary, call, warnings) => {
    expect(describeCall(call, options)).toEqual({ summary, warnings })
  })
})

describe('amounts', () => {
  test('lose no digit, in any size, unit and locale', () => {
    const separators: Record<string, string> = { 'en-GB': '.', de: ',', 'hi-IN': '.', 'fr-CH': ',' }
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: maxUint256 }), fc.nat({ max: 77 }), fc.constantFrom(...Object.keys(separators)), (value, decimals, locale) => {
        const text = formatAmount(value, decimals, locale)
        const at = value % 10n ** BigInt(decimals) === 0n ? -1 : text.lastIndexOf(separators[locale] as string)
        const whole = (at < 0 ? text : text.slice(0, at)).replace(/\D/g, '')
        const fraction = at < 0 ? '' : text.slice(at + 1)
        expect(fraction).not.toMatch(/0$|\D/)
        expect(BigInt(whole + fraction.padEnd(decimals, '0'))).toBe(value)
      }),
    )
  })

  test('are grouped where that helps', () => {
    expect([999n, 1000n, 10_000n, 123_456_789n].map((value) => formatInteger(value, 'en-GB'))).toEqual(['999', '1000', '10,000', '123,456,789'])
  })
})

describe("other people's text", () => {
  test('comes without control and direction characters, and short', () => {
    expect(untrustedText('a\u202Eb\u0000c\n d\u200B')).toBe('abc d')
    expect(untrustedText('\u202E\u200B ')).toBeUndefined()
    expect(Array.from(untrustedText('🗡️'.repeat(100)) ?? '')).toHaveLength(40)
  })

  test('shows letters of another alphabet that pass for Latin ones, and leaves every alphabet by itself alone', () => {
    expect(untrustedText('Sw\u043Erd Shop')).toBe('Sw[U+043E]rd Shop')
    expect(untrustedText('\u0420ay\u0420al')).toBe('[U+0420]ay[U+0420]al')
    expect(['Магазин мечей', 'Ελληνικά νέα', 'شركة السيف', 'Zürich', '剣の店'].map((name) => untrustedText(name))).toEqual(['Магазин мечей', 'Ελληνικά νέα', 'شركة السيف', 'Zürich', '剣の店'])
  })

  test('is quoted unless it is plainly a name', () => {
    const quoted = (text: string) => `“${text}”`
    expect(['Sword', 'Sword Shop', 'USD₮0', 'wstETH', 'Curve.fi', 'شركة السيف'].map((name) => untrustedName(name, quoted))).toEqual([
      'Sword',
      'Sword Shop',
      'USD₮0',
      'wstETH',
      'Curve.fi',
      'شركة السيف',
    ])
    expect(untrustedName('Sword, at most once', quoted)).toBe('“Sword, at most once”')
    expect(untrustedName('a” may “b c d', quoted)).toBe('“a may b c d”')
  })
})
