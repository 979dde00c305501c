import type { UseMutationOptions } from '@tanstack/react-query'
import type { SessionKeyConfig } from '../actions/createSessionKeyConfig.js'
import {
  grantPermissions,
  type GrantPermissionsErrorType,
  type GrantPermissionsParameters,
  type GrantPermissionsReturnType,
} from '../actions/grantPermissions.js'
import type { SessionKeyParameters } from '../actions/getSessionKey.js'
import { endSessions, type EndSessionsErrorType, type EndSessionsParameters, type EndSessionsReturnType } from '../actions/endSessions.js'
import { renewSession, type RenewSessionErrorType, type RenewSessionParameters, type RenewSessionReturnType } from '../actions/renewSession.js'
import {
  revokePermissions,
  type RevokePermissionsErrorType,
  type RevokePermissionsParameters,
  type RevokePermissionsReturnType,
} from '../actions/revokePermissions.js'
import {
  sendSessionCalls,
  type SendSessionCallsErrorType,
  type SendSessionCallsParameters,
  type SendSessionCallsReturnType,
} from '../actions/sendSessionCalls.js'

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
  return { ...mutation, mutationKey: ['grantPermissions'], mutationFn: (variables) => grantPermissions(config, variables) }
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
    mutationFn: (variables) => sendSessionCalls(config, { ...variables, session: variables.session ?? session }),
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
    mutationFn: (variables) => revokePermissions(config, { session, ...variables }),
  }
}

export type RenewSessionMutationOptions = Options<RenewSessionReturnType, RenewSessionErrorType, RenewSessionParameters>

export function renewSessionMutationOptions(
  config: SessionKeyConfig,
  { mutation }: MutationParameter<RenewSessionReturnType, RenewSessionErrorType, RenewSessionParameters> = {},
): RenewSessionMutationOptions {
  return { ...mutation, mutationKey: ['renewSession'], mutationFn: (variables) => renewSession(config, variables) }
}

export type EndSessionsMutationOptions = Options<EndSessionsReturnType, EndSessionsErrorType, EndSessionsParameters | void>

export function endSessionsMutationOptions(
  config: SessionKeyConfig,
  { mutation }: MutationParameter<EndSessionsReturnType, EndSessionsErrorType, EndSessionsParameters | void> = {},
): EndSessionsMutationOptions {
  return { ...mutation, mutationKey: ['endSessions'], mutationFn: (variables) => endSessions(config, variables ?? {}) }
}
