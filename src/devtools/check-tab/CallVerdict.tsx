'use client'
import { useEffect, useRef, type ReactElement } from 'react'
import { redactText } from '../../dialects/redactWire.js'
import { useCheckCalls } from '../../react/useCheckCalls.js'
import { useContractMetadata } from '../../react/useContractMetadata.js'
import { useSessionKey } from '../../react/useSessionKey.js'
import type { SessionId } from '../../sessions/session.js'
import { useDevtools } from '../DevtoolsContext.js'
import { SessionLimits } from '../sessions-tab/SessionLimits.js'
import type { TypedCall } from './parseCall.js'

/** What sending it would be answered, and what is left of the session's limits. */
export function CallVerdict({ session: id, call }: { session: SessionId; call: TypedCall }): ReactElement {
  const { config, metadata: given } = useDevtools()
  const { session, permissions, chainId } = useSessionKey({ config, session: id })
  // The function's name is kept for the words of a refusal; the calldata is made already.
  const { data, error, isFetching } = useCheckCalls({ config, session: id, calls: [call] as never, query: { retry: false } })
  const { data: read } = useContractMetadata({ config, chainId, permissions, query: { retry: false } })
  const state = isFetching ? 'checking' : data ? (data.allowed ? 'allowed' : 'refused') : 'unknown'
  const refusal = data?.error ?? error
  const ref = useRef<HTMLElement>(null)
  useEffect(() => {
    // Below a long form it would be out of sight.
    ref.current?.scrollIntoView?.({ block: 'nearest' })
  }, [state])
  return (
    <section className="rsk-devtools-verdict" data-state={state} aria-label="Verdict" ref={ref}>
      <p className="rsk-devtools-answer" role="status">
        {{ checking: 'Checking…', allowed: 'Allowed', refused: 'Refused', unknown: 'Not known' }[state]}
      </p>
      {!isFetching && refusal && (
        <p className="rsk-devtools-reason">
          <code>{refusal.name}</code> {redactText(refusal.shortMessage ?? refusal.message)}
        </p>
      )}
      {!isFetching && !data && !error && <p className="rsk-devtools-reason">The session cannot act any more.</p>}
      {session && permissions && <SessionLimits heading="What is left" session={session} permissions={permissions} counted metadata={{ ...read, ...given }} />}
    </section>
  )
}
