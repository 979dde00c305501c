'use client'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import type { GetSupportedPermissionsErrorType, GetSupportedPermissionsParameters, GetSupportedPermissionsReturnType } from '../actions/getSupportedPermissions.js'
import { getSupportedPermissionsQueryOptions, type QueryParameter } from './queryOptions.js'
import { useConnection } from './useConnection.js'
import { useSessionKeyConfig, type ConfigParameter } from './useSessionKeyConfig.js'

export type UseSupportedPermissionsParameters = ConfigParameter &
  GetSupportedPermissionsParameters &
  QueryParameter<GetSupportedPermissionsReturnType, GetSupportedPermissionsErrorType>

export type UseSupportedPermissionsReturnType = UseQueryResult<GetSupportedPermissionsReturnType, GetSupportedPermissionsErrorType>

/**
 * What the connected wallet can grant, before anybody is asked: `data.supports(permission)`. For a wallet that grants nothing `error`
 * is an `UnsupportedWalletError` that says the way out.
 */
export function useSupportedPermissions(parameters: UseSupportedPermissionsParameters = {}): UseSupportedPermissionsReturnType {
  const config = useSessionKeyConfig(parameters)
  const connection = useConnection(config)
  return useQuery(getSupportedPermissionsQueryOptions(config, { connection, chainId: parameters.chainId, query: parameters.query }))
}
