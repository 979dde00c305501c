import { QueryClientProvider, useQueryClient } from '@tanstack/react-query'
import { useEffect, type ReactElement, type ReactNode } from 'react'
import { useBlockNumber, WagmiProvider } from 'wagmi'
import { SessionKeyProvider } from '../../src/index.js'
import type { LiveShop } from './openLiveShop.js'

/** An app's providers, as its entry has them. */
export function LiveWorld({ shop, children }: { shop: LiveShop; children: ReactNode }): ReactElement {
  return (
    <WagmiProvider config={shop.wagmi} reconnectOnMount={false}>
      <QueryClientProvider client={shop.queries}>
        <SessionKeyProvider config={shop.sessionKeys}>
          <FreshReads />
          {children}
        </SessionKeyProvider>
      </QueryClientProvider>
    </WagmiProvider>
  )
}

/** What stands on the page was read from the chain; each new block may have changed it. */
function FreshReads(): null {
  const queries = useQueryClient()
  const { data: block } = useBlockNumber({ watch: true })
  useEffect(() => {
    if (block !== undefined) void queries.invalidateQueries({ predicate: ({ queryKey: [name] }) => name !== 'blockNumber' })
  }, [queries, block])
  return null
}
