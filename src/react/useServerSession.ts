'use client'
import { useMutation, useQuery, useQueryClient, type UseMutationResult } from '@tanstack/react-query'
import { useState } from 'react'
import type { GetServerSessionErrorType, GetServerSessionParameters, GetServerSessionReturnType } from '../actions/getServerSession.js'
import type { GrantServerSessionErrorType, GrantServerSessionReturnType, ServerSessionStep } from '../actions/grantServerSession.js'
import { serverSessionStatus, type ServerSessionStatus } from '../actions/serverSessionStatus.js'
import type { EnrolledSession } from '../sessions/enrolmentWire.js'
import type { Session } from '../sessions/session.js'
import type { MutationParameter } from './mutationOptions.js'
import type { QueryParameter } from './queryOptions.js'
import { getEnrolledIdQueryOptions, getServerSessionQueryOptions, grantServerSessionMutationOptions } from './serverSessionOptions.js'
import { useConnection } from './useConnection.js'
import { useSessionKey } from './useSessionKey.js'
import { useSessionKeyConfig, type ConfigParameter } from './useSessionKeyConfig.js'

export type UseServerSessionParameters = ConfigParameter &
  GetServerSessionParameters &
  MutationParameter<GrantServerSessionReturnType, GrantServerSessionErrorType, void> &
  QueryParameter<GetServerSessionReturnType, GetServerSessionErrorType>

export type UseServerSessionReturnType = {
  status: ServerSessionStatus
  /** What is being done, while `isPending`. */
  step: ServerSessionStep | undefined
  /** As the server has it. */
  enrolled: EnrolledSession | undefined
  /** As this browser has it: what cards show, and `useRevokePermissions` ends. */
  session: Session | undefined
  /** Why the server could not be asked, where `status` is `unreachable`: no answer, or a refusal. */
  statusError: GetServerSessionErrorType | null
  /** Reads the server's word again. */
  refetch: () => Promise<unknown>
} & Pick<UseMutationResult<GrantServerSessionReturnType, GrantServerSessionErrorType, void>, 'mutate' | 'mutateAsync' | 'isPending' | 'data' | 'error' | 'reset'>

/**
 * A session that the app's server acts with. `mutate()` asks the server for its address, the wallet for a grant to it, and hands over what was
 * granted; where one of these broke off, it goes on from there. To end it: `useRevokePermissions({ session })`.
 */
export function useServerSession(parameters: UseServerSessionParameters): UseServerSessionReturnType {
  const { endpoint, session: definition, query, mutation } = parameters
  const config = useSessionKeyConfig(parameters)
  const connection = useConnection(config)
  const client = useQueryClient()
  const [step, onStep] = useState<ServerSessionStep>()
  const { status, session } = useSessionKey({ config, session: definition })
  const options = getServerSessionQueryOptions(config, { endpoint, session: definition, connection, query })
  const { data: there, isError, error: statusError, refetch } = useQuery(options)
  const { mutate, mutateAsync, isPending, data, error, reset } = useMutation(
    grantServerSessionMutationOptions(config, { endpoint, session: definition, onStep, cache: { client, key: options.queryKey }, mutation }),
  )
  // `null` is none; until it is known, nothing that the server says can be told apart.
  const { data: grant } = useQuery(getEnrolledIdQueryOptions(session))
  const isNamed = session === undefined || grant !== undefined
  return {
    status: serverSessionStatus({ isConnected: connection !== undefined, here: { status, grant: grant ?? undefined }, there: isNamed ? there : undefined, hasFailed: isError }),
    step,
    enrolled: there?.session,
    session,
    statusError,
    refetch,
    mutate,
    mutateAsync,
    isPending,
    data,
    error,
    reset,
  }
}
