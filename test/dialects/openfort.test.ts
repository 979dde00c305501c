import fc from 'fast-check'
import { getAddress, maxUint256, pad, toHex, type Address } from 'viem'
import { describe, expect, test } from 'vitest'
import type { GrantRequest } from '../../src/dialects/dialect.js'
import { InvalidWalletResponseError } from '../../src/dialects/errors.js'
import { openfort } from '../../src/dialects/openfort.js'
import { planGrant } from '../../src/dialects/planGrant.js'
import { createWalletProbe } from '../../src/dialects/walletProbe.js'
import { compare, isNotBroader } from '../../src/permissions/compare.js'
import { InvalidExpiryError, InvalidPermissionError } from '../../src/permissions/errors.js'
import type { ContractCallPermission, Permission } from '../../src/permissions/permission.js'

const contract = (index: number): Address => getAddress(pad(toHex(index + 1), { size: 20 }))
const key: Address = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
const account: Address = '0x90F79bf6EB2c4f870365E785982E1f101E93b906'
const now = 1_800_000_000
const tenYears = 10 * 365 * 86_400
const most = 2 ** 48 - 1
const abilities = { list: false }

const asked = (overrides: Partial<ContractCallPermission> = {}): ContractCallPermission => ({ type: 'contract-call', address: contract(0), valueLimit: maxUint256, ...overrides })
const request = (permissions: readonly Permission[], overrides: Partial<GrantRequest> = {}): GrantRequest => ({
  chainId: 1,
  account,
  delegate: key,
  permissions,
  expiry: now + 86_400,
  ...overrides,
})
const expressed = (permissions: readonly Permission[]) =>
  openfort.express(permissions, abilities).map((said) => ('permission' in said ? said.permission : expect.fail(said.impossible)))

type Wire = [{ expiry: number; permissions: { data: { address: Address }; policies: { type: { custom: string }; data: { limit: number } }[] }[] }]

/** As the provider answers: the moment is its own, the list is the whitelist's, the limit stands in every row. */
function answerOf({ params }: { params: unknown }) {
  const [{ expiry, permissions }] = params as Wire
  const limit = permissions[0]?.policies[0]?.data.limit
  const policies = [{ type: { custom: 'usage-limit' }, data: { limit } }]
  return {
    expiry: now + expiry,
    grantedPermissions: permissions.map(({ data: { address } }) => ({ type: 'contract-call', data: { address, calls: [] }, policies })),
    permissionsContext: 'ses_9a1b',
  }
}

const contractCalls = fc.array(
  fc.record(
    {
      type: fc.constant('contract-call' as const),
      address: fc.integer({ min: 0, max: 9 }).map(contract),
      valueLimit: fc.oneof(fc.constant(maxUint256), fc.bigInt({ min: 0n, max: maxUint256 })),
      functions: fc.constant([{ signature: 'mint(address to)' }]),
      callLimit: fc.integer({ min: 1, max: most + 1_000 }),
      startTime: fc.integer({ min: now, max: now + 1_000 }),
      optional: fc.boolean(),
    },
    { requiredKeys: ['type', 'address', 'valueLimit'] },
  ),
  { minLength: 1, maxLength: 14 },
) as fc.Arbitrary<ContractCallPermission[]>

describe('in Openfort\'s words', () => {
  test('what it can hold to is said without a loss', () => {
    const permission = asked({ callLimit: 50, optional: true })
    expect(openfort.express([permission], abilities)).toEqual([{ permission, losses: [] }])
  })

  test.each([
    ['functions', { functions: [{ signature: 'mint(address to)' }] }],
    ['valueLimit', { valueLimit: 0n }],
    ['startTime', { startTime: now + 60 }],
  ])('%s cannot be held to: the wallet would allow more', (field, overrides) => {
    const [said] = openfort.express([asked(overrides)], abilities)
    expect(said).toMatchObject({ permission: asked(), losses: [{ field, kind: 'widened' }] })
    expect(said).not.toHaveProperty(`permission.${field === 'valueLimit' ? 'startTime' : field}`)
  })

  test('of several limits the smallest is everybody\'s, also where none was asked', () => {
    const said = openfort.express([asked({ callLimit: 50 }), asked({ address: contract(1), callLimit: 10 }), asked({ address: contract(2) })], abilities)
    expect(said.map((one) => 'permission' in one && (one.permission as ContractCallPermission).callLimit)).toEqual([10, 10, 10])
    for (const one of said) expect(one).toMatchObject({ losses: [{ field: 'callLimit', kind: 'narrowed' }] })
  })

  test('a limit that a uint48 cannot hold is narrowed, and never becomes the one that means none', () => {
    for (const callLimit of [most, most + 1, Number.MAX_SAFE_INTEGER]) {
      expect(openfort.express([asked({ callLimit })], abilities)).toEqual([
        { permission: asked({ callLimit: most - 1 }), losses: [{ field: 'callLimit', kind: 'narrowed', reason: expect.any(String) }] },
      ])
    }
    expect(openfort.express([asked({ callLimit: most - 1 })], abilities)).toEqual([{ permission: asked({ callLimit: most - 1 }), losses: [] }])
  })

  test('an eleventh contract is impossible; a second permission for one of the ten is not', () => {
    const said = openfort.express([...Array.from({ length: 11 }, (_, index) => asked({ address: contract(index) })), asked({ address: contract(3) })], abilities)
    expect(said.map((one) => 'impossible' in one)).toEqual([...Array.from({ length: 10 }, () => false), true, false])
  })

  test.each([
    { type: 'erc20-token-allowance', token: contract(0), limit: 1n },
    { type: 'erc20-token-periodic', token: contract(0), limit: 1n, period: 60 },
    { type: 'erc20-token-stream', token: contract(0), initial: 0n, perSecond: 1n, max: 5n },
    { type: 'native-token-allowance', limit: 1n },
    { type: 'native-token-periodic', limit: 1n, period: 60 },
    { type: 'native-token-stream', initial: 0n, perSecond: 1n, max: 5n },
    { type: 'erc721-token-transfer', token: contract(0), tokenId: 1n },
  ] as const satisfies readonly Permission[])('$type is impossible, and nothing of it is sent', (permission) => {
    expect(openfort.express([permission, asked()], abilities)).toEqual([{ impossible: expect.any(String) }, { permission: asked(), losses: [] }])
    expect(() => openfort.encodeGrant(request([permission]), now)).toThrow(InvalidPermissionError)
  })

  test('a limit on what is impossible anyway narrows nobody', () => {
    const eleven = Array.from({ length: 11 }, (_, index) => asked({ address: contract(index), callLimit: index === 10 ? 1 : 50 }))
    expect(openfort.express(eleven, abilities)[0]).toMatchObject({ permission: { callLimit: 50 } })
  })

  test.each([0, -1, Number.NaN])('a limit of %d calls is impossible: the provider would drop it', (callLimit) => {
    expect(openfort.express([asked({ callLimit })], abilities)).toEqual([{ impossible: expect.any(String) }])
  })

  test('what the wallet says it does not grant is impossible', () => {
    expect(openfort.express([asked()], { types: new Set(), list: false })).toEqual([{ impossible: 'the wallet does not grant contract-call' }])
  })

  test('nothing is widened but by a loss that says so', () => {
    fc.assert(
      fc.property(contractCalls, (permissions) => {
        openfort.express(permissions, abilities).forEach((said, index) => {
          if ('impossible' in said) return
          const [before] = [permissions[index] as Permission]
          const differences = compare({ permissions: [before], expiry: now }, { permissions: [said.permission], expiry: now })
          const broader = differences.filter(({ kind }) => kind !== 'narrower').map(({ path }) => path)
          expect(broader.sort()).toEqual(said.losses.filter(({ kind }) => kind === 'widened').map(({ field }) => field).sort())
          expect(said.permission.optional).toBe(before?.optional)
        })
      }),
    )
  })

  test('a plan takes them only where the app accepted each loss', () => {
    const permissions = [asked({ functions: [{ signature: 'mint(address to)' }], valueLimit: 0n })]
    const plan = (acceptLosses: string[]) => planGrant({ dialect: openfort, abilities, permissions, acceptLosses, chainId: 1, wallet: 'Openfort' })
    expect(() => plan(['permissions[0].functions'])).toThrow('permissions[0].valueLimit: an Openfort session may send any amount')
    expect(plan(['permissions[0].functions', 'permissions[0].valueLimit']).expressed).toEqual([asked()])
  })
})

describe('a request', () => {
  test('is what the provider reads, with a relative end', () => {
    expect(openfort.encodeGrant(request([asked({ callLimit: 7 }), asked({ address: contract(1), callLimit: 7 })]), now)).toEqual({
      method: 'wallet_grantPermissions',
      params: [
        {
          signer: { type: 'account', data: { id: key } },
          expiry: 86_400 - 20,
          permissions: [
            { type: 'contract-call', data: { address: contract(0), calls: [] }, policies: [{ type: { custom: 'call-limit' }, data: { limit: 7 } }] },
            { type: 'contract-call', data: { address: contract(1), calls: [] }, policies: [] },
          ],
        },
      ],
    })
  })

  test('without a contract is not made: an empty whitelist is a master key', () => {
    expect(() => openfort.encodeGrant(request([]), now)).toThrow(InvalidPermissionError)
  })

  test.each([asked({ functions: [{ signature: 'mint(address to)' }] }), asked({ valueLimit: 0n }), asked({ startTime: now })])(
    'of what was never put in its words is not made',
    (permission) => expect(() => openfort.encodeGrant(request([permission]), now)).toThrow(InvalidPermissionError),
  )

  test.each([
    ['has passed', now - 1],
    ['is now', now],
    ['comes before the provider can be done', now + 20],
    ['is a fraction of a second after that', now + 20.5],
    ['is more than ten years away', now + 20 + tenYears + 1],
    ['counts milliseconds', now * 1_000],
    ['is no number', Number.NaN],
  ])('that %s is not made', (_what, expiry) => {
    expect(() => openfort.encodeGrant(request([asked()], { expiry }), now)).toThrow(InvalidExpiryError)
  })

  test('of a device whose clock stands at nothing is not made: that is an absolute end handed over as a relative one', () => {
    expect(() => openfort.encodeGrant(request([asked()]), 0)).toThrow(InvalidExpiryError)
  })

  const lengths = fc.oneof(fc.integer({ min: -100, max: 100 }), fc.integer({ min: 0, max: tenYears + 1_000 }), fc.integer({ min: 0, max: 2 ** 47 }))

  test('never lasts longer than asked, nor than ten years, whatever the two clocks say', () => {
    fc.assert(
      fc.property(contractCalls, fc.integer({ min: 0, max: 2 ** 33 }), lengths, (permissions, clock, length) => {
        const expiry = clock + length
        let wire
        try {
          wire = openfort.encodeGrant(request(expressed(permissions), { expiry }), clock)
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidExpiryError)
          expect(length <= 20 || length > tenYears + 20).toBe(true)
          return
        }
        const [{ expiry: seconds }] = wire.params as unknown as Wire
        expect(seconds).toBeGreaterThan(0)
        expect(seconds).toBeLessThanOrEqual(tenYears)
        expect(clock + seconds).toBeLessThan(expiry)
      }),
    )
  })
})

describe('an answer', () => {
  const good = () => answerOf(openfort.encodeGrant(request([asked({ callLimit: 7 }), asked({ address: contract(1), callLimit: 7 })]), now))
  const permissions = [asked({ callLimit: 7 }), asked({ address: contract(1), callLimit: 7 })]
  const decode = (answer: unknown) => openfort.decodeGrant(answer, request(permissions))
  const row = (overrides: object = {}) => ({ type: 'contract-call', data: { address: contract(0), calls: [] }, policies: [{ type: { custom: 'usage-limit' }, data: { limit: 7 } }], ...overrides })

  test('says what was expressed, for any list of contract calls', () => {
    fc.assert(
      fc.property(contractCalls, (list) => {
        const terms = request(expressed(list))
        const { granted, expiry, handle } = openfort.decodeGrant(answerOf(openfort.encodeGrant(terms, now)), terms)
        const got = granted.map(({ permission }) => permission)
        expect(got).toEqual(expressed(list.map((permission) => ({ ...permission, optional: undefined }))))
        const differences = compare(terms, { permissions: got, expiry })
        expect(isNotBroader(differences)).toBe(true)
        expect(differences.map(({ path }) => path)).toEqual(['expiry'])
        expect(handle).toBe('ses_9a1b')
      }),
    )
  })

  test('may say more than was understood, which is not trusted', () => {
    const { grantedPermissions, ...rest } = good()
    const more = { ...rest, account: contract(9), signer: { type: 'keys' }, grantedPermissions: grantedPermissions.map((one) => ({ ...one, required: true, data: { ...one.data, more: 1 } })) }
    expect(decode(more)).toEqual(decode(good()))
    expect(decode(more)).toMatchObject({ account: undefined, delegate: undefined })
  })

  test.each([undefined, null, 0, most])('a limit of %s is none: wider than the seven calls that were asked for', (limit) => {
    const answer = { ...good(), grantedPermissions: [row({ policies: [{ type: { custom: 'usage-limit' }, data: { limit } }] })] }
    const { granted, expiry } = decode(answer)
    expect(granted).toEqual([{ permission: asked() }])
    expect(compare(request([asked({ callLimit: 7 })]), { permissions: granted.map(({ permission }) => permission), expiry })).toContainEqual({ asked: 0, path: 'callLimit', kind: 'broader' })
  })

  test('the limit field may be missing', () => {
    expect(decode({ ...good(), grantedPermissions: [row({ policies: [{ type: { custom: 'usage-limit' }, data: {} }] })] }).granted).toEqual([{ permission: asked() }])
    expect(decode({ ...good(), grantedPermissions: [row({ policies: [] })] }).granted).toEqual([{ permission: asked() }])
  })

  test('a contract that nobody asked for stays in sight', () => {
    const { granted, expiry } = decode({ ...good(), grantedPermissions: [...good().grantedPermissions, row({ data: { address: contract(5), calls: [] } })] })
    expect(granted.map(({ permission }) => (permission as ContractCallPermission).address)).toEqual([contract(0), contract(1), contract(5)])
    expect(isNotBroader(compare(request(permissions), { permissions: granted.map(({ permission }) => permission), expiry }))).toBe(false)
  })

  test('one row answers two permissions on its contract; a further contract is still in sight', () => {
    const twice = request([asked({ callLimit: 7 }), asked({ address: contract(1), callLimit: 7 }), asked({ callLimit: 7 })])
    const addresses = (rows: object[]) =>
      openfort.decodeGrant({ ...good(), grantedPermissions: rows }, twice).granted.map(({ permission }) => (permission as ContractCallPermission).address)
    const other = (index: number) => row({ data: { address: contract(index), calls: [] } })
    expect(addresses([row(), other(1)])).toEqual([contract(0), contract(1), contract(0)])
    expect(addresses([row(), other(1), row()])).toEqual([contract(0), contract(1), contract(0)])
    expect(addresses([other(4), other(1), row()])).toEqual([contract(0), contract(1), contract(0), contract(4)])
    expect(addresses([row(), row(), row(), other(1)])).toHaveLength(4)
    expect(addresses([other(1)])).toEqual([contract(1)])
  })

  test('of two rows on one contract none hides behind the other', () => {
    const wide = row({ policies: [{ type: { custom: 'usage-limit' }, data: { limit: 500 } }] })
    const twice = request([asked({ callLimit: 7 }), asked({ callLimit: 7 })])
    const limits = openfort.decodeGrant({ ...good(), grantedPermissions: [row(), wide] }, twice).granted.map(({ permission }) => (permission as ContractCallPermission).callLimit)
    expect(limits).toEqual([7, 500])
  })

  test.each([
    ['nothing', undefined],
    ['101 rows', { ...good(), grantedPermissions: Array.from({ length: 101 }, () => row()) }],
  ])('%s is none', (_what, answer) => {
    expect(() => decode(answer)).toThrow(InvalidWalletResponseError)
  })
})

describe('a revocation', () => {
  const grant = { chainId: 1, account, delegate: key, granted: [], handle: 'ses_9a1b' }

  test('names the session key and nothing else, never the returned id', () => {
    expect(openfort.encodeRevoke(grant)).toEqual([{ method: 'wallet_revokePermissions', params: [{ permissionContext: key }] }])
  })

  test.each([undefined, '', 'ses_9a1b'])('without a key (%j) is not sent: the provider would log the user out', (delegate) => {
    expect(() => openfort.encodeRevoke({ ...grant, delegate: delegate as Address })).toThrow()
  })
})

describe('detection', () => {
  const methods: string[] = []
  const probe = (isOpenfort: unknown, answer: unknown, chainId = 31337) => {
    const provider = {
      isOpenfort,
      async request({ method }: { method: string }) {
        methods.push(method)
        return answer
      },
    }
    return createWalletProbe({ provider, connectorId: 'injected', account, chainId })
  }
  const says = (permissions: unknown, chain = '0x7a69') => ({ [chain]: { permissions, atomicBatch: { supported: true } } })
  const good = { supported: true, signerTypes: ['account', 'key'], permissionTypes: ['contract-calls'] }
  const contractCall = { types: new Set(['contract-call']), list: false }

  test.each([undefined, false, 1, 'true'])('a wallet whose mark is %j is not asked', async (mark) => {
    methods.length = 0
    expect(openfort.recognise(probe(mark, says(good)))).toBe(false)
    expect(await openfort.detect(probe(mark, says(good)))).toBeUndefined()
    expect(methods).toEqual([])
  })

  test.each([
    ['contract-calls, as it says', good, contractCall],
    ['contract-call, as it takes', { ...good, permissionTypes: ['contract-call'] }, contractCall],
    ['both, and one that the kit does not map', { ...good, permissionTypes: ['erc20-token-transfer', 'contract-call', 'contract-calls'] }, contractCall],
    ['another type alone', { ...good, permissionTypes: ['erc20-token-transfer'] }, { types: new Set(), list: false }],
    ['no types', { supported: true }, { list: false }],
    ['that it grants nothing', { ...good, supported: false }, undefined],
    ['nothing of permissions', undefined, undefined],
    ['something else', 'yes', undefined],
  ])('it says %s', async (_what, permissions, abilities) => {
    expect(await openfort.detect(probe(true, says(permissions)))).toEqual(abilities)
  })

  test.each([undefined, null, {}, [], 'yes'])('%j is no answer', async (answer) => {
    expect(await openfort.detect(probe(true, answer))).toBeUndefined()
  })

  test('of the chain that it is not on it says nothing, which is not that it grants nothing', async () => {
    expect(await openfort.detect(probe(true, says(good), 8453))).toEqual({ list: false })
    expect(await openfort.detect(probe(true, says({ supported: false }), 8453))).toBeUndefined()
  })
})
