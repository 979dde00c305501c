'use client'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import type { GetPermissionUsageErrorType, GetPermissionUsageReturnType } from '../actions/getPermissionUsage.js'
import { getPermissionUsageQueryOptions, type QueryParameter } from './queryOptions.js'
import { useRefreshOnUse } from './useRefreshOnUse.js'
import { useSessionKey, type UseSessionKeyParameters } from './useSessionKey.js'
import { useSessionKeyConfig } from './useSessionKeyConfig.js'

export type UsePermissionUsageParameters = UseSessionKeyParameters &
  QueryParameter<GetPermissionUsageReturnType, GetPermissionUsageErrorType>

export type UsePermissionUsageReturnType = UseQueryResult<GetPermissionUsageReturnType, GetPermissionUsageErrorType>

/** What is left of each limit, read from the chain; after each of the session's own actions by its receipt, or read again. */
export function usePermissionUsage(parameters: UsePermissionUsageParameters = {}): UsePermissionUsageReturnType {
  const config = useSessionKeyConfig(parameters)
  const { id, status } = useSessionKey(parameters)
  const active = status === 'active' || status === 'exhausted' ? id : undefined
  const options = getPermissionUsageQueryOptions(config, { id: active, query: parameters.query })
  useRefreshOnUse(config, active, options.queryKey, (usage) => usage)
  return useQuery(options)
}
