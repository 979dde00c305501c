'use client'
import { useCallback, useSyncExternalStore } from 'react'
import { isAddressEqual } from 'viem'
import { isOutdated, shownStatus, type SessionSelector } from '../../actions/getSessionKey.js'
import type { SessionKeyConfig } from '../../actions/createSessionKeyConfig.js'
import type { SessionDefinition } from '../../permissions/defineSession.js'
import { useConnection } from '../../react/useConnection.js'
import { useSessionKey } from '../../react/useSessionKey.js'
import type { Session } from '../../sessions/session.js'
import type { SessionCardState } from './sessionCardState.js'

export type CardSession = {
  state: SessionCardState
  session: Session | undefined
  /** The definition says something else by now. */
  outdated: boolean
}

/** The session a card is about, as it is now: by definition, name or id, of the connected account; or one that was given, of any. */
export function useCardSession(config: SessionKeyConfig, wanted: SessionSelector | Session | undefined, definition: SessionDefinition | undefined): CardSession {
  const given = isSession(wanted) ? wanted : undefined
  const selected = useSessionKey({ config, session: given ? given.id : (wanted as SessionSelector | undefined) })
  const account = useConnection(config)?.account
  const book = config.sessions
  // One that the book does not show, such as another account's, still expires.
  const shown = useSyncExternalStore(
    book.watch,
    useCallback(() => given && shownStatus(given, book.chainTime(given.chainId)), [book, given]),
    useCallback(() => given?.status, [given]),
  )
  if (given && selected.session?.id !== given.id && selected.status !== 'locked') {
    const ours = account !== undefined && isAddressEqual(account, given.account)
    return { session: given, state: ours ? stateOf(given, shown ?? given.status) : 'account-mismatch', outdated: false }
  }
  const { session } = selected
  if (!session) return { session: undefined, state: selected.status, outdated: false }
  return { session, state: stateOf(session, selected.status), outdated: definition !== undefined && isOutdated(session, definition) }
}

export function isSession(value: SessionSelector | Session | undefined): value is Session {
  return typeof value === 'object' && 'rev' in value
}

function stateOf({ revocation }: Session, status: Session['status']): SessionCardState {
  return status === 'revoked' && revocation?.elsewhere ? 'revoked-elsewhere' : status
}
