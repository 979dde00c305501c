'use client'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import type { Calls, Narrow } from 'viem'
import type { CheckCallsErrorType, CheckCallsReturnType } from '../actions/checkCalls.js'
import { checkCallsBy, checkCallsQueryOptions, type QueryParameter } from './queryOptions.js'
import { useRefreshOnUse } from './useRefreshOnUse.js'
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
  const options = { id: active, calls: parameters.calls as readonly unknown[], query: parameters.query }
  const query = checkCallsQueryOptions(config, options)
  useRefreshOnUse(config, active, query.queryKey, (usage) => checkCallsBy(config, options, usage))
  return useQuery(query)
}
