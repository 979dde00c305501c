'use client'
import type { ReactElement } from 'react'
import { useContractMetadata } from '../../react/useContractMetadata.js'
import { isKeyless, usablePermissions, type Session } from '../../sessions/session.js'
import { usableStatuses, type SessionStatus } from '../../sessions/status.js'
import { useDevtools } from '../DevtoolsContext.js'
import { redactSessionText } from './redactSessionText.js'
import { SessionDifferences } from './SessionDifferences.js'
import { SessionFacts } from './SessionFacts.js'
import { SessionLimits } from './SessionLimits.js'

/** Everything that is known of one session, but for its secrets. */
export function SessionDetails({ session, status }: { session: Session; status: SessionStatus }): ReactElement {
  const { config, metadata: given } = useDevtools()
  const granted = usablePermissions(session)
  const { chainId, asked, problem, losses = [] } = session
  const permissions = granted.length > 0 ? granted : asked.permissions
  const { data: read } = useContractMetadata({ config, chainId, permissions, query: { retry: false } })
  const metadata = { ...read, ...given }
  return (
    <div className="rsk-devtools-details">
      {problem !== undefined && (
        <p className="rsk-devtools-problem">
          <strong>Error</strong> <bdi>{redactSessionText(problem, session)}</bdi>
        </p>
      )}
      <SessionLimits
        heading={granted.length > 0 ? 'Granted permissions' : 'Asked for'}
        session={session}
        permissions={permissions}
        counted={granted.length > 0 && usableStatuses.includes(status)}
        metadata={metadata}
      />
      <SessionDifferences session={session} metadata={metadata} />
      {losses.length > 0 && (
        <section>
          <h3 className="rsk-devtools-heading">What the wallet had no words for</h3>
          <ul className="rsk-devtools-lines">
            {losses.map(({ path, kind, reason }) => (
              <li key={`${path} ${kind} ${reason}`}>
                <code>{path}</code> {kind}: {redactSessionText(reason, session)}
              </li>
            ))}
          </ul>
        </section>
      )}
      <SessionFacts session={session} status={status} keyIs={isKeyless(session) ? 'deleted' : 'kept'} />
    </div>
  )
}
