import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import type { ComponentType, ReactNode } from 'react'
import { createConfig, WagmiProvider } from 'wagmi'
import { createSessionKeyConfig, type SessionKeyConfig } from '../actions/createSessionKeyConfig.js'
import { SessionKeyProvider } from '../react/SessionKeyProvider.js'
import { createMemoryStore } from '../sessions/memoryStore.js'
import type { Session } from '../sessions/session.js'
import type { SessionStore } from '../sessions/store.js'
import { mockWallet, type MockWallet } from './mockWallet.js'
import { seededStore } from './seededStore.js'
import { ensureWebCrypto } from './webCrypto.js'

export type CreateTestWrapperParameters = {
  /** Default: one that grants what it is asked for. */
  wallet?: MockWallet | undefined
  /** What is stored already: `mockSession(…)`. Those that do not say whose they are, are the wallet's. */
  sessions?: readonly Session[] | undefined
  /** Default: a fresh store in memory. */
  store?: SessionStore | undefined
  /** Settle what is open when the page begins, as outside of tests. Default false: sessions stay in the state they were given. */
  reconcileOnConnect?: boolean | undefined
}

export type TestWrapper = ComponentType<{ children?: ReactNode }> & { config: SessionKeyConfig }

/**
 * All the providers a component needs, with the wallet connected. A mounted consent can be answered at once: the moment that
 * `PermissionConsentDialog` waits elsewhere is left out.
 *
 * @example render(<Shop />, { wrapper: createTestWrapper({ wallet, sessions: [mockSession({ status: 'expired' })] }) })
 */
export function createTestWrapper({ wallet = mockWallet(), sessions = [], store = createMemoryStore(), reconcileOnConnect = false }: CreateTestWrapperParameters = {}): TestWrapper {
  ensureWebCrypto()
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
  const config = createSessionKeyConfig({
    wagmi,
    store: sessions.length > 0 ? seededStore(store, sessions, { account: wallet.account, chainId: chain.id }) : store,
    consentDelayMs: 0,
    busyRetryDelaysMs,
  })
  function Wrapper({ children }: { children?: ReactNode }) {
    return (
      <WagmiProvider config={wagmi} reconnectOnMount={false}>
        <QueryClientProvider client={queryClient}>
          <SessionKeyProvider config={config} reconcileOnConnect={reconcileOnConnect}>{children}</SessionKeyProvider>
        </QueryClientProvider>
      </WagmiProvider>
    )
  }
  return Object.assign(Wrapper, { config })
}

/** Nobody has to find a window here. */
const busyRetryDelaysMs = [10, 20, 40, 80]
