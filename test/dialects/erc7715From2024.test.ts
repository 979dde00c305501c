import { readFileSync } from 'node:fs'
import { createClient, custom, numberToHex, parseEther, type Address, type Hex } from 'viem'
import { grantPermissions } from 'viem/experimental'
import { describe, expect, test, vi } from 'vitest'
import { bundleContexts } from '../../src/delegation/contextBundle.js'
import { encodeContext } from '../../src/delegation/context.js'
import { framework, rootAuthority } from '../../src/delegation/framework.js'
import type { GrantRequest, WalletAbilities } from '../../src/dialects/dialect.js'
import { erc7715From2024 } from '../../src/dialects/erc7715From2024.js'
import { InvalidWalletResponseError } from '../../src/dialects/errors.js'
import { createWalletProbe } from '../../src/dialects/walletProbe.js'
import type { Permission } from '../../src/permissions/permission.js'
import { judgeAnswer } from '../../src/sessions/judgeAnswer.js'

const sword: Address = '0x5FbDB2315678afecb367f032d93F642f64180aa3'
const gold: Address = '0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512'
const account: Address = '0x8A04AEF4E4e3d6e7a8b5d6b0E4F4A3C2b1D0E9f8'
const delegate: Address = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
const shop: Address = '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC'
const chainId = 11155111
const expiry = 1_900_000_000

const mints: Permission = { type: 'contract-call', address: sword, functions: [{ signature: 'mint(address to)' }], callLimit: 50, valueLimit: 0n }
const pays: Permission = { type: 'erc20-token-allowance', token: gold, limit: 1000n }
const tips: Permission = { type: 'native-token-allowance', limit: parseEther('1') }
const request = (permissions: readonly Permission[]): GrantRequest => ({ chainId, account, delegate, permissions, expiry })

/** A wallet that answers by method; a function throws or computes, what is not there is not offered. */
function walletThat(answers: Record<string, unknown>) {
  const ask = vi.fn(async ({ method }: { method: string; params?: unknown }) => {
    if (!(method in answers)) throw Object.assign(new Error('no such method'), { code: 4200 })
    const answer = answers[method]
    return typeof answer === 'function' ? (answer() as unknown) : answer
  })
  return { ask, probe: createWalletProbe({ provider: { request: ask }, connectorId: 'injected', account, chainId }) }
}
const capabilities = (permissions: object, row: object = {}) => ({ wallet_getCapabilities: { [numberToHex(chainId)]: { permissions, ...row } } })
const detect = (answers: Record<string, unknown>) => erc7715From2024.detect(walletThat(answers).probe)

describe('detect', () => {
  test('asks what the wallet can do on this chain for this account, and whether it lists; nothing else', async () => {
    const { ask, probe } = walletThat({ ...capabilities({ supported: true, signerTypes: ['account', 'key'], permissionTypes: ['contract-call', 'native-token-transfer', 'x'] }), wallet_getGrantedExecutionPermissions: [] })
    expect(await erc7715From2024.detect(probe)).toEqual({ types: new Set(['contract-call', 'native-token-allowance']), rules: undefined, list: true })
    expect(ask.mock.calls.map(([asked]) => asked)).toEqual([
      { method: 'wallet_getCapabilities', params: [account, ['0xaa36a7']] },
      { method: 'wallet_getGrantedExecutionPermissions', params: [] },
    ])
  })

  test.each(['0xaa36a7', '0xAA36A7', '0X00aa36a7', '0x000000000000000000000000000000aa36a7', '0x0'])('the answer may be keyed by %s', async (key) => {
    const permissions = { supported: true, permissionTypes: ['contract-calls', 'erc20-token-transfer'] }
    expect(await detect({ wallet_getCapabilities: { '0x1': {}, [key]: { permissions } } })).toEqual({
      types: new Set(['contract-call', 'erc20-token-allowance']),
      rules: undefined,
      list: false,
    })
  })

  test('a wallet that names no types may know all', async () => {
    expect(await detect(capabilities({ supported: true, signerTypes: ['account'] }))).toEqual({ types: undefined, rules: undefined, list: false })
  })

  test('its policies are what it can enforce', async () => {
    const found = await detect(capabilities({ supported: true, permissionTypes: ['contract-call'], policyTypes: ['rate-limit'] }))
    expect(found?.rules?.get('contract-call')).toEqual(new Set(['rate-limit']))
  })

  test.each<[string, Record<string, unknown>]>([
    ['Porto', capabilities({ supported: true, permissionTypes: ['contract-call'] }, { feeToken: { supported: true, tokens: [] } })],
    ['Porto, which names neither types nor signers', capabilities({ supported: true })],
    ['it does not support permissions', capabilities({ supported: false, permissionTypes: ['contract-call'] })],
    ['its session keys are no accounts', capabilities({ supported: true, signerTypes: ['key', 'wallet'], permissionTypes: ['contract-call'] })],
    ['it is on another chain', { wallet_getCapabilities: { '0x1': { permissions: { supported: true, permissionTypes: ['contract-call'] } } } }],
    ['it says nothing of permissions', { wallet_getCapabilities: { '0xaa36a7': { atomic: { status: 'supported' } } } }],
    ['it has no capabilities', {}],
    ['its answer is no object', { wallet_getCapabilities: 'yes' }],
    ['its types are no list', capabilities({ supported: true, permissionTypes: 'contract-call' })],
  ])('not this dialect: %s', async (_, answers) => {
    expect(await detect({ ...answers, wallet_getGrantedExecutionPermissions: [] })).toBeUndefined()
  })

  test.each<[string, unknown]>([
    ['answers with an object', {}],
    ['fails', () => { throw new Error('not logged in') }],
    ['wants a prompt', () => { throw Object.assign(new Error('no'), { code: 4001 }) }],
  ])('a wallet whose list %s lists nothing', async (_, wallet_getGrantedExecutionPermissions) => {
    expect(await detect({ ...capabilities({ supported: true, signerTypes: ['account'] }), wallet_getGrantedExecutionPermissions })).toMatchObject({ list: false })
  })

  test('a wallet that is busy is asked again another time', async () => {
    const busy = () => {
      throw Object.assign(new Error('wait'), { code: -32002 })
    }
    await expect(detect({ ...capabilities({ supported: true, signerTypes: ['account'] }), wallet_getGrantedExecutionPermissions: busy })).rejects.toMatchObject({ name: 'WalletBusyError' })
  })
})

describe('express', () => {
  const express = (permission: Permission, abilities = {}) => erc7715From2024.express([permission], { list: false, ...abilities })[0]

  test.each([['calls by function', mints], ['the whole contract', { ...mints, functions: undefined }], ['a token', pays], ['the native token', tips], ['one that may be left out', { ...pays, optional: true }]])('%s: as asked', (_, permission) => {
    expect(express(permission as Permission)).toEqual({ permission, losses: [] })
  })

  test('a start, a payee and arguments are lost, one by one', () => {
    const to = `0x${'00'.repeat(12)}${shop.slice(2).toLowerCase()}` as Hex
    const functions = [{ signature: 'mint(address to)', args: [to] }, { signature: 'burn(uint256 id)', args: [null] }, { signature: 'claim()', args: [] }, { signature: 'mint(address to)', args: [to] }]
    expect(express({ ...mints, functions, startTime: 1_800_000_000 } as Permission)).toEqual({
      permission: { ...mints, functions: [{ signature: 'mint(address to)' }, { signature: 'burn(uint256 id)' }, { signature: 'claim()' }] },
      losses: [
        { field: 'startTime', kind: 'widened', reason: expect.stringContaining('begin') },
        { field: 'functions[0].args', kind: 'widened', reason: expect.stringContaining('mint(address to)') },
        { field: 'functions[2].args', kind: 'widened', reason: expect.stringContaining('claim()') },
        { field: 'functions[3].args', kind: 'widened', reason: expect.any(String) },
      ],
    })
    expect(express({ ...pays, payee: shop } as Permission)).toEqual({ permission: pays, losses: [{ field: 'payee', kind: 'widened', reason: expect.any(String) }] })
  })

  test('a call carries no native token: there is a permission for that', () => {
    expect(express({ ...mints, valueLimit: 5n } as Permission)).toEqual({ permission: mints, losses: [{ field: 'valueLimit', kind: 'narrowed', reason: expect.any(String) }] })
  })

  test.each<[string, Permission]>([
    ['a period of a token', { type: 'erc20-token-periodic', token: gold, limit: 1n, period: 86_400 }],
    ['a stream of a token', { type: 'erc20-token-stream', token: gold, initial: 0n, perSecond: 1n, max: 5n }],
    ['a period of the native token', { type: 'native-token-periodic', limit: 1n, period: 86_400 }],
    ['a stream of the native token', { type: 'native-token-stream', initial: 0n, perSecond: 1n, max: 5n }],
    ['one token of a collection', { type: 'erc721-token-transfer', token: sword, tokenId: 7n }],
  ])('%s is impossible, and so is encoding it', (_, permission) => {
    expect(express(permission)).toEqual({ impossible: expect.any(String) })
    expect(() => erc7715From2024.encodeGrant(request([permission]))).toThrow(permission.type)
  })

  test('what the wallet does not list is impossible, and so is a count that it has no policy for: nobody would keep it', () => {
    const types = new Set(['contract-call'])
    expect(express(pays, { types })).toEqual({ impossible: expect.stringContaining('erc20-token-allowance') })
    expect(express(mints, { types })).toEqual({ permission: mints, losses: [] })
    const rules = new Map((['contract-call', 'erc20-token-allowance'] as const).map((type) => [type, new Set(['rate-limit'])]))
    expect(express(mints, { rules })).toEqual({ impossible: expect.stringContaining('call-limit') })
    expect(express({ ...mints, callLimit: undefined } as Permission, { rules })).toMatchObject({ losses: [] })
    expect(express(pays, { rules })).toEqual({ impossible: expect.stringContaining('token-allowance') })
  })
})

describe('ZeroDev’s wallet', () => {
  const burns: Permission = { type: 'contract-call', address: sword, functions: [{ signature: 'burn(uint256 id)' }], valueLimit: 0n }
  const probeOf = (answers: Record<string, unknown>) => createWalletProbe({ provider: { request: walletThat(answers).ask }, connectorId: 'zerodev-wallet', account, chainId })
  const abilitiesOf = async () => (await erc7715From2024.detect(probeOf({ wallet_getGrantedExecutionPermissions: [] }))) as WalletAbilities
  const widened = { field: 'callLimit', kind: 'widened', reason: expect.stringMatching(/transactions/) }

  test('is known by its connector and by its list; without a list it is a version that grants nothing', async () => {
    expect(await abilitiesOf()).toEqual({ types: new Set(['contract-call']), list: true, counts: 'transactions', functionsOnly: true })
    expect(await erc7715From2024.detect(probeOf({}))).toBeUndefined()
  })

  test('a limit on calls is sent as a rate over the whole grant, and is said to count transactions', async () => {
    const abilities = await abilitiesOf()
    expect(erc7715From2024.express([mints], abilities)).toEqual([{ permission: mints, losses: [widened] }])
    const permissions = erc7715From2024.encodeGrant({ ...request([mints]), abilities }).params[0]?.permissions ?? []
    expect(permissions.map(({ policies }) => policies)).toEqual([[{ type: 'rate-limit', data: { count: 50, interval: 0 } }]])
    const answer = { expiry, grantedPermissions: permissions, permissionsContext: '0x7b7d', chainId: '0xaa36a7', signerData: { submitToAddress: account } }
    expect(erc7715From2024.decodeGrant(answer, request([mints])).granted).toEqual([{ permission: mints, counts: 'transactions' }])
  })

  test('it has one count, so the smallest limit is everybody’s', async () => {
    const narrowed = { field: 'callLimit', kind: 'narrowed', reason: expect.stringContaining('5 transactions') }
    expect(erc7715From2024.express([mints, burns, { ...burns, callLimit: 5 }], await abilitiesOf())).toEqual([
      { permission: { ...mints, callLimit: 5 }, losses: [widened] },
      { permission: { ...burns, callLimit: 5 }, losses: [narrowed] },
      { permission: { ...burns, callLimit: 5 }, losses: [widened] },
    ])
    expect(erc7715From2024.express([burns], await abilitiesOf())).toEqual([{ permission: burns, losses: [] }])
  })

  test('it has no words for a whole contract, a token or the native token', async () => {
    const abilities = await abilitiesOf()
    for (const permission of [{ ...mints, functions: undefined }, pays, tips] as Permission[]) {
      expect(erc7715From2024.express([permission], abilities)).toEqual([{ impossible: expect.any(String) }])
    }
  })

  test('others are asked for a call limit, whatever their policies are called', () => {
    const rules = new Map([['contract-call', new Set(['rate-limit'])]] as const)
    expect(erc7715From2024.encodeGrant({ ...request([mints]), abilities: { list: true, rules } })).toEqual(erc7715From2024.encodeGrant(request([mints])))
  })
})

test('the request is what viem’s grantPermissions puts on the wire', async () => {
  const sent: unknown[] = []
  const client = createClient({
    transport: custom({
      request: async (asked: unknown) => {
        sent.push(asked)
        return { expiry, grantedPermissions: [], permissionsContext: '' }
      },
    }),
  })
  await grantPermissions(client, {
    signer: { type: 'account', data: { id: delegate } },
    expiry,
    permissions: [
      { type: 'contract-call', data: { address: sword, calls: ['function mint(address to)'] }, policies: [{ type: { custom: 'call-limit' }, data: { count: 50 } }], required: true },
      { type: 'contract-call', data: { address: gold, calls: [] }, policies: [], required: false },
      { type: 'erc20-token-transfer', data: { address: gold, ticker: 'ERC20' }, policies: [{ type: 'token-allowance', data: { allowance: 1000n } }], required: true },
      { type: 'native-token-transfer', data: { ticker: 'NATIVE' }, policies: [{ type: 'token-allowance', data: { allowance: parseEther('1') } }], required: true },
    ],
  })
  const ours = erc7715From2024.encodeGrant(request([mints, { type: 'contract-call', address: gold, valueLimit: 0n, optional: true }, pays, tips]))
  expect(sent).toEqual([ours])
  expect(JSON.parse(JSON.stringify(ours))).toEqual(ours)
})

type Fixture = { name: string; source: string }
type Fixtures = { valid: (Fixture & { answer: unknown; expected: object })[]; base: object; invalid: (Fixture & { reason: string; at: (string | number)[]; value: unknown })[] }
/** Not imported: a module would make `__proto__` a prototype. */
const fixturesText = readFileSync(new URL('./fixtures/erc7715-2024.json', import.meta.url), 'utf8')
const amounts = (_: string, value: unknown) => (typeof value === 'string' && /^\d+n$/.test(value) ? BigInt(value.slice(0, -1)) : value)
const fixtures = JSON.parse(fixturesText) as Fixtures
const decode = (answer: unknown) => erc7715From2024.decodeGrant(answer, request([mints]))

/** The valid answer with one value changed; JSON, so that any key is an own key. */
function withValue(at: readonly (string | number)[], value: unknown): unknown {
  const answer = structuredClone(fixtures.base) as Record<string | number, unknown>
  const parent = at.slice(0, -1).reduce((node, key) => node[key] as Record<string | number, unknown>, answer)
  Object.defineProperty(parent, at.at(-1) as string, { value, enumerable: true, configurable: true, writable: true })
  return answer
}

describe('an answer', () => {
  test.each(fixtures.valid.map((fixture) => [fixture.name, fixture] as const))('is read: %s', (_, { answer, expected }) => {
    const wanted = JSON.parse(JSON.stringify(expected), amounts) as object
    expect(decode(answer)).toEqual({ account: undefined, delegate: undefined, dependencies: undefined, ...wanted })
  })

  test('is read as it stands, before anything is changed', () => {
    expect(decode(fixtures.base).granted).toEqual([{ permission: { ...mints, callLimit: 3 } }])
  })

  test.each(fixtures.invalid.map((fixture) => [fixture.name, fixture] as const))('is refused: %s', (_, { at, value, reason }) => {
    const read = () => decode(withValue(at, value))
    expect(read).toThrow(InvalidWalletResponseError)
    expect(read).toThrow(`cannot be read: ${reason}.`)
  })

  test.each<[string, (string | number)[], unknown]>([
    ['a context', ['permissionsContext'], 'x'.repeat(200_001)],
    ['a type', ['grantedPermissions', 0, 'type'], 'x'.repeat(101)],
    ['a signature', ['grantedPermissions', 0, 'data', 'calls'], [`mint(address ${'x'.repeat(1_000)})`]],
    ['a list of functions', ['grantedPermissions', 0, 'data', 'calls'], Array.from({ length: 101 }, (_, index) => `f${index}()`)],
    ['a list of all functions', ['grantedPermissions'], Array.from({ length: 6 }, () => ({ type: 'contract-call', data: { address: sword, calls: Array.from({ length: 100 }, (_, index) => `function f${index}()`) }, policies: [] }))],
    ['a list of policies', ['grantedPermissions', 0, 'policies'], Array.from({ length: 11 }, () => ({ type: 'call-limit', data: { count: 1 } }))],
    ['a list of permissions', ['grantedPermissions'], Array.from({ length: 101 }, () => (fixtures.base as { grantedPermissions: unknown[] }).grantedPermissions[0])],
    ['an amount', ['grantedPermissions', 0, 'policies', 0], { type: 'token-allowance', data: { allowance: `0x1${'0'.repeat(64)}` } }],
  ])('is refused where %s is too long, and the error does not repeat it', (_, at, value) => {
    const error = (() => {
      try {
        return decode(withValue(at, value))
      } catch (thrown) {
        return thrown as Error
      }
    })()
    expect(error).toBeInstanceOf(InvalidWalletResponseError)
    expect((error as Error).message.length).toBeLessThan(700)
  })

  test.each([undefined, null, 'ok', 5, [], [fixtures.base, fixtures.base], [[fixtures.base]], {}])('%j is none', (answer) => {
    expect(() => decode(answer)).toThrow(InvalidWalletResponseError)
  })
})

describe('a context', () => {
  const delegation = { delegate, delegator: account, authority: rootAuthority, caveats: [], salt: 1n, signature: '0x01' } as const
  const contexts = [encodeContext([delegation]), encodeContext([{ ...delegation, salt: 2n }])]
  const answer = (permissionsContext: string, count: number, more: object = {}) => {
    const [permission] = (fixtures.base as { grantedPermissions: unknown[] }).grantedPermissions
    return { ...fixtures.base, grantedPermissions: Array.from({ length: count }, () => permission), permissionsContext, ...more }
  }
  const manager = framework.DelegationManager

  test.each<[string, object]>([['without a word on where to send it', {}], ['for the manager', { signerData: { submitToAddress: manager.toLowerCase() } }]])('of delegations, one for each permission, %s', (_, more) => {
    for (const given of [contexts.slice(0, 1), contexts]) {
      const { granted, handle } = decode(answer(bundleContexts(given), given.length, more))
      expect(granted.map(({ context, delegationManager }) => ({ context, delegationManager }))).toEqual(given.map((context) => ({ context, delegationManager: manager })))
      expect(handle).toBeUndefined()
    }
  })

  test.each<[string, string, number, object, string]>([
    ['for another contract than the manager', contexts[0] as Hex, 1, { signerData: { submitToAddress: account } }, 'another delegation manager'],
    ['of more delegations than permissions', bundleContexts(contexts), 1, {}, '2 delegations for 1 permissions'],
    ['of fewer delegations than permissions', contexts[0] as Hex, 2, {}, '1 delegations for 2 permissions'],
    ['of a delegation and something else', bundleContexts([contexts[0] as Hex, '0x1234']), 2, {}, 'something beside'],
    ['with something behind it', `${contexts[0]}00`, 1, {}, 'something beside'],
    ['with something behind the bundle', `${bundleContexts(contexts)}00`, 2, {}, 'something beside'],
    ['with something behind one of a bundle', bundleContexts([`${contexts[0] as Hex}00`, contexts[1] as Hex]), 2, {}, 'something beside'],
    ['in upper case', `0x${(contexts[0] as Hex).slice(2).toUpperCase()}00`, 1, {}, 'something beside'],
  ])('of delegations %s is kept aside, never taken for opaque', (_, permissionsContext, count, more, problem) => {
    const given = answer(permissionsContext, count, more)
    const asked = Array.from({ length: count }, (): Permission => ({ ...mints, callLimit: 3 }) as Permission)
    expect(judgeAnswer({ dialect: erc7715From2024, request: request(asked), asked, answer: given })).toMatchObject({
      status: 'quarantined',
      problem: expect.stringContaining(problem),
      handle: permissionsContext,
    })
    const [listed] = erc7715From2024.list.decode([given])
    expect(listed).toMatchObject({ problem: expect.stringContaining(problem) })
  })

  test.each<[string, string]>([
    ['without a delegation', encodeContext([])],
    ['of half a byte', '0x123'],
    ['of no bytes', '0x'],
    ['that is a name', 'ses_1'],
  ])('%s is opaque', (_, permissionsContext) => {
    const read = decode(answer(permissionsContext, 1))
    expect(read.handle).toBe(permissionsContext)
    expect(read.granted).toEqual([{ permission: { ...mints, callLimit: 3 } }])
    expect(read.problem).toBeUndefined()
  })
})

describe('what ends a grant', () => {
  const grant = { chainId, account, delegate }
  const revoke = (permissionContext: string) => ({ method: 'wallet_revokeExecutionPermission', params: [{ permissionContext }] })

  test('its contexts, or its handle; never the method that disconnects', () => {
    const granted = (['0x01', '0x02'] as const).map((context) => ({ permission: mints, context, delegationManager: framework.DelegationManager }))
    expect(erc7715From2024.encodeRevoke({ ...grant, granted })).toEqual([revoke('0x01'), revoke('0x02')])
    expect(erc7715From2024.encodeRevoke({ ...grant, granted: [{ permission: mints }, { permission: pays }], handle: 'ses_1' })).toEqual([revoke('ses_1')])
    expect(erc7715From2024.encodeRevoke({ ...grant, granted: [{ permission: mints }] })).toEqual([])
  })
})

describe('the list', () => {
  const list = erc7715From2024.list
  const permission = { type: 'contract-call', data: { address: sword, calls: ['function mint(address to)'] }, policies: [], required: true }
  /** As ZeroDev's wallet sends it: `ProviderEntry` in permissions/getGrantedPermissions.ts. */
  const row = {
    chainId: '0xaa36a7',
    expiry,
    signer: { type: 'account', data: { id: delegate } },
    permissions: [permission],
    permissionsContext: 'ses_1',
    signerData: { submitToAddress: account },
    status: 'pending',
    grantedAt: 1_800_000_000_123,
  }
  const read = { account: undefined, delegate, chainId, expiry, handle: 'ses_1', granted: [{ permission: { type: 'contract-call', address: sword, functions: [{ signature: 'mint(address to)' }], valueLimit: 0n } }] }

  test('is asked for without parameters', () => {
    expect(list.encode()).toEqual({ method: 'wallet_getGrantedExecutionPermissions', params: [] })
  })

  test('its rows are read, whatever it calls the permissions, and whatever else they say', () => {
    const { permissions, ...rest } = row
    expect(list.decode([row, { ...rest, grantedPermissions: permissions, status: 'active', label: 'Swords' }])).toEqual([read, read])
    expect(list.decode([{ grantedPermissions: [permission], permissionsContext: 'ses_1' }])).toEqual([{ ...read, delegate: undefined, chainId: undefined, expiry: undefined }])
  })

  test('what cannot be read, or has ended, is left out; the others stay', () => {
    const unreadable = [null, 5, 'x', {}, { ...row, status: 'revoked' }, { ...row, expiry: 86_400 }, { ...row, permissions: [{ type: 'zerodev-sudo', data: {} }] }, { ...row, permissions: undefined }, { ...row, permissionsContext: 7 }, { ...row, signer: { type: 'key', data: {} } }]
    expect(list.decode([...unreadable, row, ...unreadable])).toEqual([read])
  })

  test('rows in the words of 2026 are read too', () => {
    const context = encodeContext([{ delegate, delegator: account, authority: rootAuthority, caveats: [], salt: 1n, signature: '0x01' }])
    const newer = { chainId: '0xaa36a7', from: account, to: delegate, context, delegationManager: framework.DelegationManager, permission: { type: 'native-token-allowance', data: { allowanceAmount: '0x5' } }, rules: [{ type: 'expiry', data: { timestamp: expiry } }] }
    expect(list.decode([newer])).toEqual([{ account, delegate, chainId, expiry, granted: [{ permission: { type: 'native-token-allowance', limit: 5n }, context, delegationManager: framework.DelegationManager }] }])
  })

  test.each([null, {}, 'none'])('%j is no list', (answer) => {
    expect(() => list.decode(answer)).toThrow(InvalidWalletResponseError)
  })
})
