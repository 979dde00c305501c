import type { ReactElement } from 'react'
import { useConnection } from 'wagmi'
import { useSessionKey, type SessionDefinition } from '../../src/index.js'
import { GrantPermissionsButton } from '../../src/ui/grant-button/GrantPermissionsButton.js'
import { SessionKeyCard } from '../../src/ui/session-card/SessionKeyCard.js'

/** The kit's own card, and before there is a session its button. */
export function SessionPanel({ session }: { session: SessionDefinition }): ReactElement {
  const { isConnected } = useConnection()
  const { status } = useSessionKey({ session })
  const fresh = status === 'none' || status === 'hydrating' || status === 'requested'
  return (
    <section aria-labelledby="forge-session" className="forge-part">
      <h2 id="forge-session">Session</h2>
      {!isConnected ? (
        <div className="forge-card forge-quiet">Connect the wallet that lives in this page: it has 2000 GOLD, and no ETH.</div>
      ) : fresh ? (
        <div className="forge-card">
          <p>One question, and then no more: the shop asks what it may do for you.</p>
          <GrantPermissionsButton session={session}>Start session</GrantPermissionsButton>
        </div>
      ) : (
        <SessionKeyCard session={session} />
      )}
    </section>
  )
}
