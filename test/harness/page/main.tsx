import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { SessionKeyProvider } from 'react-session-keys'
import { StrictMode } from 'react'
import { flushSync } from 'react-dom'
import { createRoot } from 'react-dom/client'
import { WagmiProvider } from 'wagmi'
import { getJson } from '../../../demo/getJson.js'
import { App } from './App.js'
import { connectWallet, createConfigs, readOptions } from './config.js'
import { createHarness } from './createHarness.js'
import type { HarnessInfo } from './harnessApi.js'
import { createShown } from './ShownSessions.js'

try {
  const info = (await getJson('/harness.json')) as HarnessInfo
  const { wagmi, sessionKeys } = createConfigs(info, readOptions(location.search))
  const root = document.getElementById('root') as HTMLElement
  const errors: unknown[] = []
  const onError = (error: unknown) => {
    errors.push(error)
    // As an app does that reports what went wrong.
    console.error(error)
  }
  const settled: string[] = []
  const shown = createShown()
  const onSettled: MutationCache['config']['onSettled'] = (_data, error, _variables, _result, { options }) => {
    settled.push(`${options.mutationKey?.[0]}: ${error ? error.name : 'success'}`)
  }
  const queryClient = new QueryClient({ queryCache: new QueryCache({ onError }), mutationCache: new MutationCache({ onError, onSettled }) })
  // At once: a WagmiProvider that does not reconnect forgets, when it is first rendered, what was connected before.
  flushSync(() =>
    createRoot(root).render(
      <StrictMode>
        <WagmiProvider config={wagmi} reconnectOnMount={false}>
          <QueryClientProvider client={queryClient}>
            <SessionKeyProvider config={sessionKeys}>
              <App info={info} shown={shown} />
            </SessionKeyProvider>
          </QueryClientProvider>
        </WagmiProvider>
      </StrictMode>,
    ),
  )
  window.harness = createHarness({ config: sessionKeys, account: await connectWallet(wagmi), info, page: { root, queryClient, errors, settled, shown } })
} catch (error) {
  window.harnessFailure = String(error)
}
