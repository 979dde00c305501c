'use client'
import { useMutation, type UseMutationResult } from '@tanstack/react-query'
import type { SessionKeyParameters } from '../actions/getSessionKey.js'
import type { RevokePermissionsErrorType, RevokePermissionsParameters, RevokePermissionsReturnType } from '../actions/revokePermissions.js'
import { revokePermissionsMutationOptions, type MutationParameter } from './mutationOptions.js'
import { useSessionKeyConfig, type ConfigParameter } from './useSessionKeyConfig.js'

export type UseRevokePermissionsParameters = ConfigParameter &
  SessionKeyParameters &
  MutationParameter<RevokePermissionsReturnType, RevokePermissionsErrorType, RevokePermissionsParameters | void>

export type UseRevokePermissionsReturnType = UseMutationResult<
  RevokePermissionsReturnType,
  RevokePermissionsErrorType,
  RevokePermissionsParameters | void
>

/** Ends a session on-chain. `mutate()`, or `mutate({ id })` for one of several. */
export function useRevokePermissions(parameters: UseRevokePermissionsParameters = {}): UseRevokePermissionsReturnType {
  const config = useSessionKeyConfig(parameters)
  return useMutation(revokePermissionsMutationOptions(config, parameters))
}
