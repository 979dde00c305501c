import type { Address } from 'viem'
import { expect, test } from 'vitest'
import { mockWallet } from '../../src/testing/index.js'

const key: Address = '0x00000000000000000000000000000000000000b0'
const sword: Address = '0x0000000000000000000000000000000000005401'
const gold: Address = '0x0000000000000000000000000000000000006011'
const day = 86_400
const signer = { type: 'account', data: { id: key } }
const callLimit = { type: { custom: 'call-limit' }, data: { limit: 5 } }
const call = (...policies: object[]) => ({ type: 'contract-call', data: { address: sword, calls: [] }, policies })
const inSeconds = (seconds: number) => expect.toSatisfy((value: number) => Math.abs(value - Date.now() / 1000 - seconds) < 3) as number

type Granted = { expiry: number; permissionsContext: string; grantedPermissions: { data: { address: Address }; policies: { data: { limit?: number } }[] }[] }

function openfort(parameters: { decision?: 'reject' } = {}) {
  const wallet = mockWallet({ dialect: 'openfort', ...parameters })
  const ask = (method: string, params?: unknown) => wallet.provider.request({ method, params })
  return { ...wallet, ask, grant: (grant: object) => ask('wallet_grantPermissions', [grant]) as Promise<Granted> }
}

test('is known by its mark, and calls its one type otherwise than it takes it', async () => {
  const { provider, ask } = openfort()
  expect(provider).toHaveProperty('isOpenfort', true)
  expect(await ask('wallet_getCapabilities', [])).toEqual({
    '0x7a69': {
      permissions: { supported: true, signerTypes: ['account', 'key'], keyTypes: ['secp256k1'], permissionTypes: ['contract-calls'] },
      paymasterService: { supported: true },
      atomicBatch: { supported: true },
    },
  })
})

test('an expiry counts from now, and comes back absolute', async () => {
  const granted = await openfort().grant({ signer, expiry: day, permissions: [call()] })
  expect(granted).toEqual({
    expiry: inSeconds(day),
    grantedPermissions: [{ type: 'contract-call', data: { address: sword, calls: [] }, policies: [{ type: { custom: 'usage-limit' }, data: { limit: undefined } }] }],
    permissionsContext: expect.stringMatching(/^ses_/),
  })
})

test('an absolute expiry, as ERC-7715 says, is a session of decades', async () => {
  const absolute = Math.floor(Date.now() / 1000) + day
  const { expiry } = await openfort().grant({ signer, expiry: absolute, permissions: [call()] })
  expect(new Date(expiry * 1000).getFullYear()).toBeGreaterThan(2080)
})

test('functions are ignored, and what an ERC-20 transfer may move: all of it is the whole contract', async () => {
  const { grantedPermissions } = await openfort().grant({
    signer,
    expiry: day,
    permissions: [
      { type: 'contract-call', data: { address: sword, calls: ['mint(address)'] }, policies: [] },
      { type: 'erc20-token-transfer', data: { address: gold, ticker: 'GOLD' }, policies: [] },
    ],
  })
  const whole = (address: Address) => expect.objectContaining({ type: 'contract-call', data: { address, calls: [] } })
  expect(grantedPermissions).toEqual([whole(sword), whole(gold)])
})

const limitsOf = ({ grantedPermissions }: Granted) => grantedPermissions.map(({ policies }) => policies[0]?.data.limit)

test.each([
  ['raw, in the first permission', [call(callLimit)], [5]],
  ['as viem flattens it', [call({ ...callLimit, type: 'call-limit' })], [undefined]],
  ['in the second permission', [call(), call(callLimit)], [undefined, undefined]],
  ['as a permission of its own', [call(), { type: 'call-limit', data: { count: 5 } }], [undefined]],
])('a limit of calls %s', async (_, permissions, limits) => {
  expect(limitsOf(await openfort().grant({ signer, expiry: day, permissions }))).toEqual(limits)
})

test('a limit alone makes a session for no contract, which is one for all', async () => {
  const { grantedPermissions } = await openfort().grant({ signer, expiry: day, permissions: [{ type: 'call-limit', data: { count: 5 } }] })
  expect(grantedPermissions).toEqual([])
})

test.each([
  ['a policy it does not know', { signer, expiry: day, permissions: [call({ type: 'token-allowance', data: { allowance: '0x1' } })] }, 'token-allowance policy is not supported with this account implementation.'],
  ['a gas limit', { signer, expiry: day, permissions: [call({ type: 'gas-limit', data: {} })] }, 'gas-limit policy is not supported with this account implementation.'],
  ['a rate', { signer, expiry: day, permissions: [{ type: 'rate-limit', data: {} }] }, 'rate-limit permission is not supported with this account implementation.'],
  ['the native token', { signer, expiry: day, permissions: [{ type: 'native-token-transfer', data: {} }] }, 'native-token-transfer permission is not supported with this account implementation.'],
  ['several keys', { signer: { type: 'keys', data: { ids: [key] } }, expiry: day, permissions: [call()] }, 'Multi-key signers are not supported for session creation'],
  ['the wallet’s own key', { signer: { type: 'wallet' }, expiry: day, permissions: [call()] }, 'Failed to request permissions - missing session address'],
  ['an address instead of an id', { signer: { type: 'account', data: { address: key } }, expiry: day, permissions: [call()] }, 'Failed to request permissions - missing session address'],
  ['no key', { expiry: day, permissions: [call()] }, 'Failed to request permissions - missing session address'],
  ['a request of 2026', { chainId: '0x7a69', to: key, permission: {}, rules: [] }, /undefined/],
  ['a request of Porto', { expiry: day, feeToken: null, permissions: { calls: [] } }, /not a function/],
])('%s is refused like everything: -32003', async (_, request, message) => {
  const error = await openfort().grant(request).catch((thrown: Error) => thrown)
  expect(error).toMatchObject({ code: -32003, message: expect.stringMatching(message) as string })
})

test('it asks nobody: a refusal is the backend’s', async () => {
  await expect(openfort({ decision: 'reject' }).grant({ signer, expiry: day, permissions: [call()] })).rejects.toMatchObject({
    code: -32003,
    message: 'Failed to grant permissions',
  })
})

test('a session is ended by its key’s address, once, and not by its id', async () => {
  const { grant, ask } = openfort()
  const { permissionsContext } = await grant({ signer, expiry: day, permissions: [call()] })
  const revoke = (permissionContext: string) => ask('wallet_revokePermissions', [{ permissionContext }])
  await expect(revoke(permissionsContext)).rejects.toMatchObject({ code: -32003 })
  await expect(revoke(key)).resolves.toMatchObject({ id: permissionsContext, isActive: false, address: key })
  await expect(revoke(key)).rejects.toMatchObject({ code: -32003 })
})

test.each([[[{ eth_accounts: {} }]], [[{ id: 'ses_1' }]], [[{ permissionsContext: 'ses_1' }]]])('anything else logs the user out and looks like success: %j', async (params) => {
  const { provider, ask, grant } = openfort()
  const events: unknown[] = []
  provider.on('accountsChanged', (accounts) => events.push(accounts))
  expect(await ask('wallet_revokePermissions', params)).toEqual({})
  expect(events).toEqual([])
  expect(await ask('eth_accounts')).toEqual([])
  await expect(ask('eth_requestAccounts')).rejects.toMatchObject({ code: 4100 })
  await expect(grant({ signer, expiry: day, permissions: [call()] })).rejects.toMatchObject({ code: 4100 })
})

test('it lists nothing', async () => {
  const { ask } = openfort()
  for (const method of ['wallet_getPermissions', 'wallet_getGrantedExecutionPermissions', 'wallet_getSupportedExecutionPermissions']) {
    await expect(ask(method, [])).rejects.toMatchObject({ code: 4200, message: `${method}: Method not supported` })
  }
})
