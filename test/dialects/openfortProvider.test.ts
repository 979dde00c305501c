import { maxUint256, type Address } from 'viem'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { GrantRequest } from '../../src/dialects/dialect.js'
import { openfort } from '../../src/dialects/openfort.js'
import { walletError, walletErrorKind, wasTurnedAway } from '../../src/dialects/walletErrors.js'
import { WalletBackendError, WalletRefusedRequestError } from '../../src/dialects/errors.js'
import { compare } from '../../src/permissions/compare.js'
import type { Permission } from '../../src/permissions/permission.js'
import { account, chainId, signableHash, startOpenfortProvider, type OpenfortOptions } from './openfortSdk.js'

const sword: Address = '0x5FbDB2315678afecb367f032d93F642f64180aa3'
const gold: Address = '0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512'
const key: Address = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
const day = 86_400
const unixNow = () => Math.floor(Date.now() / 1_000)
const whole = (address: Address, callLimit?: number): Permission => ({ type: 'contract-call', address, valueLimit: maxUint256, ...(callLimit ? { callLimit } : {}) })

const running: { stop: () => Promise<void> }[] = []
async function start(options?: OpenfortOptions) {
  const wallet = await startOpenfortProvider(options)
  running.push(wallet)
  const request: GrantRequest = { chainId, account, delegate: key, permissions: [whole(sword, 12), whole(gold, 12)], expiry: unixNow() + 3 * day }
  const rejection = (method: string, params: unknown) =>
    wallet.provider.request({ method, params }).then(() => expect.fail('it was accepted'), (error: Error & { code: number }) => error)
  return { ...wallet, request, rejection }
}
afterEach(async () => {
  vi.useRealTimers()
  await Promise.all(running.splice(0).map(({ stop }) => stop()))
})

/** As ERC-7715 of 2024 says it, which is what the provider expects. */
const raw = (overrides: object = {}) => [
  { signer: { type: 'account', data: { id: key } }, expiry: day, permissions: [{ type: 'contract-call', data: { address: sword, calls: [] }, policies: [] }], ...overrides },
]

describe('a grant', () => {
  test('reaches Openfort with the whitelist, the limit and an end that is absolute and not later than asked', async () => {
    const { provider, requests, signed, signature, request } = await start()
    const wire = openfort.encodeGrant(request, unixNow())
    const answer = await provider.request(wire)

    const [created, confirmed] = requests
    expect(created?.path).toBe('/v1/sessions')
    expect(created?.body).toMatchObject({ address: key, chainId, account: 'acc_1', whitelist: [sword, gold], limit: 12 })
    const { validUntil, validAfter } = created?.body as { validUntil: number; validAfter: number }
    expect(validUntil).toBeLessThanOrEqual(request.expiry)
    expect(validUntil).toBeGreaterThan(request.expiry - 30)
    expect(Math.abs(validAfter - unixNow())).toBeLessThan(30)

    expect(signed).toEqual([{ hash: signableHash, arguments: [] }])
    expect(confirmed).toEqual({ path: '/v1/sessions/ses_1/signature', body: { signature } })

    const granted = openfort.decodeGrant(answer, request)
    expect(granted).toEqual({
      account: undefined,
      delegate: undefined,
      granted: [{ permission: whole(sword, 12) }, { permission: whole(gold, 12) }],
      expiry: validUntil,
      handle: 'ses_1',
    })
    const terms = { permissions: granted.granted.map(({ permission }) => permission), expiry: granted.expiry }
    expect(compare(request, terms)).toEqual([{ asked: undefined, path: 'expiry', kind: 'narrower' }])
  })

  test.each([
    ['fifteen seconds: it still ends in time', 15, 'narrower'],
    ['longer than the margin: it ends too late, and the comparison says so', 25, 'broader'],
  ])('whose signer takes %s', async (_what, seconds, kind) => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const { provider, request } = await start({ whileWaking: () => vi.setSystemTime(Date.now() + seconds * 1_000) })
    const { expiry } = openfort.decodeGrant(await provider.request(openfort.encodeGrant(request, unixNow())), request)
    expect(compare(request, { ...request, expiry })).toEqual([{ asked: undefined, path: 'expiry', kind }])
  })

  test('without a limit sends none', async () => {
    const { provider, requests, request } = await start()
    const permissions = [whole(sword)]
    const answer = await provider.request(openfort.encodeGrant({ ...request, permissions }, unixNow()))
    expect(requests[0]?.body).not.toHaveProperty('limit')
    expect(openfort.decodeGrant(answer, { ...request, permissions }).granted).toEqual([{ permission: whole(sword) }])
  })

  test('names a contract once, however many permissions ask for it', async () => {
    const { provider, requests, request } = await start()
    const permissions = [whole(sword, 5), whole(gold, 5), whole(sword.toLowerCase() as Address, 5)]
    const answer = await provider.request(openfort.encodeGrant({ ...request, permissions }, unixNow()))
    expect(requests[0]?.body).toMatchObject({ whitelist: [sword, gold], limit: 5 })
    expect(openfort.decodeGrant(answer, { ...request, permissions }).granted.map(({ permission }) => permission)).toEqual([whole(sword, 5), whole(gold, 5), whole(sword, 5)])
  })

  test('of an account under EIP-7702 is signed raw, and decodes the same', async () => {
    const { provider, signed, request } = await start({ accountType: 'Delegated Account' })
    const answer = await provider.request(openfort.encodeGrant(request, unixNow()))
    expect(signed).toEqual([{ hash: signableHash, arguments: [false, false] }])
    expect(openfort.decodeGrant(answer, request).handle).toBe('ses_1')
  })

  test('that Openfort leaves inactive is no grant', async () => {
    const { provider, request } = await start({ answer: () => Response.json({ id: 'ses_1', isActive: false, validUntil: '1', whitelist: [sword] }) })
    await expect(provider.request(openfort.encodeGrant(request, unixNow()))).rejects.toThrow('Failed to grant permissions')
  })
})

describe('traps of the provider, which the dialect keeps clear of', () => {
  test('an absolute expiry is taken for a duration: a session until the 2080s', async () => {
    const { provider, requests } = await start()
    const absolute = unixNow() + day
    const { expiry } = (await provider.request({ method: 'wallet_grantPermissions', params: raw({ expiry: absolute }) })) as { expiry: number }
    expect(Math.abs(expiry - (unixNow() + absolute))).toBeLessThan(30)
    expect(new Date(expiry * 1_000).getUTCFullYear()).toBeGreaterThanOrEqual(2081)
    expect(requests[0]?.body['validUntil']).toBe(expiry)
  })

  test('a limit anywhere but in the first permission is dropped', async () => {
    const { provider, requests } = await start()
    const limit = { type: { custom: 'call-limit' }, data: { limit: 5 } }
    const call = (address: Address, policies: object[]) => ({ type: 'contract-call', data: { address, calls: [] }, policies })
    await provider.request({ method: 'wallet_grantPermissions', params: raw({ permissions: [call(sword, []), call(gold, [limit])] }) })
    await provider.request({ method: 'wallet_grantPermissions', params: raw({ permissions: [call(sword, [limit]), call(gold, [])] }) })
    expect(requests.filter(({ path }) => path === '/v1/sessions').map(({ body }) => body['limit'])).toEqual([undefined, 5])
  })

  test('a limit of 0 is dropped', async () => {
    const { provider, requests } = await start()
    const policies = [{ type: { custom: 'call-limit' }, data: { limit: 0 } }]
    await provider.request({ method: 'wallet_grantPermissions', params: raw({ permissions: [{ type: 'contract-call', data: { address: sword, calls: [] }, policies }] }) })
    expect(requests[0]?.body).not.toHaveProperty('limit')
  })

  test('a token transfer becomes the whole token contract', async () => {
    const { provider, requests } = await start()
    const transfer = { type: 'erc20-token-transfer', data: { address: gold, allowance: '0x1' }, policies: [] }
    await provider.request({ method: 'wallet_grantPermissions', params: raw({ permissions: [transfer] }) })
    expect(requests[0]?.body).toMatchObject({ whitelist: [gold] })
  })

  test('no permissions at all are an empty whitelist', async () => {
    const { provider, requests } = await start()
    await provider.request({ method: 'wallet_grantPermissions', params: raw({ permissions: [{ type: 'something', data: {}, policies: [] }] }) })
    expect(requests[0]?.body).toMatchObject({ whitelist: [] })
  })

  test('a revocation that names anything but a permissionContext logs the user out and looks like a success', async () => {
    const { provider, requests, disconnected } = await start()
    expect(await provider.request({ method: 'wallet_revokePermissions', params: [{ permissionsContext: 'ses_1' }] })).toEqual({})
    expect(requests).toEqual([])
    expect(disconnected()).toBe(1)
  })
})

test('a revocation names the key, is signed by the owner, and logs nobody out', async () => {
  const { provider, requests, signed, signature, request, disconnected } = await start()
  const { granted, handle } = openfort.decodeGrant(await provider.request(openfort.encodeGrant(request, unixNow())), request)
  requests.length = 0
  const revocations = openfort.encodeRevoke({ chainId, account, delegate: key, granted, handle })
  for (const revocation of revocations) await provider.request(revocation)
  expect(revocations).toHaveLength(1)
  expect(requests).toEqual([
    { path: '/v1/sessions/revoke', body: { address: key, chainId, account: 'acc_1' } },
    { path: '/v1/sessions/ses_2/signature', body: { signature } },
  ])
  expect(signed.map(({ hash }) => hash)).toEqual([signableHash, signableHash])
  expect(disconnected()).toBe(0)
})

describe('what the provider throws', () => {
  test.each(['token-allowance', 'gas-limit', 'rate-limit'])('a %s policy: refused before anything was made', async (type) => {
    const { rejection, requests } = await start()
    const permissions = [{ type: 'contract-call', data: { address: sword, calls: [] }, policies: [{ type, data: {} }] }]
    const error = await rejection('wallet_grantPermissions', raw({ permissions }))
    expect(error).toMatchObject({ code: -32003, message: `${type} policy is not supported with this account implementation.` })
    expect([walletErrorKind(error), wasTurnedAway(error)]).toEqual(['refused', true])
    expect(walletError(error, { method: 'wallet_grantPermissions', chainId })).toBeInstanceOf(WalletRefusedRequestError)
    expect(requests).toEqual([])
  })

  test.each([
    ['no session key', { signer: undefined }],
    ['several keys', { signer: { type: 'keys', data: { ids: [key] } } }],
  ])('%s: refused', async (_what, overrides) => {
    const { rejection } = await start()
    const error = await rejection('wallet_grantPermissions', raw(overrides))
    expect([error.code, walletErrorKind(error)]).toEqual([-32003, 'refused'])
  })

  test('a server that fails: the backend, perhaps after it had done it', async () => {
    const { rejection, request, requests } = await start({ answer: () => Response.json({ error: { message: 'paymaster out of funds' } }, { status: 500 }) })
    const error = await rejection('wallet_grantPermissions', openfort.encodeGrant(request, unixNow()).params)
    expect(error).toMatchObject({ code: -32003, message: 'paymaster out of funds' })
    expect([walletErrorKind(error), wasTurnedAway(error)]).toEqual(['backend', false])
    expect(walletError(error, { method: 'wallet_grantPermissions', chainId })).toBeInstanceOf(WalletBackendError)
    // Its HTTP client sends the same POST again: a session whose answer was lost is asked for twice.
    expect(requests.length).toBeGreaterThan(1)
  }, 20_000)

  test('a server that refuses: the backend', async () => {
    const { rejection, request } = await start({ answer: () => Response.json({ error: { message: 'Invalid account' } }, { status: 400 }) })
    const error = await rejection('wallet_grantPermissions', openfort.encodeGrant(request, unixNow()).params)
    expect([error.code, walletErrorKind(error)]).toEqual([-32003, 'backend'])
  })

  test('an account without code: not supported', async () => {
    const { rejection } = await start({ accountType: 'Externally Owned Account' })
    const error = await rejection('wallet_grantPermissions', raw())
    expect([error.code, walletErrorKind(error)]).toEqual([4200, 'unsupported'])
  })
})

describe('detection', () => {
  test('it is known by its mark and says that it grants calls of contracts', async () => {
    const { probe } = await start()
    expect(openfort.recognise(probe())).toBe(true)
    expect(await openfort.detect(probe())).toEqual({ types: new Set(['contract-call']), list: false })
  })

  test('an account without code grants nothing', async () => {
    const { probe } = await start({ accountType: 'Externally Owned Account' })
    expect(await openfort.detect(probe())).toBeUndefined()
  })

  test('on another chain than the one it is on it does not say', async () => {
    const { probe } = await start()
    expect(await openfort.detect(probe({ chainId: 8453 }))).toEqual({ list: false })
  })
})
