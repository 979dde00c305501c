import { maxUint256, type Address, type Hex } from 'viem'
import { describe, expect, test } from 'vitest'
import type { GrantRequest, Provider } from '../../src/dialects/dialect.js'
import { InvalidWalletResponseError } from '../../src/dialects/errors.js'
import { openfort } from '../../src/dialects/openfort.js'
import { openfortBackend, type OpenfortBackendParameters } from '../../src/dialects/openfortBackend.js'
import { createWalletProbe } from '../../src/dialects/walletProbe.js'
import { InvalidExpiryError, InvalidPermissionError } from '../../src/permissions/errors.js'
import type { ContractCallPermission } from '../../src/permissions/permission.js'

const sword: Address = '0x5FbDB2315678afecb367f032d93F642f64180aa3'
const gold: Address = '0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512'
const key: Address = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
const account: Address = '0x90F79bf6EB2c4f870365E785982E1f101E93b906'
const now = 1_800_000_000
const hash: Hex = `0x${'5e'.repeat(32)}`
const signature: Hex = `0x${'51'.repeat(65)}`

const whole = (address: Address, callLimit?: number): ContractCallPermission => ({ type: 'contract-call', address, valueLimit: maxUint256, ...(callLimit ? { callLimit } : {}) })
const request: GrantRequest = { chainId: 80002, account, delegate: key, permissions: [whole(sword, 7), whole(gold, 7)], expiry: now + 86_400 }
const grant = { chainId: 80002, account, delegate: key, granted: [], handle: 'ses_1' }
const session = { id: 'ses_1', object: 'session', isActive: true, address: key, validAfter: String(now), validUntil: String(request.expiry), whitelist: [sword, gold], limit: 7 }
const step = { ...session, isActive: false, nextAction: { type: 'sign_with_wallet', payload: { signableHash: hash } } }

/** A backend and a signer that note what they are asked. */
function backend(overrides: Partial<OpenfortBackendParameters> = {}) {
  const calls: unknown[][] = []
  const noted =
    <value>(name: string, value: value) =>
    async (given: unknown) => {
      calls.push([name, given])
      return value
    }
  const dialect = openfortBackend({
    createSession: noted('create', step),
    signMessage: noted('sign', signature),
    confirmSession: noted('confirm', session),
    ...overrides,
  })
  const provider: Provider = { request: async (asked) => calls.push(['provider', asked]) }
  const send = async (wire: { method: string; params: unknown }) => dialect.request?.(provider, wire)
  return { dialect, calls, noted, send, grant: async () => dialect.decodeGrant(await send(dialect.encodeGrant(request, now)), request) }
}

describe('a grant', () => {
  test('is created with absolute seconds, signed by the user, confirmed, and read', async () => {
    const { calls, grant } = backend()
    expect(await grant()).toEqual({
      account: undefined,
      delegate: key,
      granted: [{ permission: whole(sword, 7) }, { permission: whole(gold, 7) }],
      expiry: request.expiry,
      handle: 'ses_1',
    })
    expect(calls).toEqual([
      ['create', { account, chainId: 80002, address: key, validAfter: now, validUntil: request.expiry, whitelist: [sword, gold], limit: 7 }],
      ['sign', hash],
      ['confirm', { id: 'ses_1', signature }],
    ])
  })

  test('survives JSON on its way to the backend', () => {
    const { params } = backend().dialect.encodeGrant(request, now)
    expect(JSON.parse(JSON.stringify(params))).toEqual(params)
  })

  test('without a limit names none', () => {
    expect(backend().dialect.encodeGrant({ ...request, permissions: [whole(sword)] }, now).params).not.toHaveProperty('limit')
  })

  test('of older answers is signed too', async () => {
    const { calls, grant } = backend({ createSession: async () => ({ id: 'ses_1', nextAction: { payload: { userOperationHash: hash } } }) })
    expect((await grant()).handle).toBe('ses_1')
    expect(calls).toContainEqual(['sign', hash])
  })

  test('that needs no signature is in force at once', async () => {
    const { calls, grant } = backend({ createSession: async () => ({ ...session, nextAction: null }) })
    expect((await grant()).expiry).toBe(request.expiry)
    expect(calls).toEqual([])
  })

  test.each([
    ['no contract', { permissions: [] }, InvalidPermissionError],
    ['what was not put in its words', { permissions: [{ ...whole(sword), valueLimit: 0n }] }, InvalidPermissionError],
    ['a token', { permissions: [{ type: 'erc20-token-allowance' as const, token: gold, limit: 1n }] }, InvalidPermissionError],
    ['no time', { expiry: now }, InvalidExpiryError],
    ['milliseconds', { expiry: now * 1_000 }, InvalidExpiryError],
    ['eleven years', { expiry: now + 11 * 365 * 86_400 }, InvalidExpiryError],
  ])('of %s is not asked for', (_what, overrides, error) => {
    expect(() => backend().dialect.encodeGrant({ ...request, ...overrides }, now)).toThrow(error)
  })
})

describe('what the backend answers', () => {
  test.each([
    ['nothing', undefined],
    ['text', 'ses_1'],
    ['no id', { ...step, id: undefined }],
    ['an id of something else', { ...step, id: 'tin_1' }],
    ['a hash of another length', { ...step, nextAction: { payload: { signableHash: '0x5e' } } }],
    ['words to sign', { ...step, nextAction: { payload: { signableHash: 'I give you everything' } } }],
  ])('with %s nothing is signed', async (_what, answer) => {
    const { calls, grant } = backend({ createSession: async () => answer })
    await expect(grant()).rejects.toThrow(InvalidWalletResponseError)
    expect(calls).toEqual([])
  })

  test.each([
    ['nothing', undefined],
    ['an inactive session', { ...session, isActive: false }],
    ['another session', { ...session, id: 'ses_2' }],
    ['an empty whitelist, which is every contract', { ...session, whitelist: [] }],
  ])('to the confirmation with %s is no grant', async (_what, answer) => {
    await expect(backend({ confirmSession: async () => answer }).grant()).rejects.toThrow(InvalidWalletResponseError)
  })

  test('unconfirmed is no grant, if the hash is missing where one was due', async () => {
    await expect(backend({ createSession: async () => ({ ...step, nextAction: { type: 'sign_with_wallet', payload: {} } }) }).grant()).rejects.toThrow(InvalidWalletResponseError)
  })

  test('the end may be a number', async () => {
    expect((await backend({ confirmSession: async () => ({ ...session, validUntil: request.expiry }) }).grant()).expiry).toBe(request.expiry)
  })

  test.each([undefined, null, 0, 2 ** 48 - 1])('a limit of %s is none', async (limit) => {
    const { granted } = await backend({ confirmSession: async () => ({ ...session, limit }) }).grant()
    expect(granted).toEqual([{ permission: whole(sword) }, { permission: whole(gold) }])
  })

  test('another key stays in sight', async () => {
    expect((await backend({ confirmSession: async () => ({ ...session, address: gold }) }).grant()).delegate).toBe(gold)
  })

  test('a signer that gives something else than a signature', async () => {
    const { calls, grant } = backend({ signMessage: async () => 'no' })
    await expect(grant()).rejects.toThrow('signMessage gave no signature')
    expect(calls.map(([name]) => name)).toEqual(['create'])
  })

  test.each(['createSession', 'signMessage', 'confirmSession'] as const)('an error of %s comes through as it is', async (name) => {
    const error = Object.assign(new Error('the user said no'), { code: 4001 })
    await expect(backend({ [name]: () => Promise.reject(error) }).grant()).rejects.toBe(error)
  })
})

describe('a revocation', () => {
  test('goes the way of the grant', async () => {
    const revoked: unknown[] = []
    const { dialect, calls, send } = backend({
      revokeSession: async (given) => {
        revoked.push(given)
        return step
      },
      confirmSession: async (given) => {
        revoked.push(given)
        return { ...session, isActive: false }
      },
    })
    for (const wire of dialect.encodeRevoke(grant)) await send(wire)
    expect(revoked).toEqual([{ account, chainId: 80002, address: key }, { id: 'ses_1', signature }])
    expect(calls).toEqual([['sign', hash]])
    expect(dialect.namesChain).toBe(true)
  })

  test("goes through the provider where the app's backend does not do it, and the kit then looks after the chain", async () => {
    const { dialect, calls, send } = backend()
    for (const wire of dialect.encodeRevoke(grant)) await send(wire)
    expect(calls).toEqual([['provider', { method: 'wallet_revokePermissions', params: [{ permissionContext: key }] }]])
    expect(dialect.namesChain).toBe(false)
  })
})

test('it is Openfort: the same sessions, the same words, nobody is asked', async () => {
  const { dialect } = backend()
  expect(dialect).toMatchObject({ id: 'openfort', consent: 'none', acts: 'backend' })
  expect(dialect.express([whole(sword)], { list: false })).toEqual(openfort.express([whole(sword)], { list: false }))
  const silent = { request: () => Promise.reject(new Error('the wallet was asked')) }
  expect(await dialect.detect(createWalletProbe({ provider: silent, connectorId: 'openfort', account, chainId: 1 }))).toEqual({ types: new Set(['contract-call']), list: false })
})
