import { maxUint256, parseAbi, type Abi, type Address } from 'viem'
import { expect, test } from 'vitest'
import { contractCall } from '../../src/permissions/contractCall.js'
import { farExpirySeconds, risksOf } from '../../src/permissions/risks.js'
import { erc20Allowance, erc20Periodic, erc20Stream, nativeAllowance } from '../../src/permissions/tokenPermissions.js'
import type { Permission } from '../../src/permissions/permission.js'

const sword: Address = '0x5FbDB2315678afecb367f032d93F642f64180aa3'
const gold: Address = '0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512'
const stranger: Address = '0x9fE46736679d2D9a65F0992F2272dE9f3c7fa6e0'
const shop: Address = '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC'
const metadata = { [sword.toLowerCase()]: { name: 'Sword' }, [gold.toLowerCase()]: { symbol: 'GOLD', decimals: 18 } }
const abi = parseAbi([
  'function mint(address to)',
  'function approve(address spender, uint256 amount)',
  'function transfer(address to, uint256 amount)',
  'function increaseAllowance(address spender, uint256 added)',
  'function permit(address owner, address spender, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s)',
  'function setApprovalForAll(address operator, bool approved)',
  'function transferOwnership(address to)',
  'function upgradeTo(address to)',
  'function upgradeToAndCall(address to, bytes data)',
  'function execute(address to, uint256 value, bytes data)',
  'function multicall(bytes[] calls)',
  'function delegatecall(address to, bytes data)',
])
const now = 1_800_000_000
const kinds = (permission: Permission, expiry = now + 100) => risksOf({ permissions: [permission], expiry, now, metadata }).map(({ kind }) => kind)
const call = (functions: readonly (string | { name: string; args: readonly unknown[] })[] | undefined, more = {}) =>
  contractCall({ address: sword, abi: abi as Abi, functions, callLimit: 1, ...more })

test.each<[string, Permission, string[]]>([
  ['a whole contract', contractCall({ address: sword, abi, callLimit: 1 }), ['whole-contract']],
  ['an unknown contract', contractCall({ address: stranger, abi, functions: ['mint'] }), ['unknown-contract']],
  ['an unknown token', erc20Allowance({ token: stranger, limit: 1n }), ['unknown-contract']],
  ['a selector under another name', { ...call(undefined), functions: [{ signature: 'many_msg_babbage(bytes1 x)' }] }, ['unreadable-function']],
  ['a signature that is none', { ...call(undefined), functions: [{ signature: 'mint(address' }] }, ['unreadable-function']],
  ['approve', call([{ name: 'approve', args: [shop, 5n] }]), ['approval']],
  ['approve without limit', call([{ name: 'approve', args: [shop, maxUint256] }]), ['approval', 'unlimited-amount']],
  ['increaseAllowance', call(['increaseAllowance']), ['approval']],
  ['permit', call(['permit']), ['approval']],
  ['setApprovalForAll', call(['setApprovalForAll']), ['approval']],
  ['a transfer of any amount', call(['transfer']), ['free-amount']],
  ['transferOwnership', call(['transferOwnership']), ['controls-contract']],
  ['upgradeTo', call(['upgradeTo']), ['controls-contract']],
  ['upgradeToAndCall', call(['upgradeToAndCall']), ['controls-contract']],
  ['execute', call(['execute']), ['runs-other-calls']],
  ['multicall', call(['multicall']), ['runs-other-calls']],
  ['delegatecall', call(['delegatecall']), ['runs-other-calls']],
  ['ETH without limit', call(['mint'], { valueLimit: maxUint256 }), ['unlimited-amount']],
  ['ETH any number of times', call(['mint'], { valueLimit: 1n, callLimit: undefined }), ['unlimited-amount']],
  ['a pinned transfer any number of times', call([{ name: 'transfer', args: [shop, 5n] }], { callLimit: undefined }), ['unlimited-amount']],
  ['an allowance without limit', erc20Allowance({ token: gold, limit: maxUint256 }), ['unlimited-amount']],
  ['a stream without limit', erc20Stream({ token: gold, perSecond: 1n, max: maxUint256 }), ['unlimited-amount']],
])('%s is a risk', (_, permission, expected) => {
  expect(kinds(permission)).toEqual(expected)
})

test.each<[string, Permission]>([
  ['a named function of a known contract', call(['mint'])],
  ['the same any number of times', call(['mint'], { callLimit: undefined })],
  ['an approval that is taken back', call([{ name: 'approve', args: [shop, 0n] }])],
  ['an operator who is dismissed', call([{ name: 'setApprovalForAll', args: [shop, false] }])],
  ['a pinned and counted transfer', call([{ name: 'transfer', args: [shop, 5n] }])],
  ['a limited allowance', erc20Allowance({ token: gold, limit: 10n ** 24n })],
  ['a limit per day', erc20Periodic({ token: gold, limit: 1n, period: { days: 1 } })],
  ['a little ETH', nativeAllowance({ limit: 1n })],
])('%s is none', (_, permission) => {
  expect(kinds(permission)).toEqual([])
})

test('more than 90 days is one, 90 days are none', () => {
  expect(kinds(nativeAllowance({ limit: 1n }), now + farExpirySeconds)).toEqual([])
  expect(risksOf({ permissions: [nativeAllowance({ limit: 1n })], expiry: now + farExpirySeconds + 1, now })).toEqual([{ kind: 'far-expiry', permission: undefined }])
})
