import { custom, parseAbi } from 'viem'
import { createConfig } from 'wagmi'
import { expect, test } from 'vitest'
import { createSessionKeyConfig } from '../../src/actions/createSessionKeyConfig.js'
import { grantPermissions } from '../../src/actions/grantPermissions.js'
import { revokePermissions } from '../../src/actions/revokePermissions.js'
import { openfort } from '../../src/dialects/openfort.js'
import type { Dialect } from '../../src/dialects/dialect.js'
import { contractCall } from '../../src/permissions/contractCall.js'
import { expiresIn } from '../../src/permissions/expiry.js'
import { createMemoryStore } from '../../src/sessions/memoryStore.js'
import { mockWallet } from '../../src/testing/index.js'
import { answering, connectedApp, outcomeOf } from './connectedApp.js'

const sword = '0x0000000000000000000000000000000000005401'
const other = '0x9fE46736679d2D9a65F0992F2272dE9f3c7fa6e0'
const abi = parseAbi(['function mint(address to)'])
const asked = { permissions: [contractCall({ address: sword, abi, functions: ['mint'] })], expiry: expiresIn({ days: 1 }), acceptLosses: ['permissions[0].functions', 'permissions[0].valueLimit'] }

test.each([
  ['erc7715-2024', 'eth_accounts', [other]],
  ['openfort', 'eth_accounts', [other]],
  ['openfort', 'eth_chainId', '0x1'],
] as const)('%s: the user switches (%s) while the wallet asks, and the answer names neither: kept aside', async (dialect, method, now) => {
  const wallet = mockWallet({ dialect })
  const config = connectedApp(wallet)
  let switched = false
  answering(wallet.provider, method, (genuine) => (switched ? now : genuine()))
  answering(wallet.provider, 'wallet_grantPermissions', async (genuine) => {
    switched = true
    return { ...((await genuine()) as object), chainId: undefined }
  })
  expect(await outcomeOf(grantPermissions(config, asked))).toBe('GrantMismatchError')
  expect(await config.sessions.find()).toMatchObject([{ status: 'quarantined' }])
})

test('from one account to another and back: nothing that the other was asked for becomes a session of the first', async () => {
  const [a, b] = [mockWallet({ dialect: 'erc7715-2024' }), mockWallet({ dialect: 'openfort' })]
  const { chain, transport } = a.mockChain
  const inner = transport({ chain, retryCount: 0 })
  let onBlock = () => {}
  const watched = custom({ request: async (call: { method: string }) => (call.method === 'eth_getBlockByNumber' && onBlock(), inner.request(call as never)) }, { retryCount: 0 })
  const wagmi = createConfig({ chains: [chain], transports: { [chain.id]: watched }, connectors: [a.connector, b.connector], storage: null, multiInjectedProviderDiscovery: false })
  const [first, second] = wagmi.connectors as unknown as [{ uid: string }, { uid: string }]
  const connections = new Map([[first, a], [second, b]].map(([connector, wallet]) => [(connector as { uid: string }).uid, { accounts: [(wallet as typeof a).account], chainId: chain.id, connector }]))
  wagmi.setState((state) => ({ ...state, status: 'connected', current: first.uid, connections: connections as never }))
  const use = ({ uid }: { uid: string }) => wagmi.setState((state) => ({ ...state, current: uid }))
  const config = createSessionKeyConfig({ wagmi, store: createMemoryStore(), consentDelayMs: 0 })
  config.consent.mount()
  config.consent.subscribe(() => {
    use(first)
    config.consent.approve(config.consent.getSnapshot()?.id ?? '')
  })
  onBlock = () => use(second)
  expect(await outcomeOf(grantPermissions(config, asked))).toBe('ConnectionChangedError')
  expect([await config.sessions.find(), b.calls.map(({ method }) => method)]).toEqual([[], expect.not.arrayContaining(['wallet_grantPermissions'])])
})

test.each([['eth_chainId', '0x1', 'WalletChainMismatchError'], ['eth_accounts', [other], 'WalletAccountMismatchError']] as const)(
  'a revocation that names neither account nor chain is not sent while the wallet is elsewhere: %s',
  async (method, elsewhere, error) => {
    const wallet = mockWallet({ dialect: 'openfort' })
    const config = connectedApp(wallet)
    const { session } = await grantPermissions(config, asked)
    answering(wallet.provider, method, () => elsewhere)
    // The mock chain runs no contracts, so the account is not asked.
    const dialect: Dialect = { ...openfort, readOnChain: undefined as never }
    expect(await outcomeOf(revokePermissions({ ...config, dialect }, { id: session.id, timeoutMs: 50 }))).toBe(error)
    expect(wallet.calls.map((call) => call.method)).not.toContain('wallet_revokePermissions')
    expect((await config.sessions.get(session.id))?.status).toBe('active')
  },
)

test('what only the wallet’s own screen can end is told as that, and stays as it was', async () => {
  const wallet = mockWallet({ dialect: 'erc7715-2024' })
  const config = connectedApp(wallet)
  const { session } = await grantPermissions(config, { ...asked, acceptLosses: [] })
  answering(wallet.provider, 'wallet_revokeExecutionPermission', () => {
    throw Object.assign(new Error('no such method'), { code: 4200 })
  })
  expect(await outcomeOf(revokePermissions(config, { id: session.id }))).toBe('RevokeInWalletError')
  expect((await config.sessions.get(session.id))?.status).toBe('active')
})
