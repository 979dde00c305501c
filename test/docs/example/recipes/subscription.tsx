import { useRevokePermissions, useServerSession } from 'react-session-keys'
import { SessionKeyCard } from 'react-session-keys/ui'
import { subscription } from './subscriptionTerms.js'

export function Subscribe() {
  // Asks the server for its address, the wallet for a grant to it, and hands over what was granted.
  const { status, mutate: subscribe, isPending, error } = useServerSession({ endpoint: '/api/subscription', session: subscription })
  const { mutate: cancel } = useRevokePermissions({ session: subscription })
  if (status === 'active' || status === 'exhausted') {
    return (
      <>
        {/* With what was charged, on which day, and what comes next. */}
        <SessionKeyCard session={subscription} server="/api/status" />
        <button onClick={() => cancel()}>Cancel the subscription</button>
      </>
    )
  }
  return (
    <>
      <button disabled={isPending || status === 'hydrating'} onClick={() => subscribe()}>
        {status === 'granted' ? 'Finish' : 'Subscribe'}
      </button>
      {error && <p role="alert">{error.shortMessage}</p>}
    </>
  )
}
