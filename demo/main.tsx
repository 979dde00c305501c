import './styles.css' // before the kit's: it says which layer comes first
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { SessionKeyProvider } from 'react-session-keys'
import { PermissionConsentDialog } from 'react-session-keys/ui'
import 'react-session-keys/styles.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { WagmiProvider } from 'wagmi'
import { App } from './App.js'
import { createDemoConfig } from './config.js'
import type { DemoInfo } from './demoInfo.js'
import { Entrance, Failure } from './Entrance.js'
import { getJson } from './getJson.js'

const root = createRoot(document.getElementById('root') as HTMLElement)
const queryClient = new QueryClient()

try {
  const info = (await getJson('/demo.json')) as DemoInfo
  const { wagmi, sessionKeys, wireLog } = createDemoConfig(info, location.origin)
  root.render(
    <StrictMode>
      <WagmiProvider config={wagmi}>
        <QueryClientProvider client={queryClient}>
          <SessionKeyProvider config={sessionKeys}>
            <Entrance>{(player) => <App info={info} player={player} wireLog={wireLog} />}</Entrance>
            <PermissionConsentDialog />
          </SessionKeyProvider>
        </QueryClientProvider>
      </WagmiProvider>
    </StrictMode>,
  )
} catch (error) {
  root.render(<Failure error={error as Error} />)
}
