import type { UseMutationOptions } from '@tanstack/react-query'
import type { SessionKeyConfig } from '../actions/createSessionKeyConfig.js'
import type {
  GrantPermissionsErrorType,
  GrantPermissionsParameters,
  GrantPermissionsReturnType,
} from '../actions/grantPermissions.js'
import type { SessionKeyParameters } from '../actions/getSessionKey.js'
import type { EndSessionsErrorType, EndSessionsParameters, EndSessionsReturnType } from '../actions/endSessions.js'
import type { RenewSessionErrorType, RenewSessionParameters, RenewSessionReturnType } from '../actions/renewSession.js'
import type {
  RevokePermissionsErrorType,
  RevokePermissionsParameters,
  RevokePermissionsReturnType,
} from '../actions/revokePermissions.js'
import type {
  SendSessionCallsErrorType,
  SendSessionCallsParameters,
  SendSessionCallsReturnType,
} from '../actions/sendSessionCalls.js'

// What acts is loaded when it is first needed: a page that only shows sessions does without.

type Options<data, error, variables> = UseMutationOptions<data, error, variables>

export type MutationParameter<data, error, variables> = {
  /** TanStack Query's own options; the function and its key are ours. */
  mutation?: Omit<Options<data, error, variables>, 'mutationFn' | 'mutationKey'> | undefined
}

export type GrantPermissionsMutationOptions = Options<GrantPermissionsReturnType, GrantPermissionsErrorType, GrantPermissionsParameters>

export function grantPermissionsMutationOptions(
  config: SessionKeyConfig,
  { mutation }: MutationParameter<GrantPermissionsReturnType, GrantPermissionsErrorType, GrantPermissionsParameters> = {},
): GrantPermissionsMutationOptions {
  return { ...mutation, mutationKey: ['grantPermissions'], mutationFn: async (variables) => (await import('../actions/grantPermissions.js')).grantPermissions(config, variables) }
}

export type SendSessionCallsVariables = SendSessionCallsParameters
export type SendSessionCallsMutationOptions = Options<SendSessionCallsReturnType, SendSessionCallsErrorType, SendSessionCallsVariables>

export function sendSessionCallsMutationOptions(
  config: SessionKeyConfig,
  {
    session,
    mutation,
  }: SessionKeyParameters & MutationParameter<SendSessionCallsReturnType, SendSessionCallsErrorType, SendSessionCallsVariables> = {},
): SendSessionCallsMutationOptions {
  return {
    ...mutation,
    mutationKey: ['sendSessionCalls'],
    mutationFn: async (variables) => (await import('../actions/sendSessionCalls.js')).sendSessionCalls(config, { ...variables, session: variables.session ?? session }),
  }
}

export type RevokePermissionsMutationOptions = Options<
  RevokePermissionsReturnType,
  RevokePermissionsErrorType,
  RevokePermissionsParameters | void
>

export function revokePermissionsMutationOptions(
  config: SessionKeyConfig,
  {
    session,
    mutation,
  }: SessionKeyParameters &
    MutationParameter<RevokePermissionsReturnType, RevokePermissionsErrorType, RevokePermissionsParameters | void> = {},
): RevokePermissionsMutationOptions {
  return {
    ...mutation,
    mutationKey: ['revokePermissions'],
    mutationFn: async (variables) => (await import('../actions/revokePermissions.js')).revokePermissions(config, { session, ...variables }),
  }
}

export type RenewSessionMutationOptions = Options<RenewSessionReturnType, RenewSessionErrorType, RenewSessionParameters>

export function renewSessionMutationOptions(
  config: SessionKeyConfig,
  { mutation }: MutationParameter<RenewSessionReturnType, RenewSessionErrorType, RenewSessionParameters> = {},
): RenewSessionMutationOptions {
  return { ...mutation, mutationKey: ['renewSession'], mutationFn: async (variables) => (await import('../actions/renewSession.js')).renewSession(config, variables) }
}

export type EndSessionsMutationOptions = Options<EndSessionsReturnType, EndSessionsErrorType, EndSessionsParameters | void>

export function endSessionsMutationOptions(
  config: SessionKeyConfig,
  { mutation }: MutationParameter<EndSessionsReturnType, EndSessionsErrorType, EndSessionsParameters | void> = {},
): EndSessionsMutationOptions {
  return { ...mutation, mutationKey: ['endSessions'], mutationFn: async (variables) => (await import('../actions/endSessions.js')).endSessions(config, variables ?? {}) }
}
