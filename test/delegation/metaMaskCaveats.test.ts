// What MetaMask's snap signs, against MetaMask's own functions: `@metamask/7715-permission-types` makes and reads the
// caveats of each type, the snap appends the rest (MetaMask/snap-7715-permissions bfa810b, GrantedPermissionResolutionService).
import * as metaMask from '@metamask/7715-permission-types'
import {
  createAllowedCalldataTerms,
  createAllowedTargetsTerms,
  createNonceTerms,
  createRedeemerTerms,
  createTimestampTerms,
} from '@metamask/delegation-core'
import { DELEGATOR_CONTRACTS } from '@metamask/delegation-deployments'
import fc from 'fast-check'
import { bytesToHex, getAddress, numberToHex, padHex, type Address, type Hex } from 'viem'
import { describe, expect, test } from 'vitest'
import type { Caveat } from '../../src/delegation/delegation.js'
import { metaMaskCaveats, type MetaMaskPermission } from '../../src/delegation/metaMaskCaveats.js'
import { InvalidExpiryError } from '../../src/permissions/errors.js'

const deployed = DELEGATOR_CONTRACTS['1.3.0']?.[1] as Record<string, Address>
/** The snap's names for the enforcers: the deployed ones, with a small first letter. */
const contracts = Object.fromEntries(
  Object.entries(deployed).map(([name, address]) => [name.replace(/^ERC/, 'erc').replace(/^[A-Z]/, (letter) => letter.toLowerCase()), address]),
) as metaMask.EnforcerAddressesByName

const amount = fc.bigInt({ min: 1n, max: 2n ** 256n - 1n })
const address = fc.uint8Array({ minLength: 20, maxLength: 20 }).map((bytes) => getAddress(bytesToHex(bytes)))
const startTime = fc.integer({ min: 1, max: 253_402_300_799 })
const token = fc.record({ token: address })
const allowance = fc.record({ limit: amount, startTime })
const periodic = fc.record({ limit: amount, period: fc.integer({ min: 1, max: 10 * 365 * 86_400 }), startTime })
const stream = fc
  .record({ a: amount, b: fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }), perSecond: amount, startTime })
  .filter(({ a, b }) => a !== b)
  .map(({ a, b, ...rest }) => ({ ...rest, initial: a < b ? a : b, max: a < b ? b : a }))
const payee = fc.record({ payee: address }, { requiredKeys: [] })
const made = <type extends MetaMaskPermission['type']>(type: type, ...parts: fc.Arbitrary<object>[]) =>
  fc.tuple(...parts, payee).map((values) => Object.assign({ type }, ...values) as Extract<MetaMaskPermission, { type: type }>)

/** One row per type: permissions of it, the data that MetaMask has filled in for one, and MetaMask's maker of its caveats. */
const types = {
  'erc20-token-allowance': [made('erc20-token-allowance', token, allowance), metaMask.createErc20TokenAllowanceCaveats],
  'erc20-token-periodic': [made('erc20-token-periodic', token, periodic), metaMask.createErc20TokenPeriodicCaveats],
  'erc20-token-stream': [made('erc20-token-stream', token, stream), metaMask.createErc20TokenStreamCaveats],
  'native-token-allowance': [made('native-token-allowance', allowance), metaMask.createNativeTokenAllowanceCaveats],
  'native-token-periodic': [made('native-token-periodic', periodic), metaMask.createNativeTokenPeriodicCaveats],
  'native-token-stream': [made('native-token-stream', stream), metaMask.createNativeTokenStreamCaveats],
} as const

function populated(permission: MetaMaskPermission) {
  const amounts = {
    ...('token' in permission ? { tokenAddress: permission.token } : {}),
    ...('perSecond' in permission
      ? { initialAmount: numberToHex(permission.initial), maxAmount: numberToHex(permission.max), amountPerSecond: numberToHex(permission.perSecond) }
      : 'period' in permission
        ? { periodAmount: numberToHex(permission.limit), periodDuration: permission.period }
        : { allowanceAmount: numberToHex(permission.limit) }),
  }
  return { type: permission.type, isAdjustmentAllowed: false, data: { ...amounts, startTime: permission.startTime as number, justification: '' } }
}

/** The snap's own sequence: the caveats of the type, then expiry, redeemer, payee, nonce. */
function signedBySnap(
  permission: MetaMaskPermission,
  make: (parameters: never) => { enforcer: Hex; terms: Hex; args: Hex }[],
  { expiry, nonce, redeemers }: { expiry: number; nonce: bigint; redeemers: Address[] },
): Caveat[] {
  const to = permission.payee
  const payeeTerms = to && ('token' in permission ? createAllowedCalldataTerms({ startIndex: 4, value: padHex(to, { size: 32 }) }) : createAllowedTargetsTerms({ targets: [to] }))
  return [
    ...make({ permission: populated(permission), contracts } as never),
    { enforcer: contracts.timestampEnforcer, terms: createTimestampTerms({ afterThreshold: 0, beforeThreshold: expiry }), args: '0x' },
    ...(redeemers.length > 0 ? [{ enforcer: contracts.redeemerEnforcer, terms: createRedeemerTerms({ redeemers }), args: '0x' } as const] : []),
    ...(payeeTerms ? [{ enforcer: 'token' in permission ? contracts.allowedCalldataEnforcer : contracts.allowedTargetsEnforcer, terms: payeeTerms, args: '0x' } as const] : []),
    { enforcer: contracts.nonceEnforcer, terms: createNonceTerms({ nonce: numberToHex(nonce) }), args: '0x' },
  ]
}

const lower = (list: readonly Caveat[]) => list.map(({ enforcer, terms, args }) => ({ enforcer, terms: terms.toLowerCase(), args }))
const rules = fc.record({
  expiry: fc.integer({ min: 1, max: 253_402_300_799 }),
  nonce: fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
  redeemers: fc.array(address, { maxLength: 3 }),
})

describe.each(Object.entries(types))('%s', (type, [permissions, make]) => {
  test('is signed with the same caveats in the same order', () => {
    fc.assert(
      fc.property(permissions as fc.Arbitrary<MetaMaskPermission>, rules, (permission, rule) => {
        const ours = metaMaskCaveats(permission, rule.expiry, rule.nonce, rule.redeemers)
        expect(lower(ours)).toEqual(lower(signedBySnap(permission, make as never, rule)))
      }),
      { numRuns: 300 },
    )
  })

  test("is read back by MetaMask's own decoder, which decides what its users are shown", () => {
    const decoder = metaMask.makePermissionDecoderConfigs(contracts).find(({ permissionType }) => permissionType === type)
    fc.assert(
      fc.property(permissions as fc.Arbitrary<MetaMaskPermission>, rules, (permission, { expiry, nonce, redeemers }) => {
        const caveats = metaMaskCaveats(permission, expiry, nonce, redeemers).map((caveat) => ({ ...caveat, terms: caveat.terms.toLowerCase() as Hex }))
        const data: Record<string, unknown> = { ...populated(permission).data, justification: undefined }
        const { validateAndDecodeData, contractAddresses, requiredEnforcers, rules: decoders = [] } = decoder ?? {}
        const read = validateAndDecodeData?.(caveats, contractAddresses as metaMask.EnforcerAddressesByName) ?? {}
        const required = new Map(Object.entries(requiredEnforcers ?? {}) as [Hex, number][])
        const found = decoders.map((decode) => decode({ contractAddresses: contractAddresses as metaMask.EnforcerAddressesByName, caveats, requiredEnforcers: required }))
        // Amounts come back as whole words here, as short hex there.
        expect(numbersOf(read)).toEqual(numbersOf(data))
        expect(found.filter(Boolean)).toEqual([
          { type: 'expiry', data: { timestamp: expiry } },
          ...(redeemers.length > 0 ? [{ type: 'redeemer', data: { addresses: redeemers } }] : []),
          ...(permission.payee ? [{ type: 'payee', data: { addresses: [permission.payee] } }] : []),
        ])
      }),
      { numRuns: 100 },
    )
  })

  test('never without an end', () => {
    const [permission] = fc.sample(permissions as fc.Arbitrary<MetaMaskPermission>, 1)
    for (const expiry of [0, -1, Number.NaN]) expect(() => metaMaskCaveats(permission as MetaMaskPermission, expiry, 0n)).toThrow(InvalidExpiryError)
  })

  test('never without a start: MetaMask has filled one in', () => {
    const [permission] = fc.sample(permissions as fc.Arbitrary<MetaMaskPermission>, 1)
    expect(() => metaMaskCaveats({ ...(permission as MetaMaskPermission), startTime: undefined }, 1, 0n)).toThrow('no start')
  })
})

function numbersOf(data: object): Record<string, bigint> {
  return Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined).map(([key, value]) => [key, BigInt(value as string | number)]))
}
