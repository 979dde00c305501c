// Against Porto's own provider, which runs here: what it takes, what it answers, and what its answers mean.
import fc from 'fast-check'
import { bytesToHex, encodeAbiParameters, getAddress, numberToHex, toFunctionSelector, type Address } from 'viem'
import { describe, expect, test } from 'vitest'
import type { Dialect, GrantRequest, Provider, WalletProbe } from '../../src/dialects/dialect.js'
import { InvalidWalletResponseError } from '../../src/dialects/errors.js'
import { porto } from '../../src/dialects/porto.js'
import { createWalletProbe } from '../../src/dialects/walletProbe.js'
import { compare } from '../../src/permissions/compare.js'
import type { ContractCallPermission, Erc20PeriodicPermission, Permission } from '../../src/permissions/permission.js'
import { answerOf, readFixtures, type Fixtures } from './fixtures/readFixtures.js'
import { openPorto, orchestrator, portoChainId as chainId } from './portoWallet.js'

globalThis.fetch = () => {
  throw new Error('A test of Porto reached for the network.')
}

const account: Address = '0x90F79bf6EB2c4f870365E785982E1f101E93b906'
const delegate: Address = '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC'
const sword: Address = '0x5FbDB2315678afecb367f032d93F642f64180aa3'
const gold: Address = '0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512'
const expiry = 1_900_000_000
const abilities = { list: true }
/** As the kit sees it. */
const dialect: Dialect = porto
const request = (permissions: readonly Permission[], end = expiry): GrantRequest => ({ chainId, account, delegate, permissions, expiry: end })
const mints: ContractCallPermission = { type: 'contract-call', address: sword, functions: [{ signature: 'mint(address to)' }], valueLimit: 0n }
const spends: Erc20PeriodicPermission = { type: 'erc20-token-periodic', token: gold, limit: 1000n, period: 86_400 }
const grant = (provider: Provider, given: GrantRequest) => provider.request(porto.encodeGrant(given))
const expressed = (permission: Permission) => dialect.express([permission], abilities)[0]
const lossesOf = (permission: Permission) => {
  const expression = expressed(permission)
  return expression && 'losses' in expression ? expression.losses.map(({ field, kind }) => `${field} ${kind}`) : expression
}

const bytes = (size: number) => fc.uint8Array({ minLength: size, maxLength: size }).map((value) => bytesToHex(value))
const address = fc.oneof(fc.constantFrom(sword, gold), bytes(20).map((value) => getAddress(value)))
const moment = fc.integer({ min: 1_500_000_000, max: 2_000_000_000 })
const optional = { requiredKeys: [] as [] }
const word = encodeAbiParameters([{ type: 'uint256' }], [7n])
const scope = fc.constantFrom(
  { signature: 'mint(address to)' },
  { signature: 'burn(uint256 id)', args: [word] },
  { signature: 'craft(uint256 a, uint256 b)', args: [word, null] },
  { signature: 'craft(uint256 a, uint256 b)', args: [null, null] },
  { signature: 'claim()' },
  { signature: 'claim()', args: [] },
  { signature: 'fill((address maker, uint256[2] amounts) order, bytes data)' },
  { signature: 'transfer(address to, uint256 amount)' },
)
const contractCalls = fc
  .tuple(
    fc.record({ address, valueLimit: fc.constantFrom(0n, 0n, 1n, 10n ** 18n) }),
    fc.record({ functions: fc.array(scope, { minLength: 1, maxLength: 4 }), callLimit: fc.integer({ min: 1, max: 99 }), startTime: moment }, optional),
  )
  .map(([required, more]): ContractCallPermission => ({ type: 'contract-call', ...required, ...more }))
const spending = fc
  .tuple(
    fc.record({ token: address, limit: fc.bigInt({ min: 1n, max: 2n ** 256n - 1n }), period: fc.constantFrom(60, 3_600, 86_400, 604_800, 86_401) }),
    fc.record({ payee: address, startTime: moment }, optional),
  )
  .map(([required, more]): Erc20PeriodicPermission => ({ type: 'erc20-token-periodic', ...required, ...more }))
const session = fc.record({ permissions: fc.array(fc.oneof(contractCalls, spending), { minLength: 1, maxLength: 5 }), end: moment, account: address })

/** What of it Porto has words for, as asked and as it will be enforced. */
function planned(permissions: readonly Permission[]) {
  const expressions = dialect.express(permissions, abilities)
  const rows = permissions.flatMap((permission, index) => {
    const expression = expressions[index]
    return expression && 'permission' in expression ? [{ asked: permission, ...expression }] : []
  })
  return { asked: rows.map(({ asked }) => asked), expressed: rows.map(({ permission }) => permission), losses: rows.map(({ losses }) => losses) }
}

describe('a request', () => {
  test('is taken by Porto, and refused with -32602 when it leaves feeToken out', () =>
    fc.assert(
      fc.asyncProperty(session, async ({ permissions, end, account }) => {
        const plan = planned(permissions)
        fc.pre(plan.expressed.length > 0)
        const given = { ...request(plan.expressed, end), account }
        const { method, params } = porto.encodeGrant(given)
        const provider = openPorto(account)
        expect(await provider.request({ method, params })).toBeDefined()
        const withoutFeeToken: unknown = JSON.parse(JSON.stringify({ ...params[0], feeToken: undefined }))
        await expect(provider.request({ method, params: [withoutFeeToken] })).rejects.toMatchObject({ code: -32602, message: expect.stringContaining('feeToken') })
      }),
      { numRuns: 150 },
    ))

  test('comes back as it was expressed; broader than what was asked only where that was said', () =>
    fc.assert(
      fc.asyncProperty(session, async ({ permissions, end, account }) => {
        const plan = planned(permissions)
        fc.pre(plan.expressed.length > 0)
        const given = { ...request(plan.expressed, end), account }
        const answer = porto.decodeGrant(JSON.parse(JSON.stringify(await grant(openPorto(account), given))), given)
        const granted = answer.granted.map(({ permission }) => permission)
        expect(answer).toMatchObject({ account, delegate, expiry: end, handle: delegate.toLowerCase() })
        expect(granted).toEqual(plan.expressed)
        expect(compare(given, { permissions: granted, expiry: end })).toEqual([])

        const unsaid = compare({ permissions: plan.asked, expiry: end }, { permissions: granted, expiry: end }).filter(({ asked, path, kind }) => {
          const said = asked === undefined ? [] : (plan.losses[asked] ?? [])
          return kind !== 'narrower' && !said.some(({ field, kind: loss }) => loss === 'widened' && field.split(/[.[]/)[0] === path && kind === 'broader')
        })
        expect(unsaid).toEqual([])
      }),
      { numRuns: 300 },
    ))

  test('names the function by its types, the key by its address, and no more than Porto knows', () => {
    expect(porto.encodeGrant(request([mints, spends, { ...mints, functions: undefined }]))).toEqual({
      method: 'wallet_grantPermissions',
      params: [
        {
          address: account,
          chainId: '0x2105',
          expiry,
          feeToken: null,
          key: { type: 'secp256k1', publicKey: delegate },
          permissions: {
            calls: [{ to: sword, signature: 'mint(address)' }, { to: gold, signature: 'transfer(address,uint256)' }, { to: sword }],
            spend: [{ limit: '0x3e8', period: 'day', token: gold }],
          },
        },
      ],
    })
    expect(porto.encodeGrant(request([mints])).params[0]?.permissions).not.toHaveProperty('spend')
  })
})

describe('in the words of Porto', () => {
  test('a function is a function and a contract a contract: nothing is lost', () => {
    expect(expressed(mints)).toEqual({ permission: mints, losses: [] })
    expect(expressed({ ...mints, functions: undefined, optional: true })).toEqual({ permission: { type: 'contract-call', address: sword, valueLimit: 0n, optional: true }, losses: [] })
  })

  test('a number of calls is impossible: nobody would count them', () => {
    expect(expressed({ ...mints, callLimit: 5 })).toEqual({ impossible: expect.stringContaining('counts no calls') })
  })

  test('arguments and starts are lost; native token cannot be sent', () => {
    const asked: ContractCallPermission = { ...mints, functions: [{ signature: 'mint(address to)' }, { signature: 'burn(uint256 id)', args: [word] }], valueLimit: 1n, startTime: 1 }
    expect(lossesOf(asked)).toEqual(['functions[1].args widened', 'valueLimit narrowed', 'startTime widened'])
    expect(expressed(asked)).toMatchObject({ permission: { functions: [{ signature: 'mint(address to)' }, { signature: 'burn(uint256 id)' }], valueLimit: 0n } })
  })

  test.each(['transfer(address to, uint256 amount)', 'transferFrom(address from, address to, uint256 amount)', 'approve(address spender, uint256 amount)'])('%s is spending, of which there is none', (signature) => {
    expect(lossesOf({ ...mints, functions: [{ signature: 'mint(address to)' }, { signature }] })).toEqual(['functions[1] narrowed'])
  })

  test.each([
    [60, 'minute'],
    [3_600, 'hour'],
    [86_400, 'day'],
    [604_800, 'week'],
  ])('a limit each %d seconds is one a %s, of the calendar and from now on', (period, name) => {
    expect(expressed({ ...spends, period })).toMatchObject({ permission: { ...spends, period } })
    expect(lossesOf({ ...spends, period })).toEqual(['startTime widened'])
    expect(porto.encodeGrant(request([{ ...spends, period }])).params[0]?.permissions.spend?.[0]?.period).toBe(name)
  })

  test('a start is lost even where the calendar has one: before it there is another period', () => {
    const monday = 1_799_625_600
    expect(new Date(monday * 1_000).toUTCString()).toMatch(/^Mon, .* 00:00:00 GMT$/)
    expect(lossesOf({ ...spends, period: 604_800, startTime: monday })).toEqual(['startTime widened'])
  })

  test('a payee is lost', () => {
    expect(lossesOf({ ...spends, payee: sword })).toEqual(['startTime widened', 'payee widened'])
  })

  test.each<[string, Permission]>([
    ['two days', { ...spends, period: 2 * 86_400 }],
    ['a month', { ...spends, period: 30 * 86_400 }],
    ['a whole session', { type: 'erc20-token-allowance', token: gold, limit: 1n }],
    ['a stream', { type: 'erc20-token-stream', token: gold, initial: 0n, perSecond: 1n, max: 1n }],
    ['native token for a session', { type: 'native-token-allowance', limit: 1n }],
    ['native token a day', { type: 'native-token-periodic', limit: 1n, period: 86_400 }],
    ['a native stream', { type: 'native-token-stream', initial: 0n, perSecond: 1n, max: 1n }],
    ['one NFT', { type: 'erc721-token-transfer', token: sword, tokenId: 1n }],
    ['the address that Porto reads as any', { ...mints, address: '0x3232323232323232323232323232323232323232' }],
    ['the token that Porto reads as any', { ...spends, token: '0x3232323232323232323232323232323232323232' }],
  ])('there are none for %s', (_what, permission) => {
    expect(expressed(permission)).toEqual({ impossible: expect.stringMatching(/^the wallet /) })
  })

  test('nor for a function whose four bytes Porto reads as any function', () => {
    const signature = 'f_dambklc()'
    expect(toFunctionSelector(signature)).toBe('0x32323232')
    expect(expressed({ ...mints, functions: [{ signature: 'mint(address to)' }, { signature }] })).toEqual({ impossible: 'the wallet reads that function as any function' })
  })

  test('nor for a second limit on the same token: the first would go, or both would hold', () => {
    const [first, second, other] = dialect.express([spends, { ...spends, token: gold.toLowerCase() as Address, period: 604_800 }, { ...spends, token: sword }], abilities)
    expect(first).toHaveProperty('permission')
    expect(second).toEqual({ impossible: 'the wallet holds all limits on one token at once' })
    expect(other).toHaveProperty('permission')
  })
})

const { base } = readFixtures<Fixtures & { base: { permissions: { calls: object[]; spend: object[] } } }>('porto')
const asked = request([mints, spends])

describe('an answer', () => {
  test('as Porto gives it is what was asked', async () => {
    const given = JSON.parse(JSON.stringify(await grant(openPorto(account), asked))) as { address: Address }
    expect({ ...given, address: given.address.toLowerCase() }).toMatchObject({ ...base, permissions: { spend: [{ limit: '0x3e8', period: 'day' }] } })
    for (const answer of [given, base]) {
      expect(porto.decodeGrant(answer, asked)).toEqual({ account, delegate, expiry, handle: delegate.toLowerCase(), granted: [{ permission: mints }, { permission: spends }] })
    }
  })

  test.each(['calls', 'spend'])('of more %s than a page can read without being held up is refused', (kind) => {
    const { permissions } = base as { permissions: Record<string, object[]> }
    const rows = (count: number) => ({ ...base, permissions: { ...permissions, [kind]: Array.from({ length: count }, () => permissions[kind]?.[0]) } })
    expect(() => porto.decodeGrant(rows(101), asked)).toThrow(InvalidWalletResponseError)
    expect(porto.decodeGrant(rows(100), asked).handle).toBeDefined()
  })

  test('for another key or account names it, so that whoever judges it sees', () => {
    expect(porto.decodeGrant(answerOf(base, { at: ['key', 'publicKey'], value: sword }), asked).delegate).toBe(sword)
    expect(porto.decodeGrant(answerOf(base, { at: ['address'], value: sword }), asked).account).toBe(sword)
  })

  test('with limits in another order keeps to the order in which they were asked for', () => {
    const { permissions } = base
    const week = { limit: '0x1', period: 'week', token: gold }
    const read = porto.decodeGrant({ ...base, permissions: { ...permissions, spend: [week, ...permissions.spend] } }, asked)
    expect(read.granted.map(({ permission }) => permission)).toEqual([mints, spends, { ...spends, limit: 1n, period: 604_800 }])
  })

  test('that leaves a function or a limit out is narrower, or lacks it', () => {
    const given = request([{ ...mints, functions: [{ signature: 'mint(address to)' }, { signature: 'claim()' }] }, spends])
    const read = porto.decodeGrant(base, given)
    expect(compare(given, { permissions: read.granted.map(({ permission }) => permission), expiry }).map(({ path, kind }) => `${path} ${kind}`)).toEqual(['functions narrower'])
    const nothing = porto.decodeGrant(base, request([mints, spends, { ...mints, address: account }]))
    expect(nothing.granted).toHaveLength(2)
  })

  test('with anything added is never equal to what was asked', () => {
    const row = fc.oneof(
      fc.record({ to: address }),
      fc.record({ signature: fc.constantFrom('mint(address)', 'burn(uint256)', '0x12345678', '0x32323232') }),
      fc.record({ to: address, signature: fc.constantFrom('mint(address)', 'burn(uint256)', 'transfer(address,uint256)', '0x12345678', '0xe0e0e0e0') }),
    )
    const limit = fc.record(
      { limit: fc.bigInt({ min: 1n, max: 2n ** 256n - 1n }).map((value) => numberToHex(value)), period: fc.constantFrom('minute', 'hour', 'day', 'week', 'month', 'year'), token: address },
      { requiredKeys: ['limit', 'period'] },
    )
    const { permissions } = base as { permissions: { calls: { to: Address; signature: string }[]; spend: object[] } }
    const known = permissions.calls.map(({ to, signature }) => `${to} ${signature}`.toLowerCase())
    fc.assert(
      fc.property(fc.oneof(row.map((call) => ({ call })), limit.map((spend) => ({ spend }))), (more: { call?: { to?: Address; signature?: string }; spend?: object }) => {
        fc.pre(!more.call || !known.includes(`${more.call.to} ${more.call.signature}`.toLowerCase()))
        const answer = {
          ...base,
          permissions: { calls: [...permissions.calls, ...(more.call ? [more.call] : [])], spend: [...permissions.spend, ...(more.spend ? [more.spend] : [])] },
        }
        const read = porto.decodeGrant(answer, asked)
        const kinds = compare(asked, { permissions: read.granted.map(({ permission }) => permission), expiry }).map(({ kind }) => kind)
        expect(kinds.some((kind) => kind === 'broader' || kind === 'other')).toBe(true)
      }),
      { numRuns: 300 },
    )
  })
})

describe('a list', () => {
  test.each(['device', 'relay'] as const)('kept by the %s shows the grant until it was revoked', async (listedBy) => {
    const provider = openPorto(account, { listedBy })
    await grant(provider, asked)
    const list = async () => porto.list.decode(JSON.parse(JSON.stringify(await provider.request(porto.list.encode({ account, chainId })))))
    const [listed, ...others] = await list()
    expect(others).toEqual([])
    expect(listed).toMatchObject({ account, delegate, chainId, expiry, handle: delegate.toLowerCase() })
    const granted = listed?.granted.map(({ permission }) => permission) ?? []
    if (listedBy === 'device') expect(granted).toEqual([spends, { ...mints, functions: [{ signature: 'mint(address)' }] }])
    else {
      // The relay keeps four bytes of each function, and a row of its own.
      const byFourBytes = { ...mints, functions: [{ signature: 'unknown_6a627842()' }] }
      expect(granted).toEqual([spends, byFourBytes, { type: 'contract-call', address: orchestrator, valueLimit: 0n }])
    }

    const [revocation, ...more] = porto.encodeRevoke({ chainId, account, delegate, granted: [], handle: listed?.handle })
    expect(more).toEqual([])
    await provider.request(revocation as { method: string; params: unknown })
    expect(await list()).toEqual([])
  })

  test('leaves out what it cannot read, and keys that Porto keeps itself', () => {
    const own = { ...base, key: { type: 'p256', publicKey: `0x${'ab'.repeat(64)}` } }
    const junk = { ...base, permissions: { calls: [{ to: sword, signature: 'mint(' }] } }
    expect(porto.list.decode([null, 5, own, junk, base, { parentCapability: 'eth_accounts' }])).toHaveLength(1)
    for (const answer of [undefined, {}, 'x', Array.from({ length: 1_001 }, () => null)]) expect(() => porto.list.decode(answer)).toThrow(InvalidWalletResponseError)
  })

  test('nothing is revoked where nothing names the grant', () => {
    expect(porto.encodeRevoke({ chainId, account, delegate, granted: [] })).toEqual([])
  })
})

describe('is told from other wallets', () => {
  const types = new Set(['contract-call', 'erc20-token-periodic'])
  function probe(answers: Record<string, unknown>, connectorId = 'injected'): { wallet: WalletProbe; asked: string[] } {
    const asked: string[] = []
    const provider: Provider = {
      async request({ method }) {
        asked.push(method)
        if (method in answers) return answers[method]
        throw Object.assign(new Error('unknown'), { code: -32601 })
      },
    }
    return { wallet: createWalletProbe({ provider, connectorId, account, chainId }), asked }
  }
  const capabilities = (row: object) => ({ wallet_getCapabilities: { '0x2105': row } })
  const supported = { permissions: { supported: true } }

  test('by its own provider, without a prompt', async () => {
    const wallet = createWalletProbe({ provider: openPorto(account), connectorId: 'injected', account, chainId })
    expect(await porto.detect(wallet)).toEqual({ types, list: true })
  })

  test("by wagmi's connector, whatever it says", async () => {
    const { wallet, asked } = probe({}, 'xyz.ithaca.porto')
    expect(porto.recognise(wallet)).toBe(true)
    expect(await porto.detect(wallet)).toEqual({ types, list: true })
    expect(asked).toEqual([])
    expect(porto.recognise(probe({}).wallet)).toBe(false)
  })

  test('by fees in tokens beside permissions; else by a row that only Porto has', async () => {
    const byFee = probe(capabilities({ ...supported, feeToken: { supported: true, tokens: [] } }))
    expect(await porto.detect(byFee.wallet)).toEqual({ types, list: true })
    expect(byFee.asked).toEqual(['wallet_getCapabilities'])
    expect(await porto.detect(probe({ ...capabilities(supported), wallet_getPermissions: [base] }).wallet)).toEqual({ types, list: true })
  })

  test.each<[string, Record<string, unknown>]>([
    ['that says nothing', {}],
    ['without permissions', capabilities({ feeToken: { supported: true } })],
    ['that supports none', capabilities({ permissions: { supported: false }, feeToken: {} })],
    ['of the drafts of ERC-7715', capabilities({ permissions: { supported: true, signerTypes: ['account'], permissionTypes: ['contract-call'] }, feeToken: {} })],
    ['that lists permissions of EIP-2255', { ...capabilities(supported), wallet_getPermissions: [{ parentCapability: 'eth_accounts', invoker: 'https://x' }] }],
    ['that lists none', { ...capabilities(supported), wallet_getPermissions: [] }],
    ['that answers nonsense', { ...capabilities(supported), wallet_getPermissions: 'yes' }],
    ['on another chain', { wallet_getCapabilities: { '0x1': { ...supported, feeToken: {} } } }],
  ])('not a wallet %s', async (_what, answers) => {
    expect(await porto.detect(probe(answers).wallet)).toBeUndefined()
  })
})
