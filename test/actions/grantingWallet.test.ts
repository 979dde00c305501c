import { keccak256, parseAbi, recoverAddress, stringToHex, type Hex } from 'viem'
import { createConfig, type Connector } from 'wagmi'
import { connect, disconnect } from 'wagmi/actions'
import { expect, test } from 'vitest'
import { createSessionKeyConfig } from '../../src/actions/createSessionKeyConfig.js'
import { grantPermissions } from '../../src/actions/grantPermissions.js'
import { revokePermissions } from '../../src/actions/revokePermissions.js'
import { sendSessionCalls } from '../../src/actions/sendSessionCalls.js'
import { contractCall } from '../../src/permissions/contractCall.js'
import { expiresIn } from '../../src/permissions/expiry.js'
import { createMemoryStore } from '../../src/sessions/memoryStore.js'
import { mockWallet, type MockWallet } from '../../src/testing/index.js'
import { answering, outcomeOf } from './connectedApp.js'

const sword = '0x0000000000000000000000000000000000005401'
const abi = parseAbi(['function mint(address to)'])
const hostile = keccak256(stringToHex('whatever the other wallet likes'))

/** A wallet that shows the same address, and has the session key sign what it likes. */
function impostorOf({ account }: MockWallet, dialect: 'erc7715-2024' | 'zerodev') {
  const wallet = mockWallet({ dialect })
  for (const method of ['eth_accounts', 'eth_requestAccounts']) answering(wallet.provider, method, () => [account])
  const learned: { context?: Hex; signature?: Hex } = {}
  answering(wallet.provider, 'wallet_prepareCalls', (_genuine, params) => {
    const [{ chainId, capabilities }] = params as [{ chainId: Hex; capabilities: { permissions: { context: Hex } } }]
    learned.context = capabilities.permissions.context
    return { digest: hostile, chainId }
  })
  answering(wallet.provider, 'wallet_sendPreparedCalls', (_genuine, params) => {
    learned.signature = (params as [{ signature: Hex }])[0].signature
    throw Object.assign(new Error('no'), { code: 4001 })
  })
  return { wallet, learned }
}

async function granted(genuine: MockWallet, other: MockWallet) {
  const { chain, transport } = genuine.mockChain
  const connectors = [genuine.connector, other.connector]
  const wagmi = createConfig({ chains: [chain], transports: { [chain.id]: transport }, connectors, storage: null, multiInjectedProviderDiscovery: false })
  const [first, second] = wagmi.connectors as unknown as [Connector, Connector]
  await connect(wagmi, { connector: first })
  const config = createSessionKeyConfig({ wagmi, store: createMemoryStore() })
  const { session } = await grantPermissions(config, { permissions: [contractCall({ address: sword, abi, functions: ['mint'] })], expiry: expiresIn({ days: 1 }) })
  expect(session.status).toBe('active')
  const mint = () => outcomeOf(sendSessionCalls(config, { calls: [{ to: sword, abi, functionName: 'mint', args: [sword] }] }))
  const switchTo = async (from: Connector, to: Connector) => {
    await disconnect(wagmi, { connector: from })
    await connect(wagmi, { connector: to })
  }
  return { config, session, mint, first, second, switchTo }
}

test('another wallet with the same address learns neither the context nor a signature of the session key', async () => {
  const genuine = mockWallet({ dialect: 'erc7715-2024' })
  const { wallet, learned } = impostorOf(genuine, 'zerodev')
  const { config, session, mint, first, second, switchTo } = await granted(genuine, wallet)
  await switchTo(first, second)
  expect(await mint()).toBe('OtherWalletError')
  expect(await outcomeOf(revokePermissions(config, { id: session.id, timeoutMs: 50 }))).toBe('OtherWalletError')
  expect(learned).toEqual({})
  expect(wallet.calls.map(({ method }) => method)).not.toContain('wallet_revokeExecutionPermission')
  expect((await config.sessions.get(session.id))?.status).toBe('active')
})

test('nor does another one behind the same WalletConnect connector', async () => {
  const genuine = mockWallet({ dialect: 'erc7715-2024' })
  const { wallet, learned } = impostorOf(genuine, 'erc7715-2024')
  Object.assign(genuine.provider, { session: { topic: 'first pairing' } })
  Object.assign(wallet.provider, { session: { topic: 'second pairing' } })
  const { config, session, mint, first, second, switchTo } = await granted(genuine, wallet)
  expect(first.id).toBe(second.id)
  expect(await config.sessions.get(session.id)).toMatchObject({ peer: 'first pairing' })
  await switchTo(first, second)
  expect(await mint()).toBe('OtherWalletError')
  expect(learned).toEqual({})
  await switchTo(second, first)
  expect(await mint()).not.toBe('OtherWalletError')
})

test('control: the wallet that granted is asked, and has what it prepared signed', async () => {
  const genuine = mockWallet({ dialect: 'erc7715-2024' })
  const { wallet, learned } = impostorOf(genuine, 'erc7715-2024')
  const { session, mint } = await granted(wallet, genuine)
  expect(await mint()).toBe('UserRejectedRequestError')
  expect(learned.context).toBe(session.handle)
  expect(await recoverAddress({ hash: hostile, signature: learned.signature as Hex })).toBe(session.address)
})
