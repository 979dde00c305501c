import type { Address } from 'viem'
import { expect, test } from 'vitest'
import { mockWallet } from '../../src/testing/index.js'

const key: Address = '0x00000000000000000000000000000000000000B0'
const sword: Address = '0x0000000000000000000000000000000000005401'
const method = 'wallet_grantPermissions'
const expiry = Math.floor(Date.now() / 1000) + 3 * 86_400
const calls = [{ to: sword, signature: 'mint(address)' }]
const request = (change: object = {}) => ({ expiry, feeToken: null, key: { type: 'secp256k1', publicKey: key }, permissions: { calls }, ...change })

type Granted = { id: string; key: { publicKey: string; type: string }; permissions: object }

function porto() {
  const wallet = mockWallet({ dialect: 'porto' })
  const ask = (name: string, params?: unknown) => wallet.provider.request({ method: name, params })
  return { ...wallet, ask, grant: (change?: object) => ask(method, [request(change)]) as Promise<Granted> }
}

test('is known by its connector, and by what it says of fees', async () => {
  const { ask, connector } = porto()
  const { id } = connector({ chains: [] as never, emitter: {} as never, providers: [] })
  expect(id).toBe('xyz.ithaca.porto')
  expect(await ask('wallet_getCapabilities', [])).toMatchObject({ '0x7a69': { permissions: { supported: true }, feeToken: { supported: true, tokens: [] } } })
})

test('answers with the key by its address, in small letters', async () => {
  const { grant, account } = porto()
  const spend = [{ limit: '0x064', period: 'day', token: sword }]
  expect(await grant({ chainId: '0x7a69', permissions: { calls, spend } })).toEqual({
    address: account,
    chainId: '0x7a69',
    expiry,
    id: key.toLowerCase(),
    key: { type: 'secp256k1', publicKey: key.toLowerCase() },
    permissions: { calls, spend: [{ limit: '0x64', period: 'day', token: sword }] },
  })
})

test('makes a key of its own where none is named', async () => {
  const granted = await porto().grant({ key: undefined })
  expect(granted).toMatchObject({ key: { type: 'p256', publicKey: expect.stringMatching(/^0x[0-9a-f]{128}$/) as string }, id: granted.key.publicKey })
})

test.each([
  ['no feeToken', request({ feeToken: undefined }), '- at `params[0].feeToken`: Expected object. '],
  ['no calls', request({ permissions: { calls: [] } }), '- at `params[0].permissions.calls`: array must be at least 1'],
  ['a call of nothing', request({ permissions: { calls: [{}] } }), '- at `params[0].permissions.calls[0]`: Invalid union value.'],
  ['a chain id in decimals', request({ chainId: 31_337 }), '- at `params[0].chainId`'],
  ['an amount in decimals', request({ permissions: { calls, spend: [{ limit: 100, period: 'day' }] } }), '- at `params[0].permissions.spend[0].limit`'],
  ['a period of its own', request({ permissions: { calls, spend: [{ limit: '0x1', period: 'session' }] } }), '- at `params[0].permissions.spend[0].period`'],
  ['no time', request({ expiry: 0 }), '- at `params[0].expiry`: number must be at least 1'],
  [
    'the shape of viem and Openfort',
    { signer: { type: 'account', data: { id: key } }, expiry, permissions: [{ type: 'contract-call', data: { address: sword, calls: [] }, policies: [] }] },
    '- at `params[0].feeToken`: Expected object. \n- at `params[0].permissions',
  ],
])('%s is refused (-32602)', async (_, one, message) => {
  await expect(porto().ask(method, [one])).rejects.toMatchObject({ code: -32602, message: expect.stringContaining(message) as string })
})

test('drops what it does not know, without a word', async () => {
  const { permissions } = await porto().grant({ callLimit: 5, permissions: { calls: [{ ...calls[0], value: '0x1' }], rate: 1 } })
  expect(permissions).toEqual({ calls, spend: [] })
})

test('knows no method of 2026', async () => {
  for (const name of ['wallet_requestExecutionPermissions', 'wallet_getSupportedExecutionPermissions', 'wallet_revokeExecutionPermission']) {
    await expect(porto().ask(name, [])).rejects.toMatchObject({ code: 4200 })
  }
})

test('lists what it granted: with no params at all, or with an object, and not with an empty list', async () => {
  const { grant, ask, account } = porto()
  const granted = await grant()
  expect(await ask('wallet_getPermissions')).toEqual([granted])
  expect(await ask('wallet_getPermissions', [{ address: account }])).toEqual([granted])
  await expect(ask('wallet_getPermissions', [])).rejects.toMatchObject({ code: -32602 })
})

test('ends a session by its id; an id in other letters, or of no session, looks like success', async () => {
  const { grant, ask, provider } = porto()
  const messages: string[] = []
  provider.on('message', ({ type }) => messages.push(type))
  const { id } = await grant()
  const revoke = (one: object) => ask('wallet_revokePermissions', [one])
  await expect(revoke({ permissionContext: id })).rejects.toMatchObject({ code: -32602 })
  await expect(revoke({ eth_accounts: {} })).rejects.toMatchObject({ code: -32602 })
  await expect(revoke({ id: key })).resolves.toBeUndefined()
  expect(await ask('wallet_getPermissions')).toHaveLength(1)
  await expect(revoke({ id })).resolves.toBeUndefined()
  expect(await ask('wallet_getPermissions')).toEqual([])
  expect(messages).toEqual(['permissionsChanged', 'permissionsChanged', 'permissionsChanged'])
})

test('refuses everything to a page that left, even the question who it is', async () => {
  const { ask, grant } = porto()
  await ask('wallet_disconnect')
  await expect(ask('eth_accounts')).rejects.toMatchObject({ code: 4900 })
  await expect(grant()).rejects.toMatchObject({ code: 4900 })
  expect(await ask('eth_requestAccounts')).toHaveLength(1)
})

test('grants for its own account and chain', async () => {
  await expect(porto().grant({ address: sword })).rejects.toMatchObject({ code: 4100 })
  await expect(porto().grant({ chainId: '0x1' })).rejects.toThrow('Could not find a compatible Porto chain')
})
