'use client'
import { useCallback, useEffect, useMemo, useRef, useSyncExternalStore } from 'react'
import type { Address } from 'viem'
import { isOutdated, selectSession, type SessionKeyParameters, type SessionKeyState } from '../actions/getSessionKey.js'
import type { Permission, UnixSeconds } from '../permissions/permission.js'
import { usablePermissions, type Session } from '../sessions/session.js'
import { usableStatuses } from '../sessions/status.js'
import { useChainTimeUntil } from './useChainTimeUntil.js'
import { useConnection } from './useConnection.js'
import { useSessionKeyConfig, type ConfigParameter } from './useSessionKeyConfig.js'

export type UseSessionKeyParameters = ConfigParameter & SessionKeyParameters

type Details = {
  id: string
  /** The session key's address. */
  address: Address
  /** The account that granted. */
  account: Address
  chainId: number
  /** What the session may do: what was granted, and never more than was asked. */
  permissions: readonly Permission[]
  expiry: UnixSeconds
  /** The definition has changed since: offer `useRenewSession`. False where no definition was given. */
  outdated: boolean
  session: Session
}
type Nothing = { [name in keyof Details]: undefined }

/**
 * `hydrating` while the store is read (and on a server) · `none` where no session fits · `locked` after `useEndSessions({ mode: 'lock' })`,
 * until the account connects again.
 */
export type UseSessionKeyReturnType =
  | ({ status: 'hydrating' | 'none' | 'locked' } & Nothing)
  | ({ status: Session['status'] } & Details)

/** The session that fits: of the connected account and chain, by definition, name or id. */
export function useSessionKey(parameters: UseSessionKeyParameters = {}): UseSessionKeyReturnType {
  const config = useSessionKeyConfig(parameters)
  const connection = useConnection(config)
  const book = config.sessions
  const selector = parameters.session
  const account = connection?.account
  useEffect(() => {
    // Where there is no storage there are no sessions to show; asking for a grant says why.
    // What has been read is kept in step.
    if (account && !book.ofAccount(account).loaded) book.load(account).catch(() => undefined)
  }, [book, account])

  // The same object as long as it says the same, so that what happens to other sessions re-renders nothing.
  const last = useRef<SessionKeyState>(hydrating)
  const getSnapshot = useCallback(() => {
    const next = selectSession(book, connection, { session: selector })
    if (next.status !== last.current.status || next.session !== last.current.session) last.current = next
    return last.current
  }, [book, connection, selector])
  const { session, status } = useSyncExternalStore(book.watch, getSnapshot, getServerSnapshot)

  const ends = session && usableStatuses.includes(session.status) && status !== 'expired'
  useChainTimeUntil(config, ends ? session.chainId : undefined, ends ? session.expiry : undefined)

  return useMemo(
    () =>
      session
        ? {
            status,
            id: session.id,
            address: session.address,
            account: session.account,
            chainId: session.chainId,
            permissions: usablePermissions(session),
            expiry: session.expiry,
            outdated: isOutdated(session, selector),
            session,
          }
        : ({ status, ...nothing } as UseSessionKeyReturnType),
    [session, status, selector],
  )
}

const hydrating: SessionKeyState = { status: 'hydrating', session: undefined }
const getServerSnapshot = () => hydrating

const nothing: Nothing = {
  id: undefined,
  address: undefined,
  account: undefined,
  chainId: undefined,
  permissions: undefined,
  expiry: undefined,
  outdated: undefined,
  session: undefined,
}
