'use client'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import type { Calls, Narrow } from 'viem'
import type { CheckCallsErrorType, CheckCallsReturnType } from '../actions/checkCalls.js'
import { checkCallsQueryOptions, type QueryParameter } from './queryOptions.js'
import { useRefetchOnUse } from './useRefetchOnUse.js'
import { useSessionKey, type UseSessionKeyParameters } from './useSessionKey.js'
import { useSessionKeyConfig } from './useSessionKeyConfig.js'

export type UseCheckCallsParameters<calls extends readonly unknown[] = readonly unknown[]> = UseSessionKeyParameters & {
  calls: Calls<Narrow<calls>>
} & QueryParameter<CheckCallsReturnType, CheckCallsErrorType>

export type UseCheckCallsReturnType = UseQueryResult<CheckCallsReturnType, CheckCallsErrorType>

/** Would the session be allowed to make these calls now? `data.error` says why not. Sends nothing. */
export function useCheckCalls<const calls extends readonly unknown[]>(parameters: UseCheckCallsParameters<calls>): UseCheckCallsReturnType {
  const config = useSessionKeyConfig(parameters)
  const { id, status } = useSessionKey(parameters)
  const active = status === 'active' || status === 'exhausted' ? id : undefined
  useRefetchOnUse(config, active, 'checkCalls')
  return useQuery(checkCallsQueryOptions(config, { id: active, calls: parameters.calls as readonly unknown[], query: parameters.query }))
}
