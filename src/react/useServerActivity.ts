'use client'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import type { SessionKeyConfig } from '../actions/createSessionKeyConfig.js'
import type { GetServerActivityErrorType } from '../actions/getServerActivity.js'
import type { ServerEndpoint } from '../actions/serverEndpoint.js'
import type { SessionDefinition } from '../permissions/defineSession.js'
import type { ServerJobs, ServerNextRun, ServerRun, ServerSessionSeen, ServerUsage } from '../sessions/activityWire.js'
import type { Session } from '../sessions/session.js'
import { getServerActivityQueryOptions, type ServerActivityQueryParameter } from './serverActivityOptions.js'
import { useConnection } from './useConnection.js'
import { useSessionKeyConfig, type ConfigParameter } from './useSessionKeyConfig.js'

export type UseServerActivityParameters = ConfigParameter &
  ServerActivityQueryParameter & {
    /** Where the app's server has `createStatusHandler(…).handler`. */
    endpoint: ServerEndpoint
    /** A definition: the connected account's newest session of it that the server has. A stored session: that very one. */
    session: SessionDefinition | Session
    /** Also what is left of each limit, as the server reads it from the chain. Default false. */
    usage?: boolean | undefined
    /** How many runs to a page. Default 20. */
    limit?: number | undefined
  }

/** `disconnected` no wallet is · `loading` the server is being asked · `unreachable` it gave no answer, or refused one · `none` it has no such session. */
export type ServerActivityStatus = 'disconnected' | 'loading' | 'unreachable' | 'none' | 'known'

export type UseServerActivityReturnType = {
  status: ServerActivityStatus
  /** As the server has it. */
  session: ServerSessionSeen | undefined
  /** What it did, the newest first, as far as it has been fetched. */
  runs: readonly ServerRun[]
  /** What it does next, the soonest first. */
  next: readonly ServerNextRun[]
  /** How many runs there are of each status. */
  jobs: ServerJobs | undefined
  /** What is left, where `usage` asks for it and the chain answered. */
  usage: ServerUsage | undefined
  /** There are older runs: `fetchMore` fetches them. */
  hasMore: boolean
  fetchMore: () => void
  isFetchingMore: boolean
  /** Why the server could not be asked just now. What it said before stays. */
  error: GetServerActivityErrorType | null
  /** Asks again. The window does so too, when it has the focus again. */
  refetch: () => Promise<unknown>
}

/** What the app's server does with a session, while nobody looks: what it charged, what it does next, and what it could not do. */
export function useServerActivity(parameters: UseServerActivityParameters): UseServerActivityReturnType {
  return useActivityOf(useSessionKeyConfig(parameters), parameters)
}

type ActivityOf = Omit<UseServerActivityParameters, 'endpoint' | 'session' | 'config'> & { endpoint: ServerEndpoint | undefined; session: SessionDefinition | Session | undefined }

/** The same where endpoint or session may be missing: then nobody is asked. */
export function useActivityOf(config: SessionKeyConfig, { endpoint, session, usage, limit, query }: ActivityOf): UseServerActivityReturnType {
  const connection = useConnection(config)
  const options = getServerActivityQueryOptions(config, { endpoint, session, connection, usage, limit, query })
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetching } = useInfiniteQuery(options)
  const pages = data?.pages.length ?? 0
  const more = useWantedPages(JSON.stringify(options.queryKey), { pages, canFetch: hasNextPage && !isFetching && !error, fetchNextPage })
  const newest = data?.pages[0]
  return {
    status: newest ? (newest.session ? 'known' : 'none') : error ? 'unreachable' : needsConnection(session) && !connection ? 'disconnected' : 'loading',
    session: newest?.session,
    runs: useMemo(() => data?.pages.flatMap(({ runs }) => runs) ?? [], [data]),
    next: newest?.next ?? nothing,
    jobs: newest?.jobs,
    usage: newest?.usage,
    hasMore: hasNextPage,
    fetchMore: more.want,
    isFetchingMore: more.isWanted && hasNextPage && !error,
    error,
    refetch: () => refetch(),
  }
}

type Pages = { pages: number; canFetch: boolean; fetchNextPage: () => Promise<unknown> }

/** What has changed is read again at any time, and that calls off the fetching of a page: so it is fetched until it is there. */
function useWantedPages(key: string, { pages, canFetch, fetchNextPage }: Pages): { want: () => void; isWanted: boolean } {
  const [wanted, setWanted] = useState({ key, pages: 1 })
  const isWanted = wanted.key === key && pages > 0 && pages < wanted.pages
  useEffect(() => {
    if (isWanted && canFetch) void fetchNextPage()
  }, [isWanted, canFetch, fetchNextPage])
  return { want: () => setWanted({ key, pages: pages + 1 }), isWanted }
}

const nothing: readonly ServerNextRun[] = []

function needsConnection(session: SessionDefinition | Session | undefined): boolean {
  return session !== undefined && !('rev' in session)
}
