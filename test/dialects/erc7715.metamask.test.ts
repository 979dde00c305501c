// MetaMask's own kit and our dialect say the same to a wallet, and MetaMask's answers are understood.
import fc from 'fast-check'
import { bytesToHex, createClient, custom, getAddress, numberToHex, type Address } from 'viem'
import { describe, expect, test } from 'vitest'
import { encodeContext } from '../../src/delegation/context.js'
import { framework, rootAuthority } from '../../src/delegation/framework.js'
import type { DelegatedPermission } from '../../src/delegation/grantedPermission.js'
import { metaMaskCaveats, type MetaMaskPermission } from '../../src/delegation/metaMaskCaveats.js'
import { contextExtras, contextMismatch } from '../../src/delegation/verifyContext.js'
import type { GrantRequest, WalletAbilities } from '../../src/dialects/dialect.js'
import { erc7715 } from '../../src/dialects/erc7715.js'
import { createWalletProbe } from '../../src/dialects/walletProbe.js'
import { compare } from '../../src/permissions/compare.js'
import type { Permission } from '../../src/permissions/permission.js'
import { judgeAnswer } from '../../src/sessions/judgeAnswer.js'

// The vendor kit reports its use as soon as it is called, and takes `fetch` as it is imported.
process.env['DO_NOT_TRACK'] = '1'
process.env['CI'] = '1'
globalThis.fetch = () => {
  throw new Error('A parity test reached for the network.')
}
const { requestExecutionPermissions } = await import('@metamask/smart-accounts-kit/actions')
type KitRequest = Parameters<typeof requestExecutionPermissions>[1]

/** The body that the kit puts to the provider. */
async function sentByKit(requests: KitRequest): Promise<unknown> {
  const sent: unknown[] = []
  const request = async (body: unknown) => {
    sent.push(body)
    return []
  }
  await requestExecutionPermissions(createClient({ transport: custom({ request }) }) as never, requests)
  expect(sent).toHaveLength(1)
  return sent[0]
}

const amount = fc.bigInt({ min: 1n, max: 2n ** 256n - 1n })
const address = fc.uint8Array({ minLength: 20, maxLength: 20 }).map((bytes) => getAddress(bytesToHex(bytes)))
const moment = fc.integer({ min: 1, max: 2 ** 32 })
const optional = { requiredKeys: [] as [] }
const common = fc.tuple(fc.record({ startTime: moment }, optional), fc.record({ payee: address }, optional)).map(([start, payee]) => ({ ...start, ...payee }))
const token = fc.record({ token: address })
const allowance = fc.record({ limit: amount })
const periodic = fc.record({ limit: amount, period: fc.integer({ min: 1, max: 10 * 365 * 86_400 }) })
const stream = fc
  .record({ a: amount, b: amount, perSecond: amount })
  .filter(({ a, b }) => a !== b)
  .map(({ a, b, perSecond }) => ({ initial: a < b ? a : b, max: a < b ? b : a, perSecond }))
const made = (type: MetaMaskPermission['type'], ...parts: fc.Arbitrary<object>[]) => fc.tuple(...parts, common).map((values) => Object.assign({ type }, ...values) as MetaMaskPermission)
const permissions = {
  'erc20-token-allowance': made('erc20-token-allowance', token, allowance),
  'erc20-token-periodic': made('erc20-token-periodic', token, periodic),
  'erc20-token-stream': made('erc20-token-stream', token, stream),
  'native-token-allowance': made('native-token-allowance', allowance),
  'native-token-periodic': made('native-token-periodic', periodic),
  'native-token-stream': made('native-token-stream', stream),
} satisfies Record<MetaMaskPermission['type'], fc.Arbitrary<MetaMaskPermission>>
const anyPermission = fc.oneof(...Object.values(permissions))

const request = (list: fc.Arbitrary<readonly MetaMaskPermission[]>) =>
  fc.record({
    chainId: fc.integer({ min: 1, max: 2 ** 40 }),
    account: address,
    delegate: address,
    permissions: list,
    expiry: moment,
    adjustable: fc.constantFrom(true, false, undefined),
  })

/** The same request in the words of the kit. */
function inKitWords({ chainId, account, delegate, permissions, expiry, adjustable }: GrantRequest): KitRequest {
  return (permissions as readonly MetaMaskPermission[]).map((permission) => {
    const { type, startTime, payee } = permission
    const amounts =
      'perSecond' in permission
        ? { initialAmount: permission.initial, maxAmount: permission.max, amountPerSecond: permission.perSecond }
        : 'period' in permission
          ? { periodAmount: permission.limit, periodDuration: permission.period }
          : { allowanceAmount: permission.limit }
    const tokenAddress = 'token' in permission ? { tokenAddress: permission.token } : {}
    return {
      chainId,
      from: account,
      to: delegate,
      expiry,
      permission: { type, isAdjustmentAllowed: adjustable ?? false, data: { ...tokenAddress, ...amounts, ...(startTime === undefined ? {} : { startTime }) } },
      ...(payee ? { payee: [payee] } : {}),
    }
  }) as KitRequest
}

describe.each(Object.entries(permissions))('%s', (_type, permission) => {
  test('is asked for in the same words as by the kit', () =>
    fc.assert(
      fc.asyncProperty(request(fc.tuple(permission)), async (given) => {
        expect(erc7715.encodeGrant(given)).toStrictEqual(await sentByKit(inKitWords(given)))
      }),
      { numRuns: 100 },
    ))

  test('is read from an answer as MetaMask gives it: nothing beyond what was asked', () => {
    fc.assert(
      fc.property(request(fc.tuple(permission)), fc.bigInt({ min: 0n, max: 2n ** 64n }), (given, nonce) => {
        const { account, delegate, expiry } = given
        const read = erc7715.decodeGrant(answered(given, { nonce }), given)
        expect(read).toMatchObject({ account, delegate, expiry, dependencies: [] })
        const got = read.granted.map((granted) => granted.permission)
        const [asked] = given.permissions
        // What was left open MetaMask fills in: the present.
        expect(got).toEqual([{ ...asked, startTime: asked?.startTime ?? filledIn }])
        const differences = compare(given, { permissions: got, expiry: read.expiry })
        expect(differences).toEqual(asked?.startTime === undefined ? [{ asked: 0, path: 'startTime', kind: 'narrower' }] : [])
        for (const granted of read.granted as DelegatedPermission[]) {
          expect(contextMismatch(granted, { account, delegate, expiry })).toBeUndefined()
          expect(contextExtras(granted)).toEqual({ nonce })
        }
      }),
      { numRuns: 100 },
    )
  })
})

test('several permissions are asked for in one request, as by the kit', () =>
  fc.assert(
    fc.asyncProperty(request(fc.array(anyPermission, { minLength: 2, maxLength: 6 })), async (given) => {
      expect(erc7715.encodeGrant(given)).toStrictEqual(await sentByKit(inKitWords(given)))
    }),
    { numRuns: 100 },
  ))

const account: Address = '0x90F79bf6EB2c4f870365E785982E1f101E93b906'
const delegate: Address = '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC'
const gold: Address = '0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512'
const filledIn = 1_800_000_000
const asked = {
  chainId: 11_155_111,
  account,
  delegate,
  expiry: filledIn + 86_400,
  permissions: [
    { type: 'erc20-token-allowance', token: gold, limit: 100n },
    { type: 'native-token-periodic', limit: 5n, period: 86_400, payee: gold },
  ],
} as const satisfies GrantRequest

describe('an answer of MetaMask', () => {
  test('with the redeemers that it added by itself', () => {
    // The three of its "Sentinel", which it adds for uniswap.org, in its own lower case.
    const sentinel: Address[] = ['0xb01caea8c6c47bbf4f4b4c5080ca642043359c2e', '0xc066ac5d385419b1a8c43a0e146fa439837a8b8c', '0xb42f812a44c22cc6b861478900401ee759ebead6']
    const read = erc7715.decodeGrant(answered(asked, { nonce: 3n, redeemers: sentinel }), asked)
    expect(compare(asked, { permissions: read.granted.map(({ permission }) => permission), expiry: read.expiry }).map(({ kind }) => kind)).toEqual(['narrower', 'narrower'])
    for (const granted of read.granted as DelegatedPermission[]) {
      expect(contextMismatch(granted, { account, delegate, expiry: asked.expiry })).toBeUndefined()
      expect(contextExtras(granted)).toEqual({ nonce: 3n, redeemers: sentinel.map((one) => getAddress(one)) })
    }
  })

  test('whose user took less, and ends it sooner, is narrower', () => {
    const less = { ...asked, expiry: asked.expiry - 60, permissions: [{ ...asked.permissions[0], limit: 40n }, asked.permissions[1]] }
    const read = erc7715.decodeGrant(answered(less, { nonce: 0n }), asked)
    const differences = compare(asked, { permissions: read.granted.map(({ permission }) => permission), expiry: read.expiry })
    expect(differences.map(({ path, kind }) => `${path} ${kind}`)).toEqual(['expiry narrower', 'limit narrower', 'startTime narrower', 'startTime narrower'])
  })

  const judge = (answer: unknown, onBroader?: 'clamp') => judgeAnswer({ dialect: erc7715, request: asked, asked: asked.permissions, answer, onBroader })

  test('whose user took the end away is broader: kept aside, or held to the end that was asked for', () => {
    const rows = answered({ ...asked, expiry: undefined }, { nonce: 0n })
    expect(erc7715.decodeGrant(rows, asked)).toMatchObject({ expiry: 0 })
    expect(judge(rows)).toMatchObject({ status: 'quarantined', problem: 'expiry goes beyond the request', expiry: asked.expiry, grantedExpiry: 0 })
    expect(judge(rows, 'clamp')).toMatchObject({ status: 'active', problem: undefined, expiry: asked.expiry, grantedExpiry: 0 })
  })

  test.each([['took the end of one part away', undefined], ['ends one part later', asked.expiry + 60], ['ends one part sooner', asked.expiry - 60]])('whose user %s is kept aside, with what would end it', (_, expiry) => {
    const [first, second] = [answered(asked, { nonce: 0n })[0], answered({ ...asked, expiry }, { nonce: 0n })[1]]
    for (const rows of [[first, second], [second, first]]) {
      for (const onBroader of [undefined, 'clamp'] as const) {
        const { status, granted } = judge(rows, onBroader)
        expect(status).toBe('quarantined')
        expect(granted.map(({ context }) => context)).toEqual(rows.map((row) => row?.context))
      }
    }
  })

  test('that says nothing of an end, and was signed with one, is kept aside', () => {
    const rows = answered(asked, { nonce: 0n }).map((row) => ({ ...row, rules: row.rules.filter(({ type }) => type !== 'expiry') }))
    expect(judge(rows, 'clamp')).toMatchObject({ status: 'quarantined', problem: expect.stringContaining('other limits than described') })
  })

  test('is listed as it was answered', () => {
    const [first, second] = erc7715.list.decode(answered(asked, { nonce: 1n }))
    expect(first).toMatchObject({ account, delegate, chainId: asked.chainId, expiry: asked.expiry, granted: [{ permission: { ...asked.permissions[0], startTime: filledIn } }] })
    expect(second).toMatchObject({ granted: [{ permission: { ...asked.permissions[1], startTime: filledIn } }] })
  })
})

describe('what MetaMask would change is not asked of it', () => {
  const abilities = { types: new Set(Object.keys(permissions) as Permission['type'][]), list: true }
  const exact = { ...abilities, exact: abilities.types }
  const [hour, day] = [3_600, 86_400]
  const express = (permission: Permission, wallet: WalletAbilities) => erc7715.express([permission], wallet)[0]

  test.each(['erc20-token-periodic', 'native-token-periodic'] as const)('%s: periods that it does not know, which it rounds', (type) => {
    const lasting = (period: number): Permission => ({ type, token: gold, limit: 5n, period })
    for (const period of [hour, day, 7 * day, 14 * day, 30 * day, 365 * day]) expect(express(lasting(period), abilities)).toEqual({ permission: lasting(period), losses: [] })
    for (const period of [1, 60, hour - 1, hour + 1, 2 * day, 3 * day, 28 * day, 31 * day, 366 * day]) {
      expect(express(lasting(period), abilities)).toEqual({ impossible: expect.stringContaining(`${period} seconds`) })
      expect(express(lasting(period), exact)).toEqual({ permission: lasting(period), losses: [] })
    }
  })

  test.each(['erc20-token-stream', 'native-token-stream'] as const)('%s: at its maximum from the start, or standing still, which fail after the user agreed', (type) => {
    const growing = (initial: bigint, max: bigint, perSecond = 1n): Permission => ({ type, token: gold, initial, max, perSecond })
    expect(express(growing(4n, 5n), abilities)).toEqual({ permission: growing(4n, 5n), losses: [] })
    for (const stream of [growing(5n, 5n), growing(6n, 5n), growing(4n, 5n, 0n)]) {
      expect(express(stream, abilities)).toEqual({ impossible: expect.any(String) })
      expect(express(stream, exact)).toEqual({ permission: stream, losses: [] })
    }
  })

  test('only what a wallet says of itself makes an exception, never who it says it is', async () => {
    const detected = (row: object) => {
      const request = async () => ({ 'erc20-token-periodic': { chainIds: ['0x1'], ruleTypes: ['expiry'], ...row } })
      return erc7715.detect(createWalletProbe({ provider: Object.assign({ request }, { isMetaMask: true }), connectorId: 'io.metamask', account, chainId: 1 }))
    }
    expect((await detected({ exact: true }))?.exact).toEqual(new Set(['erc20-token-periodic']))
    for (const row of [{}, { exact: false }, { exact: 'true' }, { exact: null }]) expect((await detected(row))?.exact).toEqual(new Set())
  })
})

/** As `GrantedPermissionResolutionService` makes it: everything of the request, filled in, and the signed context. */
function answered({ expiry, ...rest }: Omit<GrantRequest, 'expiry'> & { expiry: number | undefined }, { nonce, redeemers = [] }: { nonce: bigint; redeemers?: readonly Address[] }) {
  const given: GrantRequest = { ...rest, expiry: expiry ?? filledIn + 86_400 }
  const { params } = erc7715.encodeGrant(given) as { params: { rules: { type: string; data: object }[]; permission: { type: string; data: object } }[] }
  return params.map((row, index) => {
    const permission = { startTime: filledIn, ...given.permissions[index] } as MetaMaskPermission
    const caveats = metaMaskCaveats(permission, expiry, nonce, redeemers)
    const unsigned = { delegate: given.delegate, delegator: given.account, authority: rootAuthority, caveats, salt: 5n, signature: '0x12' } as const
    const data = { startTime: filledIn, justification: 'No justification was provided for the permission', ...row.permission.data }
    return {
      ...row,
      chainId: numberToHex(given.chainId),
      from: given.account.toLowerCase(),
      permission: { ...row.permission, data },
      rules: [...row.rules.filter(({ type }) => type !== 'expiry' || expiry !== undefined), ...(redeemers.length > 0 ? [{ type: 'redeemer', data: { addresses: redeemers } }] : [])],
      isAdjustmentAllowed: given.adjustable ?? false,
      dependencies: [],
      context: encodeContext([unsigned]),
      delegationManager: framework.DelegationManager,
    }
  })
}
