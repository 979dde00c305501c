'use client'
import { useCallback, useMemo, useState, useSyncExternalStore } from 'react'
import type { SessionKeyConfig } from '../../actions/createSessionKeyConfig.js'
import { useConnection } from '../../react/useConnection.js'
import { useSessionKeyConfig, type ConfigParameter } from '../../react/useSessionKeyConfig.js'
import { useSessionKeys } from '../../react/useSessionKeys.js'
import type { Session } from '../../sessions/session.js'
import { openStatuses } from '../../sessions/status.js'

export type SessionKeyListState = 'loading' | 'disconnected' | 'locked' | 'empty' | 'filled'

export type UseSessionKeyListParameters = ConfigParameter & {
  /** How many are shown at first, and how many more with each press. Default 20. */
  pageSize?: number | undefined
}

export type UseSessionKeyListReturnType = {
  state: SessionKeyListState
  /** Those to show: what is live first, then what has ended; the newest first in both. */
  sessions: readonly Session[]
  /** How many are known; there may be older ones in the store. */
  known: number
  /** Shows the next page; undefined where all are shown. */
  showMore: (() => void) | undefined
}

const defaultPageSize = 20

/** The connected account's sessions, page by page: what is not shown costs nothing but its row. */
export function useSessionKeyList(parameters: UseSessionKeyListParameters = {}): UseSessionKeyListReturnType {
  const config = useSessionKeyConfig(parameters)
  const { pageSize = defaultPageSize } = parameters
  const [shown, setShown] = useState(pageSize)
  const account = useConnection(config)?.account
  const locked = useIsLocked(config, account)
  // One page ahead, so that it is there when it is asked for.
  const { loaded, sessions, more } = useSessionKeys({ config, limit: shown + pageSize })
  const ordered = useMemo(() => liveFirst(sessions), [sessions])
  const visible = useMemo(() => ordered.slice(0, shown), [ordered, shown])
  const showMore = useCallback(() => setShown((count) => count + pageSize), [pageSize])
  const state = !account ? 'disconnected' : locked ? 'locked' : !loaded ? 'loading' : ordered.length === 0 ? 'empty' : 'filled'
  return {
    state,
    sessions: state === 'filled' ? visible : [],
    known: ordered.length,
    showMore: state === 'filled' && (ordered.length > shown || more) ? showMore : undefined,
  }
}

/** They come newest first, and stay so. Of a purged one there is nothing to show. */
function liveFirst(sessions: readonly Session[]): readonly Session[] {
  const isOpen = ({ status }: Session) => openStatuses.includes(status)
  return [...sessions.filter(isOpen), ...sessions.filter((session) => !isOpen(session) && session.status !== 'purged')]
}

function useIsLocked({ sessions }: SessionKeyConfig, account: Session['account'] | undefined): boolean {
  return useSyncExternalStore(
    sessions.watch,
    () => account !== undefined && sessions.isLocked(account),
    () => false,
  )
}
