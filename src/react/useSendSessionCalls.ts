'use client'
import { useMutation, type MutateOptions, type UseMutationResult } from '@tanstack/react-query'
import type { SessionKeyParameters } from '../actions/getSessionKey.js'
import type { SendSessionCallsErrorType, SendSessionCallsParameters, SendSessionCallsReturnType } from '../actions/sendSessionCalls.js'
import { sendSessionCallsMutationOptions, type MutationParameter, type SendSessionCallsVariables } from './mutationOptions.js'
import { useSessionKeyConfig, type ConfigParameter } from './useSessionKeyConfig.js'

export type UseSendSessionCallsParameters = ConfigParameter &
  SessionKeyParameters &
  MutationParameter<SendSessionCallsReturnType, SendSessionCallsErrorType, SendSessionCallsVariables>

type Result = UseMutationResult<SendSessionCallsReturnType, SendSessionCallsErrorType, SendSessionCallsVariables>

type Callbacks<calls extends readonly unknown[]> = MutateOptions<
  SendSessionCallsReturnType,
  SendSessionCallsErrorType,
  SendSessionCallsParameters<calls>
>

/** Function names and arguments of the calls are checked against their ABIs. */
export type UseSendSessionCallsReturnType = Omit<Result, 'mutate' | 'mutateAsync'> & {
  mutate: <const calls extends readonly unknown[]>(variables: SendSessionCallsParameters<calls>, options?: Callbacks<calls>) => void
  mutateAsync: <const calls extends readonly unknown[]>(
    variables: SendSessionCallsParameters<calls>,
    options?: Callbacks<calls>,
  ) => Promise<SendSessionCallsReturnType>
}

/** Makes calls inside the session, with no prompt. `mutate({ calls })`, as wagmi's `useSendCalls` takes them. */
export function useSendSessionCalls(parameters: UseSendSessionCallsParameters = {}): UseSendSessionCallsReturnType {
  const config = useSessionKeyConfig(parameters)
  return useMutation(sendSessionCallsMutationOptions(config, parameters)) as unknown as UseSendSessionCallsReturnType
}
