'use client'
import { useState, type ReactElement } from 'react'
import { SessionItem } from './SessionItem.js'
import { useShownSessions, type SessionScope } from './useShownSessions.js'

const scopes: readonly { scope: SessionScope; label: string }[] = [
  { scope: 'connected', label: 'This account and chain' },
  { scope: 'account', label: 'This account, every chain' },
  { scope: 'stored', label: 'All that are stored' },
]

const pageSize = 50

/** The sessions, newest first; what is looked at in full is opened. */
export function SessionsTab(): ReactElement {
  const [scope, setScope] = useState<SessionScope>('connected')
  const [shown, setShown] = useState(pageSize)
  const { state, sessions } = useShownSessions(scope)
  const status = {
    disconnected: 'No account is connected.',
    locked: 'The sessions of this account are locked.',
    reading: 'Reading…',
    read: sessions.length === 0 ? 'No sessions.' : `${sessions.length} ${sessions.length === 1 ? 'session' : 'sessions'}`,
  }[state]
  return (
    <>
      <div className="rsk-devtools-bar">
        <label className="rsk-devtools-field">
          <span className="rsk-devtools-label">Show</span>
          <select className="rsk-devtools-input" value={scope} onChange={(event) => setScope(event.currentTarget.value as SessionScope)}>
            {scopes.map(({ scope: value, label }) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        </label>
        <span className="rsk-devtools-count" role="status">
          <bdi dir="ltr">{status}</bdi>
        </span>
      </div>
      {sessions.length > 0 && (
        <ul className="rsk-devtools-list" role="list" aria-label="Sessions">
          {sessions.slice(0, shown).map((session) => (
            <SessionItem key={session.id} session={session} />
          ))}
        </ul>
      )}
      {sessions.length > shown && (
        <button type="button" className="rsk-devtools-button" onClick={() => setShown((count) => count + pageSize)}>
          Show more
        </button>
      )}
    </>
  )
}
