'use client'
import { useEffect, useMemo, useSyncExternalStore } from 'react'
import type { Address } from 'viem'
import { getBlock } from 'viem/actions'
import { getChainClient, type SessionKeyConfig } from '../actions/createSessionKeyConfig.js'
import { selectSession, type SessionKeyParameters } from '../actions/getSessionKey.js'
import type { Permission, UnixSeconds } from '../permissions/permission.js'
import { usablePermissions, type Session } from '../sessions/session.js'
import type { SessionBookState } from '../sessions/sessionBook.js'
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
  session: Session
}
type Nothing = { [name in keyof Details]: undefined }

/** `hydrating` while the store is read (and on a server); `none` where no session fits. */
export type UseSessionKeyReturnType =
  | ({ status: 'hydrating' | 'none' } & Nothing)
  | ({ status: Session['status'] } & Details)

/** The session that fits: of the connected account and chain, by definition, name or id. */
export function useSessionKey(parameters: UseSessionKeyParameters = {}): UseSessionKeyReturnType {
  const config = useSessionKeyConfig(parameters)
  const connection = useConnection(config)
  const book = config.sessions
  const state = useSyncExternalStore(book.subscribe, book.getState, getServerState)
  const { session, status } = useMemo(
    () => selectSession(state, connection, { session: parameters.session }),
    [state, connection, parameters.session],
  )

  // Expiry is the chain's to decide: ask it once, and again when the session should be over.
  const chainId = session?.chainId
  const expiry = status === 'active' ? session?.expiry : undefined
  useEffect(() => {
    if (chainId === undefined || expiry === undefined) return
    let timer: ReturnType<typeof setTimeout> | undefined
    let stopped = false
    async function readTime(id: number, end: UnixSeconds) {
      // A chain that does not answer says nothing about the session; it is asked again.
      const time = await latestTime(config, id).catch(() => undefined)
      if (stopped) return
      if (time !== undefined) book.noteChainTime(id, time)
      const wait = time === undefined ? retryMs : Math.max(1, end - time) * 1000
      timer = setTimeout(() => void readTime(id, end), Math.min(wait, longestTimerMs))
    }
    void readTime(chainId, expiry)
    return () => {
      stopped = true
      clearTimeout(timer)
    }
  }, [config, book, chainId, expiry])

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
            session,
          }
        : ({ status, ...nothing } as UseSessionKeyReturnType),
    [session, status],
  )
}

async function latestTime(config: SessionKeyConfig, chainId: number): Promise<UnixSeconds> {
  const { timestamp } = await getBlock(getChainClient(config, chainId), { includeTransactions: false })
  return Number(timestamp)
}

const serverState: SessionBookState = { loaded: false, sessions: [], chainTimes: {} }
const getServerState = () => serverState

/** setTimeout counts in 31 bits. */
const longestTimerMs = 2_000_000_000
const retryMs = 30_000

const nothing: Nothing = {
  id: undefined,
  address: undefined,
  account: undefined,
  chainId: undefined,
  permissions: undefined,
  expiry: undefined,
  session: undefined,
}
