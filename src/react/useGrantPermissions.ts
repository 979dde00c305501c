'use client'
import { useMutation, type UseMutationResult } from '@tanstack/react-query'
import type { GrantPermissionsErrorType, GrantPermissionsParameters, GrantPermissionsReturnType } from '../actions/grantPermissions.js'
import { grantPermissionsMutationOptions, type MutationParameter } from './mutationOptions.js'
import { useSessionKeyConfig, type ConfigParameter } from './useSessionKeyConfig.js'

export type UseGrantPermissionsParameters = ConfigParameter &
  MutationParameter<GrantPermissionsReturnType, GrantPermissionsErrorType, GrantPermissionsParameters>

export type UseGrantPermissionsReturnType = UseMutationResult<
  GrantPermissionsReturnType,
  GrantPermissionsErrorType,
  GrantPermissionsParameters
>

/** Asks the user for a session, once. `mutate(definition)`. */
export function useGrantPermissions(parameters: UseGrantPermissionsParameters = {}): UseGrantPermissionsReturnType {
  const config = useSessionKeyConfig(parameters)
  return useMutation(grantPermissionsMutationOptions(config, parameters))
}
