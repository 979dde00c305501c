'use client'
import { useMutation, type UseMutationResult } from '@tanstack/react-query'
import type { RenewSessionErrorType, RenewSessionParameters, RenewSessionReturnType } from '../actions/renewSession.js'
import { renewSessionMutationOptions, type MutationParameter } from './mutationOptions.js'
import { useSessionKeyConfig, type ConfigParameter } from './useSessionKeyConfig.js'

export type UseRenewSessionParameters = ConfigParameter & MutationParameter<RenewSessionReturnType, RenewSessionErrorType, RenewSessionParameters>

export type UseRenewSessionReturnType = UseMutationResult<RenewSessionReturnType, RenewSessionErrorType, RenewSessionParameters>

/** Asks for a session's new terms and, once granted, ends the old one. `mutate(definition)`. */
export function useRenewSession(parameters: UseRenewSessionParameters = {}): UseRenewSessionReturnType {
  const config = useSessionKeyConfig(parameters)
  return useMutation(renewSessionMutationOptions(config, parameters))
}
