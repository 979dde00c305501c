import { http, parseAbi, type Hash } from 'viem'
import { createConfig, type Connector } from 'wagmi'
import { connect } from 'wagmi/actions'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSessionKeyConfig } from '../../src/actions/createSessionKeyConfig.js'
import { grantPermissions } from '../../src/actions/grantPermissions.js'
import { revokePermissions } from '../../src/actions/revokePermissions.js'
import { contractCall } from '../../src/permissions/contractCall.js'
import { expiresIn } from '../../src/permissions/expiry.js'
import { createMemoryStore } from '../../src/sessions/memoryStore.js'
import { mockWallet } from '../../src/testing/index.js'
import { gold, startOpenfort } from '../execution/openfortWorld.js'
import { answering, outcomeOf } from './connectedApp.js'

let world: Awaited<ReturnType<typeof startOpenfort>>
beforeAll(async () => {
  world = await startOpenfort()
}, 60_000)
afterAll(() => world.stop())

const abi = parseAbi(['function mint(address to)'])

/** A session that only the wallet can read, of the world's account, and what becomes of it where the wallet names a transaction as its end. */
async function revokedBy(name: () => Promise<Hash>, { timeoutMs = 300 } = {}) {
  const { chain, rpcUrl } = world.chain
  const wallet = mockWallet({ dialect: 'erc7715-2024', chain: { chain, transport: http(rpcUrl) as never } })
  for (const method of ['eth_accounts', 'eth_requestAccounts']) answering(wallet.provider, method, () => [world.account])
  const wagmi = createConfig({ chains: [chain], transports: { [chain.id]: http(rpcUrl) }, pollingInterval: 20, storage: null, multiInjectedProviderDiscovery: false, connectors: [wallet.connector] })
  await connect(wagmi, { connector: wagmi.connectors[0] as Connector })
  const config = createSessionKeyConfig({ wagmi, store: createMemoryStore() })
  const { session } = await grantPermissions(config, { permissions: [contractCall({ address: world.sword, abi })], expiry: expiresIn({ days: 1 }) })
  expect(session.account).toBe(world.account)
  answering(wallet.provider, 'wallet_revokeExecutionPermission', async () => ({ transactionHash: await name() }))
  const outcome = await outcomeOf(revokePermissions(config, { id: session.id, timeoutMs }))
  const kept = await config.sessions.signer(session).then(() => true, () => false)
  return { outcome, status: (await config.sessions.get(session.id))?.status, kept }
}
const notConfirmed = { outcome: 'RevocationNotConfirmedError', status: 'revoking', kept: true }

test('a transaction of the account after the revocation was asked for ends it', async () => {
  const session = await world.grant({ contracts: [world.sword] })
  expect(await revokedBy(async () => (await session.act([world.mint])).transactionHash, { timeoutMs: 20_000 })).toEqual({ outcome: 'done', status: 'revoked', kept: false })
})

test('one from before says nothing of it', async () => {
  const { transactions } = await world.client.getBlock({ blockNumber: 1n })
  expect(await revokedBy(async () => transactions[0] as Hash)).toEqual(notConfirmed)
  const { transactions: newest } = await world.client.getBlock()
  expect(await revokedBy(async () => newest[0] as Hash)).toEqual(notConfirmed)
})

test('nor does one that succeeded around an operation that failed (ERC-4337)', async () => {
  const session = await world.grant({ contracts: [world.gold] })
  const failing = () => session.act([world.pay(world.sword, gold(100_000))]).then(() => expect.fail('it went through'), (error: { transactionHash: Hash }) => error.transactionHash)
  expect(await revokedBy(failing)).toEqual(notConfirmed)
})

test('nor one that reverted, or that the chain does not know', async () => {
  const reverted = async () => {
    const [sender] = await world.client.getAddresses()
    const hash = await world.client.sendTransaction({ account: sender as never, ...world.pay(world.sword, gold(100_000)), gas: 100_000n })
    expect((await world.client.waitForTransactionReceipt({ hash })).status).toBe('reverted')
    return hash
  }
  expect(await revokedBy(reverted)).toEqual(notConfirmed)
  expect(await revokedBy(async () => `0x${'1'.repeat(64)}`)).toEqual(notConfirmed)
})
