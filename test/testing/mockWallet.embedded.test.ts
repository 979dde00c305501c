import type { Address } from 'viem'
import { expect, test } from 'vitest'
import { otherAddress } from '../../src/testing/mock/bend.js'
import { mockChain, mockWallet, type MockDecision } from '../../src/testing/index.js'

const key: Address = '0x00000000000000000000000000000000000000B0'
const gold: Address = '0x0000000000000000000000000000000000006011'
const expiry = Math.floor(Date.now() / 1000) + 3 * 86_400
const spend = { type: 'erc20-token-transfer', data: { address: gold, ticker: 'GOLD' }, policies: [{ type: 'token-allowance', data: { allowance: '0x64' } }], required: true }
const request2024 = { signer: { type: 'account', data: { id: key } }, expiry, permissions: [spend] }

function embedded(decision: MockDecision = 'grant') {
  const wallet = mockWallet({ decision })
  return { ...wallet, ask: (method: string, params?: unknown) => wallet.provider.request({ method, params }) }
}

test('decides in the shape of 2024 as well', async () => {
  const granted = (decision: MockDecision) => embedded(decision).ask('wallet_grantPermissions', [request2024])
  const allowance = (amount: string) => ({ grantedPermissions: [{ policies: [{ data: { allowance: amount } }] }] })
  expect(await granted('grant')).toMatchObject(allowance('0x64'))
  expect(await granted('narrow')).toMatchObject(allowance('0x32'))
  expect(await granted('broaden')).toMatchObject(allowance('0xc8'))
  expect(await granted('other')).toMatchObject({ grantedPermissions: [{ data: { address: otherAddress } }] })
  await expect(granted('reject')).rejects.toMatchObject({ code: 4001 })
})

test.each(['grant', 'narrow', 'reject', 'other'] as const)('%s: a malformed request is still that', async (decision) => {
  const { ask } = embedded(decision)
  await expect(ask('wallet_grantPermissions', [{ ...request2024, signer: { type: 'wallet' } }])).rejects.toMatchObject({ code: -32602 })
  await expect(ask('wallet_requestExecutionPermissions', { a: 1 })).rejects.toMatchObject({ code: -32602 })
})

test('begins locked, and is one wallet whatever is decided', async () => {
  const { ask, account } = embedded('reject')
  const transaction = [{ from: account, to: gold, data: '0x' }]
  await expect(ask('eth_sendTransaction', transaction)).rejects.toMatchObject({ code: 4100 })
  expect(await ask('eth_accounts')).toEqual([])
  expect(await ask('eth_requestAccounts')).toEqual([account])
  await expect(ask('eth_sendTransaction', transaction)).rejects.toMatchObject({ code: 4001 })
  await ask('wallet_revokePermissions', [{ eth_accounts: {} }])
  await expect(ask('eth_sendTransaction', transaction)).rejects.toMatchObject({ code: 4100 })
})

test('is on the chain that it is given', async () => {
  const chain = mockChain({ timestamp: 1_900_000_000 })
  const { provider, mockChain: on } = mockWallet({ chain })
  expect(on).toBe(chain)
  expect(await provider.request({ method: 'eth_getBlockByNumber', params: ['latest', false] })).toMatchObject({ timestamp: '0x713fb300' })
})
