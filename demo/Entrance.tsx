import { useQuery } from '@tanstack/react-query'
import { useEffect, type ReactNode } from 'react'
import type { Address } from 'viem'
import { useConnect, useConnection, useConnectors } from 'wagmi'
import { getJson } from './getJson.js'

/** The player has a wallet already, so there is nothing to choose: it connects, and the shop gives a newcomer GOLD. */
export function Entrance({ children }: { children: (player: Address) => ReactNode }) {
  const { address, status } = useConnection()
  const [connector] = useConnectors()
  const { mutate: connect, error: refusal } = useConnect()
  useEffect(() => {
    if (status === 'disconnected' && connector) connect({ connector })
  }, [status, connector, connect])

  const welcome = useQuery({
    queryKey: ['faucet', address],
    queryFn: () => getJson('/faucet', { address }),
    enabled: address !== undefined,
    staleTime: Infinity,
  })
  const error = refusal ?? welcome.error
  if (error) return <Failure error={error} />
  return address && welcome.data ? children(address) : <p className="failure quiet">Opening the shop…</p>
}

export function Failure({ error }: { error: Error }) {
  return (
    <p className="failure" role="alert">
      The shop could not open: {error.message} Is <code>npm run demo</code> still running?
    </p>
  )
}
