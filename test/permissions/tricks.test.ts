// What a careless app or a hostile wallet may try; each of these once got through.
import { encodeAbiParameters, encodeFunctionData, erc20Abi, parseAbi, type Abi, type Address, type Hex } from 'viem'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { decodePermission, wirePermission, wireRules } from '../../src/dialects/wire/erc7715Permission.js'
import { erc7715 } from '../../src/dialects/erc7715.js'
import { check, type Call } from '../../src/permissions/check.js'
import { compare, isNotBroader } from '../../src/permissions/compare.js'
import { contractCall } from '../../src/permissions/contractCall.js'
import { InvalidExpiryError, InvalidPermissionError } from '../../src/permissions/errors.js'
import { expiresIn, resolveExpiry } from '../../src/permissions/expiry.js'
import { calldataScope } from '../../src/permissions/pinnedCalldata.js'
import type { Permission } from '../../src/permissions/permission.js'
import type { DelegatedPermission } from '../../src/delegation/grantedPermission.js'
import { erc20Allowance, erc721Transfer, nativeAllowance } from '../../src/permissions/tokenPermissions.js'
import { validatePermissions } from '../../src/permissions/validatePermissions.js'
import { contextMismatch } from '../../src/delegation/verifyContext.js'
import { encodeContext } from '../../src/delegation/context.js'
import { caveats } from '../../src/delegation/caveats.js'
import { permissionCaveats } from '../../src/delegation/permissionCaveats.js'
import { framework, rootAuthority } from '../../src/delegation/framework.js'

const account: Address = '0x90F79bf6EB2c4f870365E785982E1f101E93b906'
const sword: Address = '0x5FbDB2315678afecb367f032d93F642f64180aa3'
const gold: Address = '0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512'
const shop: Address = '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC'
const stranger: Address = '0x9fE46736679d2D9a65F0992F2272dE9f3c7fa6e0'
const zero: Address = '0x0000000000000000000000000000000000000000'
const now = 1_800_000_000
const expiry = now + 86_400
const validate = (...permissions: Permission[]) => () => validatePermissions({ permissions, account, isEngineContract: () => false })
const pay = (amount: bigint, to: Address): Call => ({ to: gold, value: 0n, data: encodeFunctionData({ abi: erc20Abi, functionName: 'transfer', args: [to, amount] }) })
const allowed = (permissions: Permission[], calls: Call[]) => check({ permissions, expiry, now, calls }).allowed
const upper = (data: Hex) => `0x${data.slice(2).toUpperCase()}` as Hex

test.each(['returns ()', 'returns()', 'external nonpayable returns ( )'])('a signature that ends in "%s" does not hide its free arguments', (tail) => {
  const drain = { type: 'contract-call', address: gold, functions: [{ signature: `transfer(address to, uint256 amount) ${tail}` }], valueLimit: 0n } as const
  expect(validate(erc20Allowance({ token: gold, limit: 1n }), drain)).toThrow(InvalidPermissionError)
})
describe('expiry 0 means "for ever" to TimestampEnforcer', () => {
  const permission = erc20Allowance({ token: gold, limit: 1n })
  test('an answer without end is wider, not narrower', () => {
    expect(isNotBroader(compare({ permissions: [permission], expiry }, { permissions: [permission], expiry: 0 }))).toBe(false)
  })
  test('a wallet that answers 0 is not read, or its context is a mismatch', () => {
    const context = encodeContext([{ delegate: shop, delegator: account, authority: rootAuthority, caveats: [caveats.time({ until: 0 }), ...permissionCaveats(permission, 1).slice(1)], salt: 1n, signature: '0x12' }])
    const request = { chainId: 1, account, delegate: shop, permissions: [permission], expiry }
    const answer = [{ chainId: '0x1', from: account, to: shop, permission: { type: permission.type, data: { tokenAddress: gold, allowanceAmount: '0x1' } }, rules: [{ type: 'expiry', data: { timestamp: 0 } }], context, delegationManager: framework.DelegationManager }]
    expect(() => {
      const granted = erc7715.decodeGrant(answer, request)
      const mismatch = contextMismatch(granted.granted[0] as DelegatedPermission, { account, delegate: shop, expiry: granted.expiry })
      if (mismatch) throw new Error(mismatch)
    }).toThrow()
  })
})
test('an expiry rule given twice is refused: the stricter one would be skipped', () => {
  const rules = [{ type: 'expiry', data: { timestamp: expiry } }, { type: 'expiry', data: { timestamp: now + 1 } }]
  expect(() => decodePermission(v.parse(wirePermission, { type: 'native-token-allowance', data: { allowanceAmount: '0x1' } }), v.parse(wireRules, rules))).toThrow(v.ValiError)
})
describe('check says yes where an enforcer says no', () => {
  test('AllowedCalldataEnforcer compares the whole word of the payee', () => {
    const { data } = pay(1n, shop)
    const dirty = `${data.slice(0, 10)}ff${data.slice(12)}` as Hex
    expect(allowed([erc20Allowance({ token: gold, limit: 5n, payee: shop })], [{ to: gold, value: 0n, data: dirty }])).toBe(false)
  })
  test.each([[zero, shop], [account, zero]])('ERC721TransferEnforcer refuses the zero address: from %s to %s', (from, to) => {
    const data = encodeFunctionData({ abi: parseAbi(['function transferFrom(address from, address to, uint256 id)']), args: [from, to, 7n] })
    expect(allowed([erc721Transfer({ token: sword, tokenId: 7n })], [{ to: sword, value: 0n, data }])).toBe(false)
  })
})
describe('letter case of calldata is no part of it', () => {
  test('ERC-20', () => expect(allowed([erc20Allowance({ token: gold, limit: 5n })], [{ ...pay(1n, shop), data: upper(pay(1n, shop).data) }])).toBe(true))
  test('contract-call', () => expect(allowed([contractCall({ address: gold, abi: erc20Abi, functions: ['transfer'] })], [{ ...pay(1n, shop), data: upper(pay(1n, shop).data) }])).toBe(true))
})
test('a batch that one assignment of calls to permissions covers is allowed', () => {
  const anyone = erc20Allowance({ token: gold, limit: 100n })
  const forShop = erc20Allowance({ token: gold, limit: 100n, payee: shop })
  expect(allowed([anyone, forShop], [pay(60n, shop), pay(60n, stranger)])).toBe(true)
})
describe('untyped errors', () => {
  const big = encodeAbiParameters([{ type: 'uint256' }], [256n])
  test.each([[[big]], [[big, null]]])('a pinned uint8 of 256', (args) => {
    const signature = args.length === 1 ? 'f(uint8 a)' : 'f(uint8 a, uint256 b)'
    expect(() => calldataScope({ signature, args })).toThrow(InvalidPermissionError)
  })
  test('half a signature', () => expect(() => contractCall({ address: gold, abi: erc20Abi as Abi, functions: ['mint('] })).toThrow(InvalidPermissionError))
  test('an argument that does not fit', () =>
    expect(() => contractCall({ address: gold, abi: erc20Abi as Abi, functions: [{ name: 'transfer', args: ['0x12', undefined] }] })).toThrow(InvalidPermissionError))
})
test.each(['error', 'default', 'of'])('an ABI whose argument is named %s', (name) => {
  const abi = [{ type: 'function', name: 'report', stateMutability: 'nonpayable', inputs: [{ type: 'uint256', name }], outputs: [] }] as const
  expect(validate(contractCall({ address: sword, abi, functions: ['report'] }))).not.toThrow()
})
test('an endless duration', () => expect(() => resolveExpiry(expiresIn({ days: Number.POSITIVE_INFINITY }), now)).toThrow(InvalidExpiryError))
test('a payee that is empty is not "anyone"', () => expect(validate(nativeAllowance({ limit: 1n, payee: '' as Address }))).toThrow(InvalidPermissionError))
