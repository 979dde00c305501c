'use client'
import { useCallback, useEffect, useSyncExternalStore } from 'react'
import type { AccountSessions } from '../sessions/accountSessions.js'
import { useConnection } from './useConnection.js'
import { useSessionKeyConfig, type ConfigParameter } from './useSessionKeyConfig.js'

export type UseSessionKeysParameters = ConfigParameter & {
  /** How many of those that have ended, at most. Default 50. All that have not ended are always there. */
  limit?: number | undefined
}

export type UseSessionKeysReturnType = AccountSessions

/**
 * The connected account's sessions, on every chain, newest first. `more`: older ones that have ended are stored; ask with a higher
 * `limit`. Changes to other accounts' sessions re-render nothing.
 */
export function useSessionKeys(parameters: UseSessionKeysParameters = {}): UseSessionKeysReturnType {
  const config = useSessionKeyConfig(parameters)
  const { limit } = parameters
  const account = useConnection(config)?.account
  const book = config.sessions
  useEffect(() => {
    // Where there is no storage there are no sessions to show; asking for a grant says why.
    if (account) book.load(account, limit === undefined ? {} : { limit }).catch(() => undefined)
  }, [book, account, limit])
  const getSnapshot = useCallback(() => (account ? book.ofAccount(account) : nobodys), [book, account])
  return useSyncExternalStore(book.watch, getSnapshot, getServerSnapshot)
}

const nobodys: AccountSessions = { loaded: true, sessions: [], more: false }
const unread: AccountSessions = { loaded: false, sessions: [], more: false }
const getServerSnapshot = () => unread
