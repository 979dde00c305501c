import { parseAbi } from 'viem'
import { expect, test } from 'vitest'
import { checkCalls } from '../../src/actions/checkCalls.js'
import { grantPermissions } from '../../src/actions/grantPermissions.js'
import { getSupportedPermissions } from '../../src/actions/getSupportedPermissions.js'
import { contractCall, expiresIn } from '../../src/index.js'
import { createTestWrapper, mockWallet } from '../../src/testing/index.js'
import { swordAbi } from '../../demo/contracts/artifacts.js'

const sword = '0x0000000000000000000000000000000000005401'
const mint = contractCall({ address: sword, abi: swordAbi, functions: ['mint'], callLimit: 10 })
const expiry = expiresIn({ days: 3 })
const method = 'wallet_grantPermissions'

test('a limit that counts transactions is not taken for one that counts calls, unless the app says so', async () => {
  const wallet = mockWallet({ dialect: 'zerodev' })
  const { config } = createTestWrapper({ wallet })
  expect((await getSupportedPermissions(config)).dialect).toBe('erc7715-2024')
  await expect(grantPermissions(config, { permissions: [mint], expiry })).rejects.toMatchObject({ name: 'PermissionWidenedError' })
  expect(wallet.calls.map((call) => call.method)).not.toContain(method)

  const { session } = await grantPermissions(config, { permissions: [mint], expiry, acceptLosses: ['permissions[0].callLimit'] })
  expect(session).toMatchObject({ status: 'active', granted: [{ permission: mint }] })
  expect(wallet.calls.find((call) => call.method === method)?.params).toMatchObject([{ permissions: [{ policies: [{ type: 'rate-limit', data: { count: 10, interval: 0 } }] }] }])
})

test('what counts transactions is held to one limited call in each: so there are never more calls than were asked for', async () => {
  const { config } = createTestWrapper({ wallet: mockWallet({ dialect: 'zerodev' }) })
  const burn = contractCall({ address: sword, abi: parseAbi(['function burn(uint256 id)']), functions: ['burn'] })
  await grantPermissions(config, { permissions: [mint, burn], expiry, acceptLosses: ['permissions[0].callLimit'] })
  const mints = { to: sword, abi: swordAbi, functionName: 'mint', args: [sword] } as const
  const burns = { to: sword, abi: parseAbi(['function burn(uint256 id)']), functionName: 'burn', args: [1n] } as const
  expect(await checkCalls(config, { calls: [mints, burns, burns] })).toMatchObject({ allowed: true })
  expect(await checkCalls(config, { calls: [mints, mints] })).toMatchObject({ allowed: false, error: { name: 'CallLimitExceededError', call: 1, message: expect.stringContaining('10 such calls, and 1 at once') } })
})

test.each([
  ['a call limit', [{ type: 'call-limit', data: { count: 5 } }], 'policy type call-limit is not supported'],
  ['a rate over a day', [{ type: 'rate-limit', data: { count: 5, interval: 86_400 } }], 'only a rate-limit over the whole grant (interval 0) is supported'],
])('%s is refused, without a code', async (_, policies, message) => {
  const { provider } = mockWallet({ dialect: 'zerodev' })
  const permission = { type: 'contract-call', data: { address: sword, calls: ['function mint(address to)'] }, policies, required: true }
  const request = { expiry: Math.floor(Date.now() / 1000) + 60, signer: { type: 'account', data: { id: sword } }, permissions: [permission] }
  const error: unknown = await provider.request({ method, params: [request] }).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ message: expect.stringContaining(message) as string })
  expect(error).not.toHaveProperty('code')
})

test('limits that differ are refused: it has one count', async () => {
  const { provider } = mockWallet({ dialect: 'zerodev' })
  const limited = (count: number) => ({ type: 'contract-call', data: { address: sword, calls: ['function mint(address to)'] }, policies: [{ type: 'rate-limit', data: { count, interval: 0 } }], required: true })
  const request = { expiry: Math.floor(Date.now() / 1000) + 60, signer: { type: 'account', data: { id: sword } }, permissions: [limited(5), limited(6)] }
  await expect(provider.request({ method, params: [request] })).rejects.toThrow('counts differ')
})
