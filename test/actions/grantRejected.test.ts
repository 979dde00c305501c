import { parseAbi } from 'viem'
import { expect, test } from 'vitest'
import { grantPermissions } from '../../src/actions/grantPermissions.js'
import { contractCall } from '../../src/permissions/contractCall.js'
import { expiresIn } from '../../src/permissions/expiry.js'
import { mockWallet } from '../../src/testing/index.js'
import { answering, connectedApp } from './connectedApp.js'

const abi = parseAbi(['function mint(address to)'])
const asked = { permissions: [contractCall({ address: '0x0000000000000000000000000000000000005401', abi })], expiry: expiresIn({ days: 1 }) }

test.each<[string, object, 'rejected' | 'unknown']>([
  ['4001', { code: 4001 }, 'rejected'],
  ['4001, wrapped', { cause: { code: 4001 } }, 'rejected'],
  ['WalletConnect’s 5000', { code: 5000 }, 'unknown'],
  ['4001 in the data', { code: -32603, data: { code: 4001 } }, 'unknown'],
  ['ethers’ word', { code: 'ACTION_REJECTED' }, 'unknown'],
])('%s is the user’s no to the app; the key goes only on 4001 itself', async (_, error, status) => {
  const wallet = mockWallet({ dialect: 'erc7715-2024' })
  answering(wallet.provider, 'wallet_grantPermissions', () => {
    throw Object.assign(new Error('no'), error)
  })
  const config = connectedApp(wallet)
  await expect(grantPermissions(config, asked)).rejects.toMatchObject({ name: 'UserRejectedRequestError' })
  const [session] = await config.sessions.find()
  expect(session?.status).toBe(status)
  const kept = session && (await config.sessions.signer(session).then(() => true, () => false))
  expect(kept).toBe(status === 'unknown')
})
