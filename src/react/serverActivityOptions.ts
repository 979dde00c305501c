import type { InfiniteData, UseInfiniteQueryOptions } from '@tanstack/react-query'
import type { SessionKeyConfig } from '../actions/createSessionKeyConfig.js'
import type { GetServerActivityErrorType, GetServerActivityParameters, GetServerActivityReturnType } from '../actions/getServerActivity.js'
import { endpointUrl, type ServerEndpoint } from '../actions/serverEndpoint.js'
import { defaultSessionName, type SessionDefinition } from '../permissions/defineSession.js'
import type { Session } from '../sessions/session.js'
import type { ConnectionInUse } from './useConnection.js'

type Page = string | undefined
type Options = UseInfiniteQueryOptions<GetServerActivityReturnType, GetServerActivityErrorType, InfiniteData<GetServerActivityReturnType, Page>, readonly unknown[], Page>

export type ServerActivityQueryParameter = {
  /** TanStack Query's own options; the function, its key and its pages are ours. */
  query?: Omit<Options, 'queryFn' | 'queryKey' | 'initialPageParam' | 'getNextPageParam' | 'select'> | undefined
}

/** The query waits until all of it is given, and of a definition until there is a connection. */
export type GetServerActivityOptions = { endpoint: ServerEndpoint | undefined; session: SessionDefinition | Session | undefined; connection: ConnectionInUse | undefined } & Pick<
  GetServerActivityParameters,
  'usage' | 'limit'
> &
  ServerActivityQueryParameter

export function getServerActivityQueryOptions(
  config: SessionKeyConfig,
  { endpoint, session, connection, usage, limit, query }: GetServerActivityOptions,
): Options & { queryKey: readonly unknown[] } {
  const canAsk = endpoint !== undefined && session !== undefined && ('rev' in session || connection !== undefined)
  return {
    // What it refuses it refuses again.
    retry: (failures, error) => error.name === 'ServerUnreachableError' && failures < 3,
    ...query,
    enabled: canAsk && (query?.enabled ?? true),
    queryKey: getServerActivityQueryKey({ endpoint, session, connection, usage, limit }),
    queryFn: async ({ pageParam: after }) =>
      (await import('../actions/getServerActivity.js')).getServerActivity(config, {
        endpoint: endpoint as ServerEndpoint,
        session: session as SessionDefinition,
        usage,
        limit,
        after,
      }),
    initialPageParam: undefined,
    getNextPageParam: ({ after }) => after,
  }
}

export function getServerActivityQueryKey({ endpoint, session, connection, usage = false, limit }: Omit<GetServerActivityOptions, 'query'>): readonly unknown[] {
  const url = endpoint === undefined ? null : endpointUrl(endpoint)
  const named = session === undefined ? [null] : 'rev' in session ? [session.id, session.granted.length > 0] : [session.name ?? defaultSessionName, session.chainId ?? connection?.chainId ?? null, connection?.account ?? null]
  return ['serverActivity', url, ...named, usage, limit ?? null]
}
