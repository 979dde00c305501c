import type { Address, Hex } from 'viem'
import { expect, test } from 'vitest'
import { unbundleContexts } from '../../src/delegation/contextBundle.js'
import { framework } from '../../src/delegation/framework.js'
import { contextMismatch } from '../../src/delegation/verifyContext.js'
import { mockWallet } from '../../src/testing/index.js'

const key: Address = '0x00000000000000000000000000000000000000B0'
const sword: Address = '0x0000000000000000000000000000000000005401'
const gold: Address = '0x0000000000000000000000000000000000006011'
const method = 'wallet_grantPermissions'
const expiry = Math.floor(Date.now() / 1000) + 3 * 86_400
const mint = { type: 'contract-call', data: { address: sword, calls: ['function mint(address to)'] }, policies: [{ type: 'call-limit', data: { count: 5 } }], required: true }
const spend = { type: 'erc20-token-transfer', data: { address: gold, ticker: 'GOLD' }, policies: [{ type: 'token-allowance', data: { allowance: '0x64' } }], required: true }
const request = (change: object = {}) => ({ expiry, signer: { type: 'account', data: { id: key } }, permissions: [mint, spend], ...change })

type Granted = { permissionsContext: Hex; grantedPermissions: unknown[]; expiry: number; chainId: Hex; signerData: { submitToAddress: Address } }

function hybrid(context?: 'delegations') {
  const wallet = mockWallet({ dialect: 'erc7715-2024', context })
  const ask = (name: string, params?: unknown) => wallet.provider.request({ method: name, params })
  return { ...wallet, ask, grant: (change?: object) => ask(method, [request(change)]) as Promise<Granted> }
}

test('says what it grants among its capabilities, and does not know the question of 2026', async () => {
  const { ask } = hybrid()
  expect(await ask('wallet_getCapabilities', [])).toEqual({
    '0x7a69': { permissions: { supported: true, signerTypes: ['account'], permissionTypes: ['contract-call', 'erc20-token-transfer', 'native-token-transfer'] } },
  })
  await expect(ask('wallet_getSupportedExecutionPermissions', [])).rejects.toMatchObject({ code: 4200 })
})

test('answers as viem reads it, with a context that only it can read', async () => {
  const { grant, account } = hybrid()
  expect(await grant()).toEqual({
    chainId: '0x7a69',
    expiry,
    grantedPermissions: [mint, spend],
    permissionsContext: expect.stringMatching(/^0x[0-9a-f]{192}$/),
    signerData: { submitToAddress: account },
  })
})

test('or with delegations, bundled in the order of the permissions', async () => {
  const { grant, account } = hybrid('delegations')
  const { permissionsContext, signerData } = await grant()
  expect(signerData).toEqual({ submitToAddress: framework.DelegationManager })
  const [first, second, ...more] = unbundleContexts(permissionsContext)
  expect(more).toEqual([])
  const about = { account, delegate: key, expiry }
  const { DelegationManager: delegationManager } = framework
  const minting = { type: 'contract-call', address: sword, functions: [{ signature: 'mint(address to)' }], callLimit: 5, valueLimit: 0n } as const
  expect(contextMismatch({ permission: minting, context: first as Hex, delegationManager }, about)).toBeUndefined()
  const spending = { type: 'erc20-token-allowance', token: gold, limit: 100n } as const
  expect(contextMismatch({ permission: spending, context: second as Hex, delegationManager }, about)).toBeUndefined()
})

test.each([
  ['a type', { permissions: [{ ...spend, type: 'erc721-token-transfer' }] }, 'permission type erc721-token-transfer is not supported'],
  ['a type as viem writes it', { permissions: [{ ...mint, type: 'x', policies: [] }] }, 'permission type x is not supported'],
  ['a policy', { permissions: [{ ...mint, policies: [{ type: 'gas-limit', data: { limit: '0x1' } }] }] }, 'policy type gas-limit is not supported'],
])('%s that it does not know is refused without a code', async (_, change, message) => {
  const error = await hybrid().grant(change).catch((thrown: Error) => thrown)
  expect(error).toMatchObject({ message: expect.stringContaining(message) as string })
  expect(error).not.toHaveProperty('code')
})

test.each([
  ['a list of requests', [request(), request()]],
  ['a key more', [request({ account: key })]],
  ['no policies', [request({ permissions: [{ type: 'contract-call', data: mint.data }] })]],
  ['a type that is no string', [request({ permissions: [{ ...mint, type: { custom: 'contract-call' } }] })]],
  ['a wallet’s own key', [request({ signer: { type: 'wallet' } })]],
  ['a key by `address`', [request({ signer: { type: 'account', data: { address: key } } })]],
])('%s is malformed (-32602)', async (_, params) => {
  await expect(hybrid().ask(method, params)).rejects.toMatchObject({ code: -32602 })
})

test('another chain is none of its business', async () => {
  await expect(hybrid().grant({ chainId: '0x1' })).rejects.toMatchObject({ code: 4901 })
})

test('a function without the keyword is no ABI to it', async () => {
  await expect(hybrid().grant({ permissions: [{ ...mint, data: { address: sword, calls: ['mint(address)'] } }] })).rejects.toThrow()
})

test('lists and ends by the names of 2026, and says what it sent', async () => {
  const { grant, ask } = hybrid()
  const { permissionsContext } = await grant()
  expect(await ask('wallet_getGrantedExecutionPermissions', [])).toEqual([
    { permissionsContext, chainId: '0x7a69', expiry, signer: key, status: 'pending', grantedAt: expect.any(Number) },
  ])
  const revoke = () => ask('wallet_revokeExecutionPermission', [{ permissionContext: permissionsContext, chainId: '0x7a69' }])
  expect(await revoke()).toEqual({ method: 'uninstall', transactionHash: expect.stringMatching(/^0x[0-9a-f]{64}$/) })
  expect(await ask('wallet_getGrantedExecutionPermissions', [])).toEqual([])
  await expect(revoke()).rejects.toThrow('no permission has this context')
  await expect(ask('wallet_revokePermissions', [{ permissionContext: permissionsContext }])).rejects.toMatchObject({ code: 4200 })
})
