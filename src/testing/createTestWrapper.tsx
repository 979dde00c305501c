import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import type { ComponentType, ReactNode } from 'react'
import { createConfig, WagmiProvider } from 'wagmi'
import { createSessionKeyConfig, type SessionKeyConfig } from '../actions/createSessionKeyConfig.js'
import { SessionKeyProvider } from '../react/SessionKeyProvider.js'
import { createMemoryStore } from '../sessions/memoryStore.js'
import type { SessionStore } from '../sessions/store.js'
import type { MockWallet } from './mockWallet.js'

export type CreateTestWrapperParameters = {
  wallet: MockWallet
  /** Default: a fresh store in memory. */
  store?: SessionStore | undefined
}

export type TestWrapper = ComponentType<{ children?: ReactNode }> & { config: SessionKeyConfig }

/** All the providers a component needs, with the wallet connected: `render(<Shop />, { wrapper: createTestWrapper({ wallet }) })`. */
export function createTestWrapper({ wallet, store = createMemoryStore() }: CreateTestWrapperParameters): TestWrapper {
  const { chain, transport } = wallet.mockChain
  const wagmi = createConfig({
    chains: [chain],
    connectors: [wallet.connector],
    transports: { [chain.id]: transport },
    storage: null,
    multiInjectedProviderDiscovery: false,
  })
  const [connector] = wagmi.connectors
  if (!connector) throw new Error('wagmi made no connector of the wallet.')
  wagmi.setState((state) => ({
    ...state,
    current: connector.uid,
    connections: new Map([[connector.uid, { accounts: [wallet.account], chainId: chain.id, connector }]]),
    status: 'connected',
  }))
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false }, mutations: { retry: false } } })
  const config = createSessionKeyConfig({ wagmi, store })
  function Wrapper({ children }: { children?: ReactNode }) {
    return (
      <WagmiProvider config={wagmi} reconnectOnMount={false}>
        <QueryClientProvider client={queryClient}>
          <SessionKeyProvider config={config}>{children}</SessionKeyProvider>
        </QueryClientProvider>
      </WagmiProvider>
    )
  }
  return Object.assign(Wrapper, { config })
}
