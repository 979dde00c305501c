'use client'
import { useSyncExternalStore } from 'react'
import { shownStatus } from '../../actions/getSessionKey.js'
import { useConnection } from '../../react/useConnection.js'
import { useSessionKeys } from '../../react/useSessionKeys.js'
import type { Session } from '../../sessions/session.js'
import type { SessionStatus } from '../../sessions/status.js'
import { useDevtools } from '../DevtoolsContext.js'
import { useEvents } from '../events/useEventLog.js'
import { useStoredSessions } from './useStoredSessions.js'

/** `connected`: of the account and chain in use · `account`: of the account, on every chain · `stored`: whatever is in the store. */
export type SessionScope = 'connected' | 'account' | 'stored'

export type ShownSessions = { state: 'disconnected' | 'reading' | 'read'; sessions: readonly Session[] }

export function useShownSessions(scope: SessionScope): ShownSessions {
  const { config, log } = useDevtools()
  const connection = useConnection(config)
  const { loaded, sessions } = useSessionKeys({ config })
  const stored = useStoredSessions(config, { enabled: scope === 'stored', changes: [sessions, useEvents(log)] })
  if (scope === 'stored') return { state: stored ? 'read' : 'reading', sessions: stored ?? [] }
  if (!connection) return { state: 'disconnected', sessions: [] }
  return { state: loaded ? 'read' : 'reading', sessions: scope === 'account' ? sessions : sessions.filter(({ chainId }) => chainId === connection.chainId) }
}

/** What a session is by the chain's time, as far as something has read it. */
export function useShownStatus(session: Session): SessionStatus {
  const { sessions: book } = useDevtools().config
  const status = () => shownStatus(session, book.chainTime(session.chainId))
  return useSyncExternalStore(book.watch, status, () => session.status)
}
