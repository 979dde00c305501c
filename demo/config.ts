import { createSessionKeyConfig, type SessionKeyConfig } from 'react-session-keys'
import { defineChain, http } from 'viem'
import { createConfig, type Config } from 'wagmi'
import type { DemoInfo } from './demoInfo.js'
import { playerWallet } from './wallet.js'
import { createWireLog, withWireLog, type WireLog } from './wireLog.js'

export type DemoConfig = { wagmi: Config; sessionKeys: SessionKeyConfig; wireLog: WireLog }

/** wagmi as in any app, and the kit on top of it. */
export function createDemoConfig({ chainId, runId }: DemoInfo, origin: string): DemoConfig {
  const rpc = `${origin}/rpc`
  const relay = `${origin}/relay/rpc`
  const chain = defineChain({
    id: chainId,
    name: 'Forge chain',
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [rpc] } },
    testnet: true,
  })
  const wireLog = createWireLog()
  const wagmi = createConfig({
    chains: [chain],
    transports: { [chain.id]: http(rpc) },
    connectors: [withWireLog(playerWallet({ chain, runId, sponsor: relay }), wireLog)],
    multiInjectedProviderDiscovery: false,
    pollingInterval: 1_000,
  })
  return { wagmi, sessionKeys: createSessionKeyConfig({ wagmi, relay }), wireLog }
}
