import { concatHex, encodeAbiParameters, padHex, parseAbi, parseEther, toFunctionSelector, type Address, type Hex } from 'viem'
import { describe, expect, test } from 'vitest'
import { caveats } from '../../src/delegation/caveats.js'
import type { Caveat } from '../../src/delegation/delegation.js'
import { enforcers, type EnforcerName } from '../../src/delegation/framework.js'
import { groupCaveats, permissionCaveats } from '../../src/delegation/permissionCaveats.js'
import { contractCall } from '../../src/permissions/contractCall.js'
import { functionGroups } from '../../src/permissions/functionGroups.js'
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

const sword: Address = '0x5FbDB2315678afecb367f032d93F642f64180aa3'
const gold: Address = '0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512'
const shop: Address = '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC'

const startTime = 1_800_000_000
const expiry = startTime + 3 * 86_400
const abi = parseAbi([
  'function mint(address to) payable',
  'function burn(uint256 id)',
  'function craft(uint256 id, address for_, bytes32 secret)',
  'function rename(uint256 id, string name)',
])

const zeroWord = padHex('0x', { size: 32 })
const nameOf = (caveat: Caveat) => Object.entries(enforcers).find(([, address]) => address === caveat.enforcer)?.[0] as EnforcerName
const compiled = (permission: Permission) => permissionCaveats(permission, expiry)
const enforcersOf = (permission: Permission) => compiled(permission).map(nameOf)
const termsOf = (permission: Permission, enforcer: EnforcerName) => compiled(permission).find((caveat) => nameOf(caveat) === enforcer)?.terms
const words = (...values: (bigint | number)[]): Hex => encodeAbiParameters(values.map(() => ({ type: 'uint256' })), values.map(BigInt))

const permissions = {
  'contract-call': contractCall({ address: sword, abi, functions: ['mint'], callLimit: 50 }),
  'erc20-token-allowance': erc20Allowance({ token: gold, limit: 1000n }),
  'erc20-token-periodic': erc20Periodic({ token: gold, limit: 1000n, period: { days: 1 }, startTime }),
  'erc20-token-stream': erc20Stream({ token: gold, initial: 1n, perSecond: 2n, max: 3n, startTime }),
  'native-token-allowance': nativeAllowance({ limit: 1000n }),
  'native-token-periodic': nativePeriodic({ limit: 1000n, period: { days: 1 }, startTime }),
  'native-token-stream': nativeStream({ initial: 1n, perSecond: 2n, max: 3n, startTime }),
  'erc721-token-transfer': erc721Transfer({ token: sword, tokenId: 7n }),
} satisfies Record<PermissionType, Permission>

const expectedEnforcers = {
  'contract-call': ['TimestampEnforcer', 'AllowedTargetsEnforcer', 'AllowedMethodsEnforcer', 'ValueLteEnforcer', 'LimitedCallsEnforcer'],
  'erc20-token-allowance': ['TimestampEnforcer', 'ERC20TransferAmountEnforcer', 'ValueLteEnforcer'],
  'erc20-token-periodic': ['TimestampEnforcer', 'ERC20PeriodTransferEnforcer', 'ValueLteEnforcer'],
  'erc20-token-stream': ['TimestampEnforcer', 'ERC20StreamingEnforcer', 'ValueLteEnforcer'],
  'native-token-allowance': ['TimestampEnforcer', 'NativeTokenTransferAmountEnforcer', 'ExactCalldataEnforcer'],
  'native-token-periodic': ['TimestampEnforcer', 'NativeTokenPeriodTransferEnforcer', 'ExactCalldataEnforcer'],
  'native-token-stream': ['TimestampEnforcer', 'NativeTokenStreamingEnforcer', 'ExactCalldataEnforcer'],
  'erc721-token-transfer': ['TimestampEnforcer', 'ERC721TransferEnforcer', 'ValueLteEnforcer'],
} satisfies Record<PermissionType, EnforcerName[]>

const types = Object.keys(permissions) as PermissionType[]
const nativeTypes = types.filter((type) => type.startsWith('native-'))
const otherTypes = types.filter((type) => !type.startsWith('native-'))

describe('every permission', () => {
  test.each(types)('%s is held by exactly its enforcers', (type) => {
    expect(enforcersOf(permissions[type])).toEqual(expectedEnforcers[type])
  })

  test.each(types)('%s ends at the expiry', (type) => {
    const terms = termsOf(permissions[type], 'TimestampEnforcer') ?? '0x'
    expect(BigInt(`0x${terms.slice(-32)}`)).toBe(BigInt(expiry))
  })

  test.each(otherTypes)('%s carries no native token', (type) => {
    expect(termsOf(permissions[type], 'ValueLteEnforcer')).toBe(zeroWord)
  })

  test.each(nativeTypes)('%s carries no calldata', (type) => {
    expect(termsOf(permissions[type], 'ExactCalldataEnforcer')).toBe('0x')
  })

  test.each(types)('%s leaves no args for a redeemer to be bound by', (type) => {
    expect(compiled(permissions[type]).every(({ args }) => args === '0x')).toBe(true)
  })
})

describe('time', () => {
  test('a start is included: the enforcer lets through what comes after the second before', () => {
    const permission = erc20Allowance({ token: gold, limit: 1n, startTime })
    expect(compiled(permission)).toContainEqual(caveats.time({ from: startTime, until: expiry }))
    const terms = termsOf(permission, 'TimestampEnforcer') ?? '0x'
    expect(BigInt(terms.slice(0, 34))).toBe(BigInt(startTime - 1))
  })

  test.each(['contract-call', 'erc20-token-allowance', 'native-token-allowance', 'erc721-token-transfer'] as const)(
    'without a start, %s may begin at once',
    (type) => {
      expect((termsOf(permissions[type], 'TimestampEnforcer') ?? '').slice(0, 34)).toBe(`0x${'00'.repeat(16)}`)
    },
  )

  test.each(['erc20-token-periodic', 'erc20-token-stream', 'native-token-periodic', 'native-token-stream'] as const)(
    '%s says its start once: the clock caveat holds only the end',
    (type) => expect(compiled(permissions[type])[0]).toEqual(caveats.time({ until: expiry })),
  )

  test('periods and streams carry their start in their own terms', () => {
    expect(termsOf(permissions['native-token-periodic'], 'NativeTokenPeriodTransferEnforcer')).toBe(words(1000n, 86_400, startTime))
    expect(termsOf(permissions['native-token-stream'], 'NativeTokenStreamingEnforcer')).toBe(words(1n, 3n, 2n, startTime))
    expect(termsOf(permissions['erc20-token-periodic'], 'ERC20PeriodTransferEnforcer')).toBe(
      `${gold}${words(1000n, 86_400, startTime).slice(2)}`,
    )
  })

  test.each([erc20Periodic, nativePeriodic])('a period without a start is never compiled: it could not be bounded', (build) => {
    expect(() => compiled(build({ token: gold, limit: 1n, period: { days: 1 } }))).toThrow('no start')
  })

  test.each([erc20Stream, nativeStream])('a stream without a start is never compiled', (build) => {
    expect(() => compiled(build({ token: gold, perSecond: 1n, max: 1n }))).toThrow('no start')
  })
})

describe('payee', () => {
  test.each([
    erc20Allowance({ token: gold, limit: 1n, payee: shop }),
    erc20Periodic({ token: gold, limit: 1n, period: { days: 1 }, startTime, payee: shop }),
    erc20Stream({ token: gold, perSecond: 1n, max: 1n, startTime, payee: shop }),
  ])('of $type is the first argument of transfer', (permission) => {
    expect(enforcersOf(permission)).toEqual([...expectedEnforcers[permission.type], 'AllowedCalldataEnforcer'])
    const terms = termsOf(permission, 'AllowedCalldataEnforcer')
    expect(terms?.toLowerCase()).toBe(`${words(4)}${padHex(shop, { size: 32 }).slice(2)}`.toLowerCase())
  })

  test.each([
    nativeAllowance({ limit: 1n, payee: shop }),
    nativePeriodic({ limit: 1n, period: { days: 1 }, startTime, payee: shop }),
    nativeStream({ perSecond: 1n, max: 1n, startTime, payee: shop }),
  ])('of $type is the only target', (permission) => {
    expect(enforcersOf(permission)).toEqual([...expectedEnforcers[permission.type], 'AllowedTargetsEnforcer'])
    expect(termsOf(permission, 'AllowedTargetsEnforcer')).toBe(shop)
  })
})

describe('contract-call', () => {
  test('a whole contract is target, value and time, and nothing else', () => {
    expect(compiled(contractCall({ address: sword, abi }))).toEqual([caveats.time({ until: expiry }), caveats.targets([sword]), caveats.value(0n)])
  })

  test('the value limit is the one asked for', () => {
    expect(termsOf(contractCall({ address: sword, abi, valueLimit: parseEther('0.1') }), 'ValueLteEnforcer')).toBe(words(parseEther('0.1')))
  })

  test('unpinned functions share one list of selectors', () => {
    expect(termsOf(contractCall({ address: sword, abi, functions: ['mint', 'burn'] }), 'AllowedMethodsEnforcer')).toBe(
      `${toFunctionSelector('mint(address)')}${toFunctionSelector('burn(uint256)').slice(2)}`,
    )
  })

  const craft = toFunctionSelector('craft(uint256,address,bytes32)')
  const crafting = (...args: [bigint | undefined, Address | undefined, Hex | undefined]) =>
    compiled(contractCall({ address: sword, abi, functions: [{ name: 'craft', args }] })).slice(2, -1)

  test('pinned arguments that stand side by side are one range, with the selector where they are the first', () => {
    const [shopWord, secret] = [padHex(shop, { size: 32 }), zeroWord]
    expect(crafting(7n, undefined, secret)).toEqual([caveats.calldataRange(0, concatHex([craft, words(7n)])), caveats.calldataRange(4 + 64, secret)])
    expect(crafting(7n, shop, undefined)).toEqual([caveats.calldataRange(0, concatHex([craft, words(7n), shopWord.toLowerCase() as Hex]))])
    expect(crafting(undefined, shop, secret)).toEqual([caveats.methods([craft]), caveats.calldataRange(4 + 32, concatHex([shopWord.toLowerCase() as Hex, secret]))])
    expect(crafting(undefined, undefined, secret)).toEqual([caveats.methods([craft]), caveats.calldataRange(4 + 64, secret)])
  })

  const burnSeven = concatHex([toFunctionSelector('burn(uint256)'), words(7n)])

  test('all arguments pinned is the whole call, where it carries nothing', () => {
    const permission = contractCall({ address: sword, abi, functions: [{ name: 'burn', args: [7n] }], callLimit: 2 })
    expect(compiled(permission)).toEqual([caveats.time({ until: expiry }), caveats.exactExecution({ to: sword, value: 0n, data: burnSeven }), caveats.callLimit(2)])
    const two = contractCall({ address: sword, abi, functions: [{ name: 'burn', args: [7n] }, { name: 'burn', args: [8n] }] })
    const burnEight = concatHex([toFunctionSelector('burn(uint256)'), words(8n)])
    expect(compiled(two)).toEqual([
      caveats.time({ until: expiry }),
      caveats.anyOf([burnSeven, burnEight].map((data) => [caveats.exactExecution({ to: sword, value: 0n, data })])),
    ])
  })

  test('all arguments pinned is the whole calldata, where native token may go with it', () => {
    const permission = contractCall({ address: sword, abi, functions: [{ name: 'burn', args: [7n] }], valueLimit: 5n })
    expect(compiled(permission)).toEqual([caveats.time({ until: expiry }), caveats.targets([sword]), caveats.exactCalldata(burnSeven), caveats.value(5n)])
  })

  test('several groups of functions are one LogicalOr, and every other limit stands outside it', () => {
    const permission = contractCall({
      address: sword,
      abi,
      functions: ['mint', { name: 'burn', args: [7n] }, { name: 'rename', args: [7n, undefined] }],
      callLimit: 3,
      valueLimit: 5n,
      startTime,
    })
    const groups = functionGroups(permission.functions ?? [])

    expect(groups.map(({ type }) => type)).toEqual(['selectors', 'exact', 'ranges'])
    expect(compiled(permission)).toEqual([
      caveats.time({ from: startTime, until: expiry }),
      caveats.targets([sword]),
      caveats.anyOf(groups.map(groupCaveats)),
      caveats.value(5n),
      caveats.callLimit(3),
    ])
  })

  test('no counter stands inside a LogicalOr, where each group would count alone', () => {
    const stateless: EnforcerName[] = ['AllowedMethodsEnforcer', 'AllowedCalldataEnforcer', 'ExactCalldataEnforcer']
    const { functions = [] } = contractCall({ address: sword, abi, functions: ['mint', { name: 'burn', args: [7n] }, { name: 'rename', args: [7n, undefined] }] })
    const inside = functionGroups(functions).flatMap(groupCaveats).map(nameOf)
    expect(inside.filter((enforcer) => !stateless.includes(enforcer))).toEqual([])
    expect(inside).toHaveLength(3)
  })
})
