'use client'
import { useCallback, useMemo, useSyncExternalStore } from 'react'
import type { SessionKeyConfig } from '../actions/createSessionKeyConfig.js'
import type { KnownHistory } from '../sessions/histories.js'
import { mostActions, type SessionAction } from '../sessions/sessionAction.js'
import type { SessionId } from '../sessions/session.js'

export type SessionActivity = {
  /** False until the store has been read, and on a server. */
  loaded: boolean
  /** The newest first. */
  actions: readonly SessionAction[]
  /** Older ones are kept; ask with a higher `limit`. */
  more: boolean
}

/** What a stored session did, of whatever account. */
export function useHistoryOf(config: SessionKeyConfig, id: SessionId | undefined, limit = mostActions): SessionActivity {
  const { histories } = config.sessions
  const subscribe = useCallback((changed: () => void) => (id === undefined ? nothingToStop : histories.watch(id, changed)), [histories, id])
  const { loaded, actions } = useSyncExternalStore(
    subscribe,
    () => (id === undefined ? unread : histories.of(id)),
    () => unread,
  )
  return useMemo(() => ({ loaded, actions: actions.slice(0, limit), more: actions.length > limit }), [loaded, actions, limit])
}

const unread: KnownHistory = { loaded: false, actions: [] }
const nothingToStop = () => undefined
