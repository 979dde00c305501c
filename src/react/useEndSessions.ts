'use client'
import { useMutation, type UseMutationResult } from '@tanstack/react-query'
import type { EndSessionsErrorType, EndSessionsParameters, EndSessionsReturnType } from '../actions/endSessions.js'
import { endSessionsMutationOptions, type MutationParameter } from './mutationOptions.js'
import { useSessionKeyConfig, type ConfigParameter } from './useSessionKeyConfig.js'

export type UseEndSessionsParameters = ConfigParameter & MutationParameter<EndSessionsReturnType, EndSessionsErrorType, EndSessionsParameters | void>

export type UseEndSessionsReturnType = UseMutationResult<EndSessionsReturnType, EndSessionsErrorType, EndSessionsParameters | void>

/** Ends all of the account's sessions, for logging out. `await mutateAsync({ mode: 'revoke' })`, then disconnect. */
export function useEndSessions(parameters: UseEndSessionsParameters = {}): UseEndSessionsReturnType {
  const config = useSessionKeyConfig(parameters)
  return useMutation(endSessionsMutationOptions(config, parameters))
}
