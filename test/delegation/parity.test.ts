import {
  ANY_BENEFICIARY,
  createAllowedCalldataTerms,
  createAllowedMethodsTerms,
  createAllowedTargetsTerms,
  createERC20StreamingTerms,
  createERC20TokenPeriodTransferTerms,
  createERC20TransferAmountTerms,
  createERC721TransferTerms,
  createExactCalldataTerms,
  createExactExecutionTerms,
  createLimitedCallsTerms,
  createLogicalOrWrapperArgs,
  createLogicalOrWrapperTerms,
  createNativeTokenPeriodTransferTerms,
  createNativeTokenStreamingTerms,
  createNativeTokenTransferAmountTerms,
  createIdTerms,
  createNonceTerms,
  createRedeemerTerms,
  createTimestampTerms,
  createValueLteTerms,
  decodeDelegations,
  encodeDelegations,
  hashDelegation as hashDelegationOfCore,
  ROOT_AUTHORITY,
} from '@metamask/delegation-core'
import { DelegationManager as delegationManager } from '@metamask/delegation-abis'
import { CHAIN_ID, DELEGATOR_CONTRACTS } from '@metamask/delegation-deployments'
import fc from 'fast-check'
import {
  bytesToHex,
  concatHex,
  encodeFunctionData,
  getAddress,
  domainSeparator,
  hashTypedData,
  hexToBytes,
  keccak256,
  numberToHex,
  type Address,
  type Hex,
} from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, test } from 'vitest'
import { delegationManagerAbi } from '../../src/delegation/abis.js'
import { caveats, groupArgs } from '../../src/delegation/caveats.js'
import { decodeContext, encodeContext } from '../../src/delegation/context.js'
import { delegationTypedData, hashDelegation, type Caveat, type Delegation } from '../../src/delegation/delegation.js'
import { anyDelegate, enforcers, framework, rootAuthority } from '../../src/delegation/framework.js'
import {
  decodeExecution,
  decodeRedeemDelegations,
  encodeExecution,
  encodeRedeemDelegations,
  singleDefaultMode,
  type Execution,
} from '../../src/delegation/redeem.js'

// The vendor kit reports its use as soon as it is called, and takes `fetch` as it is imported.
process.env['DO_NOT_TRACK'] = '1'
process.env['CI'] = '1'
globalThis.fetch = () => {
  throw new Error('A parity test reached for the network.')
}
const kit = await import('@metamask/smart-accounts-kit')
const kitUtils = await import('@metamask/smart-accounts-kit/utils')
const kitManager = (await import('@metamask/smart-accounts-kit/contracts')).DelegationManager

const mainnet = kit.getSmartAccountsEnvironment(1, '1.3.0')
type KitCaveatBuilder = ReturnType<typeof kitUtils.createCaveatBuilder>

const numRuns = 200
const holds = <T>(arbitrary: fc.Arbitrary<T>, predicate: (value: T) => void | Promise<void>) =>
  fc.assert(fc.asyncProperty(arbitrary, async (value) => void (await predicate(value))), { numRuns })

/** Letter case is no part of bytes. */
const lower = <T extends string>(hex: T) => hex.toLowerCase() as T

const sized = (size: number): fc.Arbitrary<Hex> => fc.uint8Array({ minLength: size, maxLength: size }).map((bytes) => bytesToHex(bytes))
const bytes: fc.Arbitrary<Hex> = fc.uint8Array({ maxLength: 100 }).map((value) => bytesToHex(value))
const someBytes: fc.Arbitrary<Hex> = fc.uint8Array({ minLength: 1, maxLength: 100 }).map((value) => bytesToHex(value))
const address: fc.Arbitrary<Address> = sized(20).map((value) => getAddress(value))
const uint256 = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n })
const positive = fc.bigInt({ min: 1n, max: 2n ** 256n - 1n })
const moment = fc.integer({ min: 1, max: 253_402_300_799 })
const count = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER })
const execution: fc.Arbitrary<Execution> = fc.record({ to: address, value: uint256, data: bytes })
const period = fc.record({ limit: positive, period: count, startTime: moment })
const stream = fc
  .record({ a: positive, b: positive, perSecond: positive, startTime: moment })
  .map(({ a, b, ...rest }) => ({ ...rest, initial: a < b ? a : b, max: a < b ? b : a }))
const caveat: fc.Arbitrary<Caveat> = fc.record({ enforcer: address, terms: bytes, args: bytes })
const groups = fc.array(fc.array(caveat, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 5 })
const delegation: fc.Arbitrary<Delegation> = fc.record({
  delegate: address,
  delegator: address,
  authority: fc.oneof(fc.constant<Hex>(rootAuthority), sized(32)),
  caveats: fc.array(caveat, { maxLength: 5 }),
  salt: uint256,
  signature: bytes,
})
const context = fc.array(delegation, { maxLength: 4 })

/** The same delegation in the shape of `@metamask/delegation-core`, and of the kit, which writes the salt in hex. */
const toCore = (value: Delegation) => ({ ...value, caveats: [...value.caveats] })
const toKit = (value: Delegation) => ({ ...toCore(value), salt: numberToHex(value.salt) })
const toKitExecution = ({ to, value, data }: Execution) => ({ target: to, value, callData: data })

describe('addresses', () => {
  test.each(Object.entries(CHAIN_ID).filter(([, id]) => DELEGATOR_CONTRACTS['1.3.0']?.[id]))('are those deployed on %s', (_name, id) => {
    expect({ ...framework, ...enforcers }).toEqual(DELEGATOR_CONTRACTS['1.3.0']?.[id])
  })

  test('are those deployed on Ethereum, and on more chains than a handful', () => {
    expect({ ...framework, ...enforcers }).toEqual(DELEGATOR_CONTRACTS['1.3.0']?.[1])
    expect(Object.keys(DELEGATOR_CONTRACTS['1.3.0'] ?? {}).length).toBeGreaterThan(40)
  })

  test('authority and delegate that mean "root" and "anyone"', () => {
    expect(rootAuthority).toBe(ROOT_AUTHORITY)
    expect(anyDelegate).toBe(ANY_BENEFICIARY)
  })
})

describe('caveats', () => {
  type Row = { name: string; check: () => Promise<void> }

  /** Compares one row of `caveats` with the terms of the core, and with the whole caveat of the kit where it has a builder. */
  function row<T>(
    name: keyof typeof caveats,
    arbitrary: fc.Arbitrary<T>,
    ours: (value: T) => Caveat,
    core: (value: T) => Hex,
    vendor: ((builder: KitCaveatBuilder, value: T) => { build: () => { enforcer: Hex; terms: Hex }[] }) | { enforcer: Address },
  ): Row {
    return {
      name,
      check: () =>
        holds(arbitrary, (value) => {
          const { enforcer, terms, args } = ours(value)
          expect(lower(terms)).toBe(lower(core(value)))
          expect(args).toBe('0x')
          if (typeof vendor !== 'function') return expect(enforcer).toBe(vendor.enforcer)
          const [built] = vendor(kitUtils.createCaveatBuilder(mainnet), value).build()
          return expect({ enforcer, terms: lower(terms) }).toEqual({ enforcer: built?.enforcer, terms: lower(built?.terms ?? '0x') })
        }),
    }
  }

  const rows: Row[] = [
    row(
      'time',
      // The vendor's bounds are both exclusive; ours include the start.
      fc.record({ from: fc.integer({ min: 0, max: 4_000_000_000 }), lasts: fc.integer({ min: 1, max: 4_000_000_000 }) }),
      ({ from, lasts }) => caveats.time({ from, until: from + lasts }),
      ({ from, lasts }) => createTimestampTerms({ afterThreshold: Math.max(0, from - 1), beforeThreshold: from + lasts }),
      (builder, { from, lasts }) => builder.addCaveat('timestamp', { afterThreshold: Math.max(0, from - 1), beforeThreshold: from + lasts }),
    ),
    row(
      'targets',
      fc.array(address, { minLength: 1, maxLength: 5 }),
      (targets) => caveats.targets(targets),
      (targets) => createAllowedTargetsTerms({ targets }),
      (builder, targets) => builder.addCaveat('allowedTargets', { targets }),
    ),
    row(
      'methods',
      fc.array(sized(4), { minLength: 1, maxLength: 8 }),
      (selectors) => caveats.methods(selectors),
      (selectors) => createAllowedMethodsTerms({ selectors }),
      (builder, selectors) => builder.addCaveat('allowedMethods', { selectors }),
    ),
    row(
      'calldataRange',
      fc.record({ startIndex: fc.nat(100_000), value: someBytes }),
      ({ startIndex, value }) => caveats.calldataRange(startIndex, value),
      createAllowedCalldataTerms,
      (builder, config) => builder.addCaveat('allowedCalldata', config),
    ),
    row(
      'exactCalldata',
      bytes,
      (calldata) => caveats.exactCalldata(calldata),
      (calldata) => createExactCalldataTerms({ calldata }),
      (builder, calldata) => builder.addCaveat('exactCalldata', { calldata }),
    ),
    row(
      'exactExecution',
      execution,
      (value) => caveats.exactExecution(value),
      (value) => createExactExecutionTerms({ execution: toKitExecution(value) }),
      (builder, value) => builder.addCaveat('exactExecution', { execution: toKitExecution(value) }),
    ),
    row(
      'value',
      uint256,
      (maxValue) => caveats.value(maxValue),
      (maxValue) => createValueLteTerms({ maxValue }),
      (builder, maxValue) => builder.addCaveat('valueLte', { maxValue }),
    ),
    row(
      'callLimit',
      count,
      (limit) => caveats.callLimit(limit),
      (limit) => createLimitedCallsTerms({ limit }),
      (builder, limit) => builder.addCaveat('limitedCalls', { limit }),
    ),
    row(
      'erc20Total',
      fc.record({ tokenAddress: address, maxAmount: positive }),
      ({ tokenAddress, maxAmount }) => caveats.erc20Total(tokenAddress, maxAmount),
      createERC20TransferAmountTerms,
      (builder, config) => builder.addCaveat('erc20TransferAmount', config),
    ),
    row(
      'erc20Period',
      fc.record({ token: address, period }),
      ({ token, period }) => caveats.erc20Period(token, period),
      ({ token, period: { limit, period, startTime } }) =>
        createERC20TokenPeriodTransferTerms({ tokenAddress: token, periodAmount: limit, periodDuration: period, startDate: startTime }),
      (builder, { token, period: { limit, period, startTime } }) =>
        builder.addCaveat('erc20PeriodTransfer', { tokenAddress: token, periodAmount: limit, periodDuration: period, startDate: startTime }),
    ),
    row(
      'erc20Stream',
      fc.record({ token: address, stream }),
      ({ token, stream }) => caveats.erc20Stream(token, stream),
      ({ token, stream: { initial, max, perSecond, startTime } }) =>
        createERC20StreamingTerms({ tokenAddress: token, initialAmount: initial, maxAmount: max, amountPerSecond: perSecond, startTime }),
      (builder, { token, stream: { initial, max, perSecond, startTime } }) =>
        builder.addCaveat('erc20Streaming', { tokenAddress: token, initialAmount: initial, maxAmount: max, amountPerSecond: perSecond, startTime }),
    ),
    row(
      'nativeTotal',
      uint256,
      (maxAmount) => caveats.nativeTotal(maxAmount),
      (maxAmount) => createNativeTokenTransferAmountTerms({ maxAmount }),
      (builder, maxAmount) => builder.addCaveat('nativeTokenTransferAmount', { maxAmount }),
    ),
    row(
      'nativePeriod',
      period,
      (value) => caveats.nativePeriod(value),
      ({ limit, period, startTime }) =>
        createNativeTokenPeriodTransferTerms({ periodAmount: limit, periodDuration: period, startDate: startTime }),
      (builder, { limit, period, startTime }) =>
        builder.addCaveat('nativeTokenPeriodTransfer', { periodAmount: limit, periodDuration: period, startDate: startTime }),
    ),
    row(
      'nativeStream',
      stream,
      (value) => caveats.nativeStream(value),
      ({ initial, max, perSecond, startTime }) =>
        createNativeTokenStreamingTerms({ initialAmount: initial, maxAmount: max, amountPerSecond: perSecond, startTime }),
      (builder, { initial, max, perSecond, startTime }) =>
        builder.addCaveat('nativeTokenStreaming', { initialAmount: initial, maxAmount: max, amountPerSecond: perSecond, startTime }),
    ),
    row(
      'erc721',
      fc.record({ tokenAddress: address, tokenId: uint256 }),
      ({ tokenAddress, tokenId }) => caveats.erc721(tokenAddress, tokenId),
      createERC721TransferTerms,
      (builder, config) => builder.addCaveat('erc721Transfer', config),
    ),
    row(
      'nonce',
      uint256,
      (nonce) => caveats.nonce(nonce),
      (nonce) => createNonceTerms({ nonce: numberToHex(nonce) }),
      (builder, nonce) => builder.addCaveat('nonce', { nonce: numberToHex(nonce) }),
    ),
    row(
      'id',
      uint256,
      (id) => caveats.id(id),
      (id) => createIdTerms({ id }),
      (builder, id) => builder.addCaveat('id', { id }),
    ),
    row(
      'redeemers',
      fc.array(address, { minLength: 1, maxLength: 5 }),
      (redeemers) => caveats.redeemers(redeemers),
      (redeemers) => createRedeemerTerms({ redeemers }),
      (builder, redeemers) => builder.addCaveat('redeemer', { redeemers }),
    ),
    row(
      'anyOf',
      groups,
      (caveatGroups) => caveats.anyOf(caveatGroups),
      (caveatGroups) =>
        createLogicalOrWrapperTerms({
          caveatGroups: caveatGroups.map((group) =>
            group.map(({ enforcer, terms, args }) => ({ enforcer: hexToBytes(enforcer), terms: hexToBytes(terms), args: hexToBytes(args) })),
          ),
        }),
      // The kit has no builder for it.
      { enforcer: DELEGATOR_CONTRACTS['1.3.0']?.[1]?.['LogicalOrWrapperEnforcer'] ?? '0x' },
    ),
  ]

  test.each(rows)('$name', ({ check }) => check())

  test('every row is compared', () => {
    expect(rows.map(({ name }) => name).sort()).toEqual(Object.keys(caveats).sort())
  })

  test('the group that a redeemer names for anyOf', () =>
    holds(fc.record({ groupIndex: fc.nat(50), caveatCount: fc.nat(10) }), ({ groupIndex, caveatCount }) => {
      const caveatArgs = Array.from({ length: caveatCount }, () => new Uint8Array(0))
      expect(groupArgs(groupIndex, caveatCount)).toBe(createLogicalOrWrapperArgs({ groupIndex: BigInt(groupIndex), caveatArgs }))
    }))
})

describe('delegations', () => {
  test('have the same hash', () =>
    holds(delegation, (value) => {
      expect(hashDelegation(value)).toBe(hashDelegationOfCore(toCore(value)))
      expect(hashDelegation(value)).toBe(kitUtils.hashDelegation(toKit(value)))
    }))

  test('have the same EIP-712 digest', () =>
    holds(fc.record({ value: delegation, chainId: count }), ({ value, chainId }) => {
      const domain = { name: 'DelegationManager', version: '1', chainId, verifyingContract: mainnet.DelegationManager }
      const digest = keccak256(concatHex(['0x1901', domainSeparator({ domain }), hashDelegationOfCore(toCore(value))]))
      expect(hashTypedData(delegationTypedData(value, chainId))).toBe(digest)
    }))

  test('get the same signature', () =>
    holds(fc.record({ value: delegation, chainId: count, key: fc.bigInt({ min: 1n, max: 2n ** 252n }) }), async ({ value, chainId, key }) => {
      const privateKey = numberToHex(key, { size: 32 })
      const theirs = await kit.signDelegation({
        privateKey,
        delegation: toKit(value),
        delegationManager: mainnet.DelegationManager,
        chainId,
        allowInsecureUnrestrictedDelegation: true,
      })
      expect(await privateKeyToAccount(privateKey).signTypedData(delegationTypedData(value, chainId))).toBe(theirs)
    }))

  test('are encoded to the same context', () =>
    holds(context, (delegations) => {
      expect(encodeContext(delegations)).toBe(encodeDelegations(delegations.map(toCore)))
      expect(encodeContext(delegations)).toBe(kitUtils.encodeDelegations(delegations.map(toKit)))
    }))

  test('are read back from each other', () =>
    holds(context, (delegations) => {
      expect(decodeContext(encodeDelegations(delegations.map(toCore)))).toEqual(delegations)
      const theirs = decodeDelegations(encodeContext(delegations))
      const checksummed = theirs.map((value) => ({
        ...value,
        delegate: getAddress(value.delegate),
        delegator: getAddress(value.delegator),
        caveats: value.caveats.map((one) => ({ ...one, enforcer: getAddress(one.enforcer) })),
      }))
      expect(checksummed).toEqual(delegations)
    }))

  test('bytes that are no list of delegations are not read', () => {
    for (const nonsense of ['0x', '0x00', rootAuthority, encodeContext([]).slice(0, 66) as Hex] as const) {
      expect(() => decodeContext(nonsense)).toThrow()
    }
  })
})

describe('calls', () => {
  test('an execution is packed the same, and read back', () =>
    holds(execution, (value) => {
      const packed = encodeExecution(value)
      expect(lower(packed)).toBe(lower(kitUtils.encodeSingleExecution(toKitExecution(value))))
      expect(decodeExecution(packed)).toEqual({ ...value, to: expect.stringMatching(new RegExp(`^${value.to}$`, 'i')) })
    }))

  test('redeemDelegations has the same calldata, and is read back', () =>
    holds(fc.array(fc.record({ delegations: fc.array(delegation, { minLength: 1, maxLength: 3 }), execution }), { minLength: 1, maxLength: 3 }), (redemptions) => {
      const ours = encodeRedeemDelegations(redemptions)
      const modes = redemptions.map(() => kit.ExecutionMode.SingleDefault)
      const byKit = kitManager.encode.redeemDelegations({
        delegations: redemptions.map(({ delegations }) => delegations.map(toKit)),
        modes,
        executions: redemptions.map(({ execution }) => [toKitExecution(execution)]),
      })
      const byVendorAbi = encodeFunctionData({
        abi: delegationManager,
        functionName: 'redeemDelegations',
        args: [
          redemptions.map(({ delegations }) => encodeDelegations(delegations.map(toCore))),
          modes,
          redemptions.map(({ execution }) => kitUtils.encodeSingleExecution(toKitExecution(execution))),
        ],
      })
      expect(lower(ours)).toBe(lower(byKit))
      expect(lower(ours)).toBe(lower(byVendorAbi))
      expect(decodeRedeemDelegations(ours)).toEqual(
        redemptions.map(({ delegations, execution }) => ({ delegations, execution: { ...execution, to: lower(execution.to) } })),
      )
    }))

  test('disableDelegation has the same calldata', () =>
    holds(delegation, (value) => {
      const ours = encodeFunctionData({ abi: delegationManagerAbi, functionName: 'disableDelegation', args: [value] })
      expect(ours).toBe(kitManager.encode.disableDelegation({ delegation: toKit(value) }))
      expect(ours).toBe(encodeFunctionData({ abi: delegationManager, functionName: 'disableDelegation', args: [toCore(value)] }))
    }))

  test.each(['BatchDefault', 'SingleTry', 'BatchTry'] as const)('calldata in the mode %s is not read as single calls', (mode) => {
    expect(kit.ExecutionMode.SingleDefault).toBe(singleDefaultMode)
    const data = kitManager.encode.redeemDelegations({
      delegations: [[]],
      modes: [kit.ExecutionMode[mode]],
      executions: [[{ target: framework.EntryPoint, value: 0n, callData: '0x' }]],
    })
    expect(decodeRedeemDelegations(data)).toBeUndefined()
  })

  test('lists of different lengths, and other functions, are not read', () => {
    const abi = delegationManagerAbi
    const uneven = encodeFunctionData({ abi, functionName: 'redeemDelegations', args: [[], [singleDefaultMode], []] })
    const other = encodeFunctionData({ abi, functionName: 'disabledDelegations', args: [rootAuthority] })
    for (const data of [uneven, other, '0x', '0x12345678'] as const) expect(decodeRedeemDelegations(data)).toBeUndefined()
  })
})
