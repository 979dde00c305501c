import { expect, test } from 'vitest'
import { grantPermissions } from '../../src/actions/grantPermissions.js'
import { porto } from '../../src/dialects/porto.js'
import { contractCall, erc20Allowance, erc20Periodic, erc20Stream, expiresIn, isNotBroader, nativeAllowance, type Permission, type SessionStatus } from '../../src/index.js'
import { createTestWrapper, mockWallet, type MockDecision, type MockDialectId } from '../../src/testing/index.js'
import { swordAbi } from '../../demo/contracts/artifacts.js'

const sword = '0x0000000000000000000000000000000000005401'
const gold = '0x0000000000000000000000000000000000006011'
const mint = contractCall({ address: sword, abi: swordAbi, functions: ['mint'], callLimit: 10 })
const spend = erc20Allowance({ token: gold, limit: 100n })

/** What each wallet has words for, and what an app has to take there. */
const asked: Record<Exclude<MockDialectId, 'none'>, { permissions: readonly Permission[]; acceptLosses?: readonly string[] }> = {
  embedded: { permissions: [mint, spend] },
  erc7715: { permissions: [spend, nativeAllowance({ limit: 100n })] },
  'erc7715-2024': { permissions: [mint, spend] },
  zerodev: { permissions: [mint], acceptLosses: ['permissions[0].callLimit'] },
  openfort: { permissions: [mint], acceptLosses: ['permissions[0].functions', 'permissions[0].valueLimit'] },
  porto: {
    permissions: [contractCall({ address: sword, abi: swordAbi, functions: ['mint'] }), erc20Periodic({ token: gold, limit: 100n, period: { days: 1 } })],
    acceptLosses: ['permissions[1].startTime'],
  },
}

const outcomes: Record<Exclude<MockDecision, 'hang'>, SessionStatus> = {
  grant: 'active',
  narrow: 'active',
  broaden: 'quarantined',
  other: 'quarantined',
  reject: 'rejected',
  garbage: 'unknown',
  crash: 'unknown',
}

const wallets = Object.keys(asked).flatMap((dialect) => Object.keys(outcomes).map((decision) => [dialect, decision] as [keyof typeof asked, keyof typeof outcomes]))

// What the mocks answer is what the kit takes for it: a context that did not agree would be quarantined, a shape unknown.
test.each(wallets)('the kit and %s: %s', async (dialect, decision) => {
  const wrapper = createTestWrapper({ wallet: mockWallet({ dialect, decision }) })
  const config = { ...wrapper.config, ...(dialect === 'porto' ? { dialect: porto } : {}) }
  config.consent.mount()
  config.consent.subscribe(() => config.consent.approve(config.consent.getSnapshot()?.id ?? ''))
  const result = await grantPermissions(config, { ...asked[dialect], expiry: expiresIn({ days: 3 }) }).catch((error: Error) => error)
  const [session] = await config.sessions.find()
  // Openfort's backend may have made the session before it said no.
  expect(session?.status).toBe(dialect === 'openfort' && decision === 'reject' ? 'unknown' : outcomes[decision])
  if (decision === 'narrow') expect(result).toSatisfy(({ diff }: { diff: Parameters<typeof isNotBroader>[0] }) => diff.length > 0 && isNotBroader(diff))
})

const odd = erc20Periodic({ token: gold, limit: 100n, period: { days: 3 } })
const full = erc20Stream({ token: gold, initial: 100n, perSecond: 1n, max: 100n })

test.each([['a period that it would round', odd], ['a stream that starts at its maximum', full]])('%s is refused before MetaMask is asked; the embedded wallet grants it', async (_, permission) => {
  const request = { permissions: [permission], expiry: expiresIn({ days: 3 }) }
  const metaMask = mockWallet({ dialect: 'erc7715' })
  await expect(grantPermissions(createTestWrapper({ wallet: metaMask }).config, request)).rejects.toMatchObject({ name: 'PermissionNotSupportedError' })
  expect(metaMask.calls.map(({ method }) => method)).not.toContain('wallet_requestExecutionPermissions')
  const { session } = await grantPermissions(createTestWrapper({ wallet: mockWallet() }).config, request)
  expect(session).toMatchObject({ status: 'active', granted: [{ permission }] })
})

test('MetaMask fails a stream that starts at its maximum after its user agreed', async () => {
  const { provider } = mockWallet({ dialect: 'erc7715' })
  const stream = { type: 'native-token-stream', isAdjustmentAllowed: false, data: { initialAmount: '0x5', maxAmount: '0x5', amountPerSecond: '0x1' } }
  const rules = [{ type: 'expiry', data: { timestamp: Math.floor(Date.now() / 1000) + 60 } }]
  const request = { method: 'wallet_requestExecutionPermissions', params: [{ chainId: '0x7a69', to: gold, permission: stream, rules }] }
  await expect(provider.request(request)).rejects.toMatchObject({ code: -32603, message: expect.stringContaining('maxAmount') as string })
})

test('a wallet that grants nothing is said to', async () => {
  const { config } = createTestWrapper({ wallet: mockWallet({ dialect: 'none' }) })
  await expect(grantPermissions(config, { permissions: [mint], expiry: expiresIn({ days: 3 }) })).rejects.toMatchObject({ name: 'UnsupportedWalletError' })
})

test('MetaMask is busy while another grant is pending; the kit asks again until it is free', async () => {
  const wallet = mockWallet({ dialect: 'erc7715' })
  const { config } = createTestWrapper({ wallet })
  const grant = (name: string) => grantPermissions(config, { name, permissions: [spend], expiry: expiresIn({ days: 3 }) })
  await Promise.all([grant('one'), grant('two')])
  expect((await config.sessions.find()).map(({ status }) => status)).toEqual(['active', 'active'])
})
