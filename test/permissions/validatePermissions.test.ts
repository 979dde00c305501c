import { encodeAbiParameters, parseAbi, parseUnits, type Address } from 'viem'
import { describe, expect, test } from 'vitest'
import { enforcers, framework, isFrameworkContract } from '../../src/delegation/framework.js'
import { contractCall } from '../../src/permissions/contractCall.js'
import { ForbiddenTargetError, InvalidPermissionError, UndoneLimitError, UnpinnableArgumentError } from '../../src/permissions/errors.js'
import type { Permission } from '../../src/permissions/permission.js'
import {
  erc20Allowance,
  erc20Periodic,
  erc20Stream,
  erc721Transfer,
  nativeAllowance,
  nativePeriodic,
  nativeStream,
} from '../../src/permissions/tokenPermissions.js'
import { validatePermissions } from '../../src/permissions/validatePermissions.js'

const account: Address = '0x90F79bf6EB2c4f870365E785982E1f101E93b906'
const sword: Address = '0x5FbDB2315678afecb367f032d93F642f64180aa3'
const gold: Address = '0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512'
const shop: Address = '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC'
const zero: Address = '0x0000000000000000000000000000000000000000'
const abi = parseAbi([
  'function mint(address to)',
  'function claim()',
  'function approve(address spender, uint256 amount)',
  'function transfer(address to, uint256 amount)',
  'function transferFrom(address from, address to, uint256 id)',
  'function safeTransferFrom(address from, address to, uint256 id)',
  'function safeTransferFrom(address from, address to, uint256 id, bytes data)',
  'function setApprovalForAll(address operator, bool approved)',
  'function multicall(bytes[] calls)',
  'function increaseAllowance(address spender, uint256 added)',
  'function burn(uint256 id)',
])

const validate = (...permissions: Permission[]) => () => validatePermissions({ permissions, account, isEngineContract: isFrameworkContract })
const lower = (address: Address) => address.toLowerCase() as Address

test('a session needs at least one permission', () => {
  expect(validate()).toThrow(InvalidPermissionError)
})

test('an ordinary session is accepted', () => {
  const permissions = [
    contractCall({ address: sword, abi, functions: ['mint', { name: 'transferFrom', args: [account, undefined, undefined] }], callLimit: 50 }),
    erc20Allowance({ token: gold, limit: parseUnits('1000', 18), payee: shop }),
    erc20Periodic({ token: gold, limit: 1n, period: { days: 1 } }),
    erc20Stream({ token: gold, perSecond: 1n, max: 1n }),
    nativeAllowance({ limit: 1n }),
    nativePeriodic({ limit: 1n, period: { hours: 1 }, payee: shop }),
    nativeStream({ perSecond: 1n, max: 1n, startTime: 1_800_000_000 }),
    erc721Transfer({ token: shop, tokenId: 0n }),
  ]
  expect(validate(...permissions)).not.toThrow()
})

describe('forbidden targets', () => {
  /** Each way a permission can make the account call an address. */
  const onto: [string, (address: Address) => Permission][] = [
    ['contract-call', (address) => contractCall({ address, abi, functions: ['mint'] })],
    ['contract-call of the whole contract', (address) => contractCall({ address, abi })],
    ['erc20-token-allowance', (token) => erc20Allowance({ token, limit: 1n })],
    ['erc20-token-periodic', (token) => erc20Periodic({ token, limit: 1n, period: { days: 1 } })],
    ['erc20-token-stream', (token) => erc20Stream({ token, perSecond: 1n, max: 1n })],
    ['erc721-token-transfer', (token) => erc721Transfer({ token, tokenId: 1n })],
    ['native-token-allowance', (payee) => nativeAllowance({ limit: 1n, payee })],
    ['native-token-periodic', (payee) => nativePeriodic({ limit: 1n, period: { days: 1 }, payee })],
    ['native-token-stream', (payee) => nativeStream({ perSecond: 1n, max: 1n, payee })],
  ]

  test.each(onto)('%s may not reach the account itself, however it is written', (_type, permission) => {
    for (const address of [account, lower(account)]) {
      expect(validate(permission(address))).toThrow(ForbiddenTargetError)
      expect(validate(permission(address))).toThrow('it is the account itself')
    }
  })

  test.each(Object.entries({ ...framework, ...enforcers }))('%s may not be reached', (_name, address) => {
    for (const [, permission] of onto) {
      for (const written of [address, lower(address)]) {
        expect(validate(permission(written))).toThrow(ForbiddenTargetError)
        expect(validate(permission(written))).toThrow('part of the delegation engine')
      }
    }
  })

  test('DelegationManager and EntryPoint are among them', () => {
    expect(isFrameworkContract('0xdb9B1e94B5b69Df7e401DDbedE43491141047dB3')).toBe(true)
    expect(isFrameworkContract('0x0000000071727De22E5E9d8BAf0edAc6f37da032')).toBe(true)
    expect(isFrameworkContract(sword)).toBe(false)
  })

  test.each(onto)('%s may not reach the zero address', (_type, permission) => {
    expect(validate(permission(zero))).toThrow(InvalidPermissionError)
  })

  test('one forbidden target behind a good permission is found', () => {
    expect(validate(nativeAllowance({ limit: 1n }), contractCall({ address: account, abi }))).toThrow(ForbiddenTargetError)
  })

  test('the account may be paid its own tokens', () => {
    expect(validate(erc20Allowance({ token: gold, limit: 1n, payee: account }))).not.toThrow()
  })
})

describe('a list may not undo its own limits', () => {
  const cap = erc20Allowance({ token: gold, limit: 1000n })
  const nft = erc721Transfer({ token: sword, tokenId: 7n })
  const on = (address: Address, functions?: Parameters<typeof contractCall<typeof abi>>[0]['functions']) =>
    contractCall({ address, abi, ...(functions ? { functions } : {}) })

  test.each([
    ['an ERC-20 allowance, by the whole token', cap, on(gold)],
    ['an ERC-20 allowance, by transfer', cap, on(gold, ['transfer'])],
    ['an ERC-20 allowance, by approve', cap, on(gold, ['approve'])],
    ['an ERC-20 allowance, by a function nobody knows', cap, on(gold, ['mint'])],
    ['an ERC-20 allowance, by transfer with a free amount', cap, on(gold, [{ name: 'transfer', args: [shop, undefined] }])],
    ['an ERC-20 allowance, by transfer to a free payee', cap, on(gold, [{ name: 'transfer', args: [undefined, 5n] }])],
    ['an ERC-20 allowance, by one of several functions', cap, on(gold, ['claim', { name: 'approve', args: [shop, 5n] }, 'transfer'])],
    // Four bytes are a name that somebody else may answer to.
    ['an ERC-20 allowance, by a function without arguments that is not pinned', cap, on(gold, ['claim'])],
    ['an ERC-20 period', erc20Periodic({ token: gold, limit: 1n, period: { days: 1 } }), on(gold, ['transfer'])],
    ['an ERC-20 stream', erc20Stream({ token: gold, perSecond: 1n, max: 1n }), on(gold, ['transfer'])],
    ['an ERC-20 allowance on the same token in other letters', erc20Allowance({ token: lower(gold), limit: 1n }), on(gold, ['transfer'])],
    ['one ERC-721 token, by the whole collection', nft, on(sword)],
    ['one ERC-721 token, by transferFrom', nft, on(sword, ['transferFrom'])],
    ['one ERC-721 token, by safeTransferFrom', nft, on(sword, ['safeTransferFrom(address,address,uint256)'])],
    ['one ERC-721 token, by safeTransferFrom with data', nft, on(sword, ['safeTransferFrom(address,address,uint256,bytes)'])],
    ['one ERC-721 token, by approve', nft, on(sword, ['approve'])],
    ['one ERC-721 token, by setApprovalForAll', nft, on(sword, [{ name: 'setApprovalForAll', args: [undefined, true] }])],
    ['one ERC-721 token, by multicall', nft, on(sword, ['multicall'])],
    ['an ERC-20 allowance, by a pinned transfer that nobody counts', cap, on(gold, [{ name: 'transfer', args: [shop, 1000n] }])],
    ['an ERC-20 allowance, by a pinned approval that nobody counts', cap, on(gold, [{ name: 'approve', args: [shop, 20n] }])],
    ['an ERC-20 allowance, by raising an approval that nobody counts', cap, on(gold, [{ name: 'increaseAllowance', args: [shop, 20n] }])],
    ['an ERC-20 allowance, by the same contract as an ERC-721 collection', cap, erc721Transfer({ token: lower(gold), tokenId: 1_000_000n })],
    ['one ERC-721 token, by burning', nft, on(sword, ['burn'])],
    ['a native allowance, by calls that carry value', nativeAllowance({ limit: 1n }), contractCall({ address: sword, abi, functions: ['mint'], valueLimit: 1n })],
    ['a native period, by calls that carry value', nativePeriodic({ limit: 1n, period: { days: 1 } }), contractCall({ address: sword, abi, valueLimit: 1n })],
    ['a native stream, by calls that carry value', nativeStream({ perSecond: 1n, max: 1n }), contractCall({ address: sword, abi, valueLimit: 1n })],
  ])('%s', (_what, limited, call) => {
    expect(validate(limited, call)).toThrow(UndoneLimitError)
    expect(validate(call, limited)).toThrow(UndoneLimitError)
  })

  test.each([
    ['an ERC-20 allowance beside a pinned approval, counted', cap, { ...on(gold, [{ name: 'approve', args: [shop, 20n] }]), callLimit: 1 }],
    ['an ERC-20 allowance beside taking an approval back', cap, on(gold, [{ name: 'approve', args: [shop, 0n] }])],
    ['an ERC-20 allowance beside one ERC-721 token', cap, nft],
    ['an ERC-20 allowance beside a function without arguments, pinned to its four bytes', cap, on(gold, [{ name: 'claim', args: [] }])],
    ['an ERC-20 allowance beside another token', cap, on(sword, ['transfer'])],
    ['an ERC-20 allowance beside another of the same token', cap, erc20Periodic({ token: gold, limit: 1n, period: { days: 1 } })],
    ['one ERC-721 token beside minting more', nft, on(sword, ['mint'])],
    ['one ERC-721 token beside a pinned transfer of another', nft, on(sword, [{ name: 'transferFrom', args: [account, shop, 8n] }])],
    ['a native allowance beside calls without value', nativeAllowance({ limit: 1n }), on(sword)],
    ['a native allowance beside a counted number of calls with value', nativeAllowance({ limit: 1n }), contractCall({ address: sword, abi, valueLimit: 1n, callLimit: 3 })],
  ])('is not: %s', (_what, limited, call) => {
    expect(validate(limited, call)).not.toThrow()
    expect(validate(call, limited)).not.toThrow()
  })

  test('a token that nothing caps may be called', () => {
    expect(validate(on(gold, ['transfer', 'approve']), on(sword))).not.toThrow()
  })

  test('the refusal names the token and the function', () => {
    expect(validate(cap, on(gold, ['transfer']))).toThrow(`The limit on ${gold} is undone`)
    expect(validate(cap, on(gold, ['transfer']))).toThrow('transfer(address to, uint256 amount) with free arguments')
    expect(validate(cap, on(gold, [{ name: 'transfer', args: [shop, 5n] }]))).toThrow('transfer(address to, uint256 amount) any number of times')
    expect(validate(cap, on(gold))).toThrow('every function of that contract')
    expect(validate(nativeAllowance({ limit: 1n }), contractCall({ address: sword, abi, valueLimit: 1n }))).toThrow('The limit on the native token')
  })
})

describe('ranges', () => {
  const tooMuch = 2n ** 256n
  const call = contractCall({ address: sword, abi, functions: ['mint'] })
  const period = erc20Periodic({ token: gold, limit: 1n, period: { days: 1 } })
  const stream = nativeStream({ perSecond: 1n, max: 10n })

  test.each<[string, Permission]>([
    ['a limit of nothing', erc20Allowance({ token: gold, limit: 0n })],
    ['a negative limit', nativeAllowance({ limit: -1n })],
    ['a limit past uint256', erc20Allowance({ token: gold, limit: tooMuch })],
    ['a limit that is a number', erc20Allowance({ token: gold, limit: 5 as unknown as bigint })],
    ['a limit that is text', nativeAllowance({ limit: '5' as unknown as bigint })],
    ['no limit', nativeAllowance({} as { limit: bigint })],
    ['a period of no time', erc20Periodic({ token: gold, limit: 1n, period: {} })],
    ['a negative period', { ...period, period: -1 }],
    ['a fraction of a second', { ...period, period: 0.5 }],
    ['an endless period', { ...period, period: Number.POSITIVE_INFINITY }],
    ['a period without limit', { ...period, limit: 0n }],
    ['a stream of at most nothing', { ...stream, max: 0n }],
    ['a stream that begins above its maximum', { ...stream, initial: 11n }],
    ['a stream past uint256', { ...stream, perSecond: tooMuch }],
    ['a negative stream', { ...stream, perSecond: -1n }],
    ['no call at all', { ...call, callLimit: 0 }],
    ['half a call', { ...call, callLimit: 1.5 }],
    ['a negative count', { ...call, callLimit: -1 }],
    ['a count past what numbers hold', { ...call, callLimit: 2 ** 53 }],
    ['a negative value', { ...call, valueLimit: -1n }],
    ['a value past uint256', { ...call, valueLimit: tooMuch }],
    ['no value limit, which could mean any', { ...call, valueLimit: undefined as unknown as bigint }],
    ['a list of no functions', { ...call, functions: [] }],
    ['a negative token id', erc721Transfer({ token: sword, tokenId: -1n })],
    ['a start of zero', { ...call, startTime: 0 }],
    ['a negative start', { ...period, startTime: -5 }],
    ['a start that is no number', { ...stream, startTime: Number.NaN }],
    ['a contract that is no address', { ...call, address: 'sword.eth' as Address }],
    ['a token cut short', erc20Allowance({ token: gold.slice(0, -1) as Address, limit: 1n })],
    ['a payee that is no address', nativeAllowance({ limit: 1n, payee: '0x12' })],
    ['text in place of a function', { ...call, functions: [{ signature: 'everything' }] }],
  ])('%s is refused', (_what, permission) => {
    expect(validate(permission)).toThrow(InvalidPermissionError)
  })

  test('an argument that cannot be pinned alone is refused before anybody is asked', () => {
    const value = encodeAbiParameters([{ type: 'bytes[]' }], [[]])
    expect(validate({ ...call, functions: [{ signature: 'multicall(bytes[] calls, uint256 deadline)', args: [value, null] }] })).toThrow(UnpinnableArgumentError)
  })

  test.each<[string, Permission]>([
    ['the largest amount there is', erc20Allowance({ token: gold, limit: tooMuch - 1n })],
    ['the smallest', nativeAllowance({ limit: 1n })],
    ['a period of a second', { ...period, period: 1 }],
    ['a stream that begins at its maximum and does not grow', { ...stream, initial: 10n, perSecond: 0n }],
    ['a single call', { ...call, callLimit: 1 }],
    ['the token with id zero', erc721Transfer({ token: sword, tokenId: 0n })],
  ])('%s is accepted', (_what, permission) => {
    expect(validate(permission)).not.toThrow()
  })
})

describe('a function under the name of another', () => {
  const asked = (signature: string) => ({ type: 'contract-call', address: sword, valueLimit: 0n, callLimit: 1, functions: [{ signature }] }) as const
  // All of them public: found once, and in lists of selectors since.
  test.each([
    ['join_tg_invmru_haha_fd06787(address player, bool ready)', 'transfer(address,uint256)'],
    ['many_msg_babbage(bytes1 x)', 'transfer(address,uint256)'],
    ['sign_szabo_bytecode(bytes16 x, uint128 y)', 'approve(address,uint256)'],
    ['gasprice_bit_ether(int128 x)', 'transferFrom(address,address,uint256)'],
  ])('%s is refused', (signature, known) => {
    expect(validate(asked(signature))).toThrow(InvalidPermissionError)
    expect(validate(asked(signature))).toThrow(`To a contract ${signature} is ${known}: both have the same selector.`)
  })

  test.each(['transfer(address to, uint amount)', 'approve(address amount, uint256 spender)', 'multicall(bytes[])', 'mint(address)'])('%s is what it says', (signature) => {
    expect(validate(asked(signature))).not.toThrow()
  })
})

describe('a start in the past', () => {
  const now = 1_800_000_000
  const at = (permission: Permission) => () => validatePermissions({ permissions: [permission], account, isEngineContract: isFrameworkContract, now })
  const from = (startTime: number): Permission[] => [
    erc20Stream({ token: gold, perSecond: 1n, max: 9n, startTime }),
    nativeStream({ perSecond: 1n, max: 9n, startTime }),
    erc20Periodic({ token: gold, limit: 1n, period: { days: 1 }, startTime }),
    nativePeriodic({ limit: 1n, period: { days: 1 }, startTime }),
  ]

  test.each(from(now - 61))('unlocks at once what $type speaks of as a rate', (permission) => {
    expect(at(permission)).toThrow(InvalidPermissionError)
    expect(at(permission)).toThrow(`startTime ${now - 61} has passed`)
  })

  test.each([...from(now - 60), ...from(now + 1000), contractCall({ address: sword, abi, startTime: 1 })])('is none: $type from $startTime', (permission) => {
    expect(at(permission)).not.toThrow()
  })
})
