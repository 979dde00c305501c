import type { QueryClient, UseMutationOptions, UseQueryOptions } from '@tanstack/react-query'
import type { SessionKeyConfig } from '../actions/createSessionKeyConfig.js'
import type { GetServerSessionErrorType, GetServerSessionParameters, GetServerSessionReturnType } from '../actions/getServerSession.js'
import type { GrantServerSessionErrorType, GrantServerSessionReturnType, ServerSessionStep } from '../actions/grantServerSession.js'
import { endpointUrl } from '../actions/serverEndpoint.js'
import { hashPermissions } from '../permissions/hashPermissions.js'
import type { Session, SessionId } from '../sessions/session.js'
import type { MutationParameter } from './mutationOptions.js'
import type { QueryParameter } from './queryOptions.js'
import type { ConnectionInUse } from './useConnection.js'

type QueryOptions = UseQueryOptions<GetServerSessionReturnType, GetServerSessionErrorType, GetServerSessionReturnType, readonly unknown[]>

/** The query waits until there is a connection. */
export type GetServerSessionOptions = GetServerSessionParameters & { connection: ConnectionInUse | undefined } & QueryParameter<GetServerSessionReturnType, GetServerSessionErrorType>

export function getServerSessionQueryOptions(
  config: SessionKeyConfig,
  { endpoint, session, connection, query }: GetServerSessionOptions,
): QueryOptions & { queryKey: readonly unknown[] } {
  return {
    // What it refuses it refuses again.
    retry: (failures, error) => error.name === 'ServerUnreachableError' && failures < 3,
    ...query,
    enabled: connection !== undefined && (query?.enabled ?? true),
    queryKey: getServerSessionQueryKey({ endpoint, session, connection }),
    queryFn: async () => (await import('../actions/getServerSession.js')).getServerSession(config, { endpoint, session }),
  }
}

export function getServerSessionQueryKey({ endpoint, session, connection }: Pick<GetServerSessionOptions, 'endpoint' | 'session' | 'connection'>): readonly unknown[] {
  const { name = 'default', permissions, chainId = connection?.chainId ?? null } = session
  return ['serverSession', endpointUrl(endpoint), name, hashPermissions(permissions), chainId, connection?.account ?? null]
}

/** What a server calls the session's grant; `null` where it has no name. */
export function getEnrolledIdQueryOptions(session: Session | undefined): UseQueryOptions<SessionId | null, Error, SessionId | null, readonly unknown[]> {
  return {
    enabled: session !== undefined,
    staleTime: Infinity,
    queryKey: ['enrolledId', session?.id, session?.rev],
    queryFn: async () => (session && (await import('../sessions/enrolledId.js')).enrolledIdOf(session)) ?? null,
  }
}

export type GrantServerSessionMutationOptions = UseMutationOptions<GrantServerSessionReturnType, GrantServerSessionErrorType, void>

export type GrantServerSessionOptions = GetServerSessionParameters & {
  onStep?: ((step: ServerSessionStep | undefined) => void) | undefined
  /** What the server has by then is written into its cache. */
  cache?: { client: QueryClient; key: readonly unknown[] } | undefined
} & MutationParameter<GrantServerSessionReturnType, GrantServerSessionErrorType, void>

export function grantServerSessionMutationOptions(
  config: SessionKeyConfig,
  { endpoint, session, onStep, cache, mutation }: GrantServerSessionOptions,
): GrantServerSessionMutationOptions {
  return {
    ...mutation,
    mutationKey: ['grantServerSession'],
    async mutationFn() {
      const { grantServerSession } = await import('../actions/grantServerSession.js')
      try {
        const granted = await grantServerSession(config, { endpoint, session, onStep })
        cache?.client.setQueryData(cache.key, { session: granted.enrolled })
        return granted
      } finally {
        onStep?.(undefined)
      }
    },
  }
}
