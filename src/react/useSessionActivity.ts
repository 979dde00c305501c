'use client'
import { useHistoryOf, type SessionActivity } from './useHistoryOf.js'
import { useSessionKey, type UseSessionKeyParameters } from './useSessionKey.js'
import { useSessionKeyConfig } from './useSessionKeyConfig.js'

export type UseSessionActivityParameters = UseSessionKeyParameters & {
  /** How many, at most. Default 20, which is all that are kept. */
  limit?: number | undefined
}

export type UseSessionActivityReturnType = SessionActivity

/**
 * What the session did, the newest first, as this browser wrote it down: of each `send` its calls, when it was, and what became of it. It
 * outlives the page, and other tabs' actions appear as they happen. What the key did elsewhere is not in it: that is on the chain.
 */
export function useSessionActivity(parameters: UseSessionActivityParameters = {}): UseSessionActivityReturnType {
  const config = useSessionKeyConfig(parameters)
  const { id, status } = useSessionKey(parameters)
  const activity = useHistoryOf(config, id, parameters.limit)
  return status === 'none' || status === 'locked' ? nothing : activity
}

const nothing: SessionActivity = { loaded: true, actions: [], more: false }
