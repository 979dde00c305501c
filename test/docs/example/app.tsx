import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { contractCall, createSessionKeyConfig, defineSession, erc20Allowance, expiresIn, SessionKeyProvider } from 'react-session-keys'
import { useGrantPermissions, useSendSessionCalls, useSessionKey } from 'react-session-keys'
import { PermissionConsentDialog } from 'react-session-keys/ui'
import 'react-session-keys/styles.css'
import { embeddedWallet } from 'react-session-keys/wallet'
import { parseUnits } from 'viem'
import { createConfig, http, useConnection, WagmiProvider } from 'wagmi'
import { gold, myChain, owner, sword, swordAbi } from './game.js'

const relay = 'https://shop.example/relay/rpc'
const wagmi = createConfig({
  chains: [myChain],
  transports: { [myChain.id]: http() },
  connectors: [embeddedWallet({ owner, sponsor: relay, app: { name: 'Sword Shop' } })], // or any wallet that speaks ERC-7715
})
const sessionKeys = createSessionKeyConfig({ wagmi, relay })
const queryClient = new QueryClient()

// What the user is asked, once. Plain data: a server may import it too.
const shopping = defineSession({
  name: 'shopping',
  expiry: expiresIn({ days: 3 }),
  permissions: [
    contractCall({ address: sword, abi: swordAbi, functions: ['mint'], callLimit: 50 }),
    erc20Allowance({ token: gold, limit: parseUnits('1000', 18) }),
  ],
})

function Shop() {
  const { address: player } = useConnection()
  const session = useSessionKey({ session: shopping })
  const { mutate: grant, isPending, error } = useGrantPermissions()
  const { mutate: send } = useSendSessionCalls({ session: shopping })

  if (!player) return <p>Connect a wallet first.</p>
  if (session.status !== 'active') {
    return (
      <>
        <button onClick={() => grant(shopping)} disabled={isPending}>Start session</button>
        {error && <p role="alert">{error.shortMessage}</p>}
      </>
    )
  }
  // No prompt: the session is allowed to.
  const mint = { to: sword, abi: swordAbi, functionName: 'mint', args: [player] } as const
  return <button onClick={() => send({ calls: [mint] })}>Mint</button>
}

export function App() {
  return (
    <WagmiProvider config={wagmi}>
      <QueryClientProvider client={queryClient}>
        <SessionKeyProvider config={sessionKeys}>
          <PermissionConsentDialog />
          <Shop />
        </SessionKeyProvider>
      </QueryClientProvider>
    </WagmiProvider>
  )
}
