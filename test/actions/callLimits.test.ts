import { parseAbi } from 'viem'
import { expect, test } from 'vitest'
import { grantPermissions } from '../../src/actions/grantPermissions.js'
import { contractCall } from '../../src/permissions/contractCall.js'
import { expiresIn } from '../../src/permissions/expiry.js'
import { mockWallet } from '../../src/testing/index.js'
import { answering, connectedApp } from './connectedApp.js'

const sword = '0x0000000000000000000000000000000000005401'
const abi = parseAbi(['function mint(address to)'])
const once = { permissions: [contractCall({ address: sword, abi, functions: ['mint'], callLimit: 1 })], expiry: expiresIn({ days: 1 }), acceptLosses: ['permissions[0].callLimit'] }

test('a number of calls that nobody would count is refused before anybody is asked, also where the app would accept the loss', async () => {
  const wallet = mockWallet({ dialect: 'erc7715-2024' })
  // It has no call-limit policy, and says so.
  answering(wallet.provider, 'wallet_getCapabilities', async (genuine) => {
    const rows = (await genuine()) as Record<string, { permissions: object }>
    return Object.fromEntries(Object.entries(rows).map(([chain, { permissions }]) => [chain, { permissions: { ...permissions, policyTypes: ['token-allowance'] } }]))
  })
  const config = connectedApp(wallet)
  await expect(grantPermissions(config, once)).rejects.toMatchObject({ name: 'PermissionNotSupportedError', losses: [{ kind: 'dropped' }] })
  expect(await config.sessions.find()).toEqual([])
  expect(wallet.calls.map(({ method }) => method)).not.toContain('wallet_grantPermissions')
})

test('Porto counts none', async () => {
  const wallet = mockWallet({ dialect: 'porto' })
  await expect(grantPermissions(connectedApp(wallet), once)).rejects.toMatchObject({ name: 'PermissionNotSupportedError' })
  expect(wallet.calls.map(({ method }) => method)).not.toContain('wallet_grantPermissions')
})
