'use client'
import { useSyncExternalStore } from 'react'
import type { SessionKeyConfig } from '../../actions/createSessionKeyConfig.js'
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

export type ShownSessions = { state: 'disconnected' | 'locked' | 'reading' | 'read'; sessions: readonly Session[] }

/** Sessions of an account that is locked are shown to nobody, here neither. */
export function useShownSessions(scope: SessionScope): ShownSessions {
  const { config, log } = useDevtools()
  const connection = useConnection(config)
  const { loaded, sessions } = useSessionKeys({ config })
  const locked = useIsLocked(config, connection?.account)
  const stored = useStoredSessions(config, { enabled: scope === 'stored', changes: [sessions, useEvents(log)] })
  if (scope === 'stored') return { state: stored ? 'read' : 'reading', sessions: (stored ?? []).filter(({ account }) => !config.sessions.isLocked(account)) }
  if (!connection) return { state: 'disconnected', sessions: [] }
  if (locked) return { state: 'locked', sessions: [] }
  return { state: loaded ? 'read' : 'reading', sessions: scope === 'account' ? sessions : sessions.filter(({ chainId }) => chainId === connection.chainId) }
}

function useIsLocked({ sessions: book }: SessionKeyConfig, account: Session['account'] | undefined): boolean {
  return useSyncExternalStore(
    book.watch,
    () => account !== undefined && book.isLocked(account),
    () => false,
  )
}

/** What a session is by the chain's time, as far as something has read it. */
export function useShownStatus(session: Session): SessionStatus {
  const { sessions: book } = useDevtools().config
  const status = () => shownStatus(session, book.chainTime(session.chainId))
  return useSyncExternalStore(book.watch, status, () => session.status)
}
