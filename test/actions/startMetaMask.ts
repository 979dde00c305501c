import { createWalletClient, http, type Hex } from 'viem'
import { createConfig, type Connector } from 'wagmi'
import { connect } from 'wagmi/actions'
import { createSessionKeyConfig } from '../../src/actions/createSessionKeyConfig.js'
import { createMemoryStore } from '../../src/sessions/memoryStore.js'
import { mockWallet } from '../../src/testing/index.js'
import type { startShop } from '../startShop.js'

type WireData = Record<string, unknown>

/** MetaMask as the mock speaks it, with the player's key on the real chain. `bend`: what its user makes of each request before it is signed. */
export async function startMetaMask(world: Awaited<ReturnType<typeof startShop>>, bend: (data: WireData) => WireData = (data) => data) {
  const wallet = mockWallet({ dialect: 'erc7715', owner: world.owner })
  const { chain, rpcUrl } = world.chain
  const sender = createWalletClient({ account: world.owner, chain, transport: http(rpcUrl) })
  const { request } = wallet.provider
  wallet.provider.request = async (call) => {
    if (call.method === 'wallet_requestExecutionPermissions') {
      const rows = call.params as { permission: { data: WireData } }[]
      return request({ ...call, params: rows.map((row) => ({ ...row, permission: { ...row.permission, data: bend(row.permission.data) } })) })
    }
    const answer = await request(call)
    if (call.method !== 'eth_sendTransaction') return answer
    const [{ to, data }] = call.params as [{ to: Hex; data: Hex }]
    return sender.sendTransaction({ to, data })
  }
  const wagmi = createConfig({ chains: [chain], transports: { [chain.id]: http(rpcUrl) }, pollingInterval: 20, storage: null, multiInjectedProviderDiscovery: false, connectors: [wallet.connector] })
  await connect(wagmi, { connector: wagmi.connectors[0] as Connector })
  return { wallet, config: createSessionKeyConfig({ wagmi, relay: world.relay.url, store: createMemoryStore() }) }
}
