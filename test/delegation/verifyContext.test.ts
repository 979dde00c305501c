import fc from 'fast-check'
import { bytesToHex, concatHex, getAddress, numberToHex, parseAbi, size, type Address, type Hex } from 'viem'
import { describe, expect, test } from 'vitest'
import { caveats } from '../../src/delegation/caveats.js'
import { encodeContext } from '../../src/delegation/context.js'
import type { Caveat, Delegation } from '../../src/delegation/delegation.js'
import { anyDelegate, enforcers, framework, rootAuthority } from '../../src/delegation/framework.js'
import { metaMaskCaveats, type MetaMaskPermission } from '../../src/delegation/metaMaskCaveats.js'
import { permissionCaveats } from '../../src/delegation/permissionCaveats.js'
import { contextExtras, contextMismatch } from '../../src/delegation/verifyContext.js'
import { contractCall } from '../../src/permissions/contractCall.js'
import type { Permission } from '../../src/permissions/permission.js'
import { erc20Allowance, erc20Periodic, erc20Stream, erc721Transfer, nativeAllowance, nativePeriodic, nativeStream } from '../../src/permissions/tokenPermissions.js'

const account: Address = '0x90F79bf6EB2c4f870365E785982E1f101E93b906'
const delegate: Address = '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC'
const stranger: Address = '0x9fE46736679d2D9a65F0992F2272dE9f3c7fa6e0'
const gold: Address = '0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512'
const startTime = 1_800_000_000
const expiry = startTime + 86_400
const abi = parseAbi(['function mint(address to)', 'function burn(uint256 id)', 'function rename(uint256 id, string name)'])

const tokenPermissions: readonly MetaMaskPermission[] = [
  erc20Allowance({ token: gold, limit: 5n, startTime, payee: stranger }),
  erc20Periodic({ token: gold, limit: 5n, period: { days: 1 }, startTime }),
  erc20Stream({ token: gold, initial: 1n, perSecond: 2n, max: 3n, startTime }),
  nativeAllowance({ limit: 5n, startTime }),
  nativePeriodic({ limit: 5n, period: { days: 1 }, startTime, payee: stranger }),
  nativeStream({ initial: 1n, perSecond: 2n, max: 3n, startTime }),
]
const permissions: readonly Permission[] = [
  ...tokenPermissions,
  contractCall({ address: gold, abi, functions: ['mint'], callLimit: 5, startTime }),
  contractCall({ address: gold, abi, functions: ['mint', { name: 'burn', args: [7n] }, { name: 'rename', args: [7n, undefined] }] }),
  erc721Transfer({ token: gold, tokenId: 7n }),
]

const nonce = caveats.nonce(3n)
const redeemers = caveats.redeemers([stranger, delegate])
const signed = (list: readonly Caveat[], more: Partial<Delegation> = {}) => ({
  context: encodeContext([{ delegate, delegator: account, authority: rootAuthority, caveats: list, salt: 1n, signature: '0x12', ...more }]),
  delegationManager: framework.DelegationManager as Address,
})
const mismatch = (permission: Permission, list: readonly Caveat[], more: Partial<Delegation> = {}) =>
  contextMismatch({ permission, ...signed(list, more) }, { account, delegate, expiry })

/** Every way in which a permission may be signed: by us, by MetaMask, with and without what may be added. */
const compilations = permissions.flatMap((permission) => {
  const ours = permissionCaveats(permission, expiry)
  const theirs = tokenPermissions.filter((one) => one === permission).map((one) => metaMaskCaveats(one, expiry, 3n, [stranger]))
  return [ours, [...ours, nonce], [redeemers, ...ours, nonce], ...theirs].map((list) => ({ permission, list }))
})
const compilation = fc.constantFrom(...compilations)

describe('what is taken', () => {
  test.each(compilations.map(({ permission, list }) => [permission.type, list.length, permission, list] as const))('%s signed with %d caveats', (_type, _count, permission, list) => {
    expect(mismatch(permission, list)).toBeUndefined()
  })

  test('in any order, in any letter case', () => {
    fc.assert(
      fc.property(compilation.chain((one) => fc.record({ permission: fc.constant(one.permission), list: fc.shuffledSubarray([...one.list], { minLength: one.list.length }) })), ({ permission, list }) => {
        expect(mismatch(permission, list)).toBeUndefined()
        expect(mismatch(permission, list.map(({ terms, ...rest }) => ({ ...rest, terms: `0x${terms.slice(2).toUpperCase()}` as Hex })))).toBeUndefined()
      }),
      { numRuns: 300 },
    )
  })
})

describe('what is refused', () => {
  /** One change to a list of caveats that MetaMask or we would sign. */
  const change = (list: readonly Caveat[]) =>
    fc.record({ at: fc.nat(list.length - 1), byte: fc.integer({ min: 1, max: 255 }), position: fc.nat(2_000), other: fc.constantFrom(...Object.values(enforcers)) })

  const changes: { [name: string]: (list: readonly Caveat[], change: { at: number; byte: number; position: number; other: Address }) => readonly Caveat[] } = {
    'a limit less': (list, { at }) => list.filter((_, index) => index !== at),
    'a caveat twice': (list, { at }) => [...list, list[at] as Caveat],
    'another byte in the terms': (list, { at, byte, position }) => list.map((caveat, index) => (index === at ? { ...caveat, terms: withByte(caveat.terms, position, byte) } : caveat)),
    'a byte more in the terms': (list, { at, byte }) => list.map((caveat, index) => (index === at ? { ...caveat, terms: concatHex([caveat.terms, numberToHex(byte, { size: 1 })]) } : caveat)),
    'another enforcer with the same terms': (list, { at, other }) => list.map((caveat, index) => (index === at ? { ...caveat, enforcer: other } : caveat)),
    'one more enforcer': (list, { other, byte }) => [...list, { enforcer: other, terms: numberToHex(byte, { size: 7 }), args: '0x' }],
    'an enforcer that is not of the framework': (list, { byte }) => [{ enforcer: getAddress(numberToHex(byte, { size: 20 })), terms: '0x', args: '0x' }, ...list],
    'arguments for one': (list, { at, byte }) => list.map((caveat, index) => (index === at ? { ...caveat, args: numberToHex(byte, { size: 1 }) } : caveat)),
  }

  test.each(Object.entries(changes))('%s', (_name, changed) => {
    fc.assert(
      fc.property(compilation.chain(({ permission, list }) => fc.record({ permission: fc.constant(permission), list: fc.constant(list), how: change(list) })), ({ permission, list, how }) => {
        const others = changed(list, how)
        // A nonce and redeemers may be there, or not, or say something else: they only take away.
        fc.pre(JSON.stringify(limitsOf(others)) !== JSON.stringify(limitsOf(list)))
        expect(mismatch(permission, others)).toBeTypeOf('string')
      }),
      { numRuns: 300 },
    )
  })

  test.each([
    ['two nonces', [nonce, caveats.nonce(4n)]],
    ['the same nonce twice', [nonce, nonce]],
    ['redeemers twice', [redeemers, redeemers]],
    ['a nonce that is no word', [{ ...nonce, terms: '0x03' }]],
    ['a nonce of nothing', [{ ...nonce, terms: '0x' }]],
    ['nobody as redeemer', [{ ...redeemers, terms: '0x' }]],
    ['half an address as redeemer', [{ ...redeemers, terms: concatHex([stranger, '0x1234']) }]],
  ] as const)('%s', (_what, extras) => {
    for (const permission of permissions) expect(mismatch(permission, [...permissionCaveats(permission, expiry), ...(extras as readonly Caveat[])])).toMatch(/cannot be read/)
  })

  test('half of each compilation: the start of ours with the period of MetaMask, and the other way round', () => {
    const permission = erc20Allowance({ token: gold, limit: 5n, startTime })
    const [ourTime, ourLimit, value] = permissionCaveats(permission, expiry) as [Caveat, Caveat, Caveat]
    const [theirLimit, , theirTime] = metaMaskCaveats(permission, expiry, 0n) as [Caveat, Caveat, Caveat]
    expect(mismatch(permission, [ourTime, theirLimit, value])).toBe('other limits than described')
    expect(mismatch(permission, [theirTime, ourLimit, value])).toBe('other limits than described')
    expect(mismatch(permission, [theirTime, theirLimit, ourLimit, value])).toBe('other limits than described')
  })

  test('one long period for an allowance whose start the answer does not say', () => {
    const permission = erc20Allowance({ token: gold, limit: 5n, startTime })
    const list = metaMaskCaveats(permission, expiry, 0n)
    expect(mismatch(permission, list)).toBeUndefined()
    expect(mismatch(erc20Allowance({ token: gold, limit: 5n }), list)).toBe('other limits than described')
    expect(mismatch({ ...permission, startTime: startTime + 1 }, list)).toBe('other limits than described')
  })

  test('a period as long as a number can say is not for ever', () => {
    const permission = erc20Allowance({ token: gold, limit: 5n, startTime })
    const period = caveats.erc20Period(gold, { limit: 5n, period: (1n << 256n) - 2n, startTime })
    expect(mismatch(permission, [period, ...metaMaskCaveats(permission, expiry, 0n).slice(1)])).toBe('other limits than described')
  })

  test.each(tokenPermissions.filter((permission) => 'period' in permission || 'perSecond' in permission).map((permission) => [permission.type, permission] as const))(
    'a %s without a start: said, not thrown',
    (_type, permission) => {
      expect(mismatch({ ...permission, startTime: undefined }, permissionCaveats(permission, expiry))).toBe('other limits than described')
    },
  )

  test('limits that fit no terms: said, not thrown', () => {
    const limits = permissionCaveats(nativeAllowance({ limit: 1n }), expiry)
    expect(mismatch(nativeAllowance({ limit: 1n << 256n }), limits)).toBe('other limits than described')
    expect(mismatch(nativeAllowance({ limit: -1n }), limits)).toBe('other limits than described')
    expect(mismatch({ type: 'contract-call', address: gold, functions: [{ signature: 'not a signature' }], valueLimit: 0n }, limits)).toBe('other limits than described')
  })

  const permission = nativeAllowance({ limit: 5n, startTime })
  const list = metaMaskCaveats(permission, expiry, 3n)
  const parties = { account, delegate, expiry }
  test('other parties, another place, another end', () => {
    expect(mismatch(permission, list, { delegate: stranger })).toBe('another delegate than the session key')
    expect(mismatch(permission, list, { delegator: stranger })).toBe('another account')
    expect(mismatch(permission, list, { authority: numberToHex(1n, { size: 32 }) })).toBe('another authority')
    expect(contextMismatch({ permission, ...signed(list), delegationManager: stranger }, parties)).toBe('another delegation manager')
    expect(contextMismatch({ permission, ...signed(list) }, { ...parties, expiry: expiry + 1 })).toBe('other limits than described')
    for (const never of [-1, Number.NaN]) expect(contextMismatch({ permission, ...signed(list) }, { ...parties, expiry: never })).toBe('no moment for an end')
  })

  test('an end that was taken away: what is said and what is signed must agree on that too', () => {
    const endless = metaMaskCaveats(permission, undefined, 3n)
    expect(contextMismatch({ permission, ...signed(endless) }, { ...parties, expiry: 0 })).toBeUndefined()
    expect(contextMismatch({ permission, ...signed(endless) }, parties)).toBe('other limits than described')
    expect(contextMismatch({ permission, ...signed(list) }, { ...parties, expiry: 0 })).toBe('other limits than described')
    const zero = [...endless, { enforcer: enforcers.TimestampEnforcer, terms: `0x${'00'.repeat(32)}`, args: '0x' }] as const
    expect(contextMismatch({ permission, ...signed(zero) }, { ...parties, expiry: 0 })).toBe('other limits than described')
    const ours = permissionCaveats(permission, expiry).filter(({ enforcer }) => enforcer !== enforcers.TimestampEnforcer)
    expect(contextMismatch({ permission, ...signed(ours) }, { ...parties, expiry: 0 })).toBe('other limits than described')
  })

  test('a delegation to anyone, even where the session key is said to be anyone', () => {
    const open = signed(list, { delegate: anyDelegate })
    expect(contextMismatch({ permission, ...open }, parties)).toBe('anyone could redeem it')
    expect(contextMismatch({ permission, ...open }, { ...parties, delegate: anyDelegate })).toBe('anyone could redeem it')
  })

  test('no delegation, two of them, and bytes that are none', () => {
    const one = { delegate, delegator: account, authority: rootAuthority, caveats: list, salt: 1n, signature: '0x12' } as const
    for (const context of [encodeContext([]), encodeContext([one, one]), '0x', '0x1234', rootAuthority] as const) {
      expect(contextMismatch({ permission, ...signed(list), context }, parties)).toBe('not one delegation')
    }
  })
})

describe('contextExtras', () => {
  const permission = nativeAllowance({ limit: 5n, startTime })
  test.each([
    ['none', [], {}],
    ['a nonce', [nonce], { nonce: 3n }],
    ['redeemers', [redeemers], { redeemers: [stranger, delegate] }],
    ['both', [redeemers, nonce], { nonce: 3n, redeemers: [stranger, delegate] }],
    ['two nonces, which no verified context holds', [nonce, nonce], {}],
  ] as const)('%s', (_what, extras, expected) => {
    expect(contextExtras({ permission, ...signed([...permissionCaveats(permission, expiry), ...extras]) })).toEqual(expected)
  })

  test('of bytes that are no context: none', () => {
    expect(contextExtras({ permission, context: '0x12', delegationManager: framework.DelegationManager })).toEqual({})
  })
})

const limitsOf = (list: readonly Caveat[]) =>
  list.map(({ enforcer, terms, args }) => `${enforcer}${isWellFormedExtra({ enforcer, terms }) ? '' : terms}${args}`.toLowerCase()).filter((text) => !isExtra(text)).sort()
const isExtra = (text: string) => [enforcers.NonceEnforcer, enforcers.RedeemerEnforcer].some((enforcer) => text === `${enforcer}0x`.toLowerCase())
const isWellFormedExtra = ({ enforcer, terms }: Pick<Caveat, 'enforcer' | 'terms'>) =>
  (enforcer === enforcers.NonceEnforcer && size(terms) === 32) || (enforcer === enforcers.RedeemerEnforcer && size(terms) > 0 && size(terms) % 20 === 0)

function withByte(terms: Hex, position: number, byte: number): Hex {
  const bytes = Uint8Array.from(Buffer.from(terms.slice(2), 'hex'))
  if (bytes.length === 0) return bytesToHex(Uint8Array.of(byte))
  const at = position % bytes.length
  bytes[at] = ((bytes[at] as number) + byte) % 256
  return bytesToHex(bytes)
}
