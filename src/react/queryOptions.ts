import type { UseQueryOptions } from '@tanstack/react-query'
import type { CheckCallsErrorType, CheckCallsReturnType } from '../actions/checkCalls.js'
import type { SessionKeyConfig } from '../actions/createSessionKeyConfig.js'
import type { GetPermissionUsageErrorType, GetPermissionUsageReturnType } from '../actions/getPermissionUsage.js'
import type { GetContractMetadataErrorType, GetContractMetadataParameters, GetContractMetadataReturnType } from '../actions/getContractMetadata.js'
import type { GetSupportedPermissionsErrorType, GetSupportedPermissionsParameters, GetSupportedPermissionsReturnType } from '../actions/getSupportedPermissions.js'
import { encodeSessionCalls } from '../actions/sessionCalls.js'
import { contractsNamedIn } from '../permissions/namedContracts.js'
import type { SessionId } from '../sessions/session.js'
import type { ConnectionInUse } from './useConnection.js'

type Options<data, error> = UseQueryOptions<data, error, data, readonly unknown[]>

export type QueryParameter<data, error> = {
  /** TanStack Query's own options; the function and its key are ours. */
  query?: Omit<Options<data, error>, 'queryFn' | 'queryKey'> | undefined
}

/** `id` is a stored session; the query waits until there is one. */
export type GetPermissionUsageOptions = { id: SessionId | undefined } & QueryParameter<
  GetPermissionUsageReturnType,
  GetPermissionUsageErrorType
>

export function getPermissionUsageQueryOptions(
  config: SessionKeyConfig,
  { id, query }: GetPermissionUsageOptions,
): Options<GetPermissionUsageReturnType, GetPermissionUsageErrorType> & { queryKey: readonly unknown[] } {
  return {
    ...query,
    enabled: id !== undefined && (query?.enabled ?? true),
    queryKey: getPermissionUsageQueryKey(id),
    queryFn: async () => (await import('../actions/getPermissionUsage.js')).getPermissionUsage(config, { session: id }),
  }
}

export function getPermissionUsageQueryKey(id: SessionId | undefined): readonly unknown[] {
  return ['permissionUsage', id ?? null]
}

export type CheckCallsOptions = { id: SessionId | undefined; calls: readonly unknown[] } & QueryParameter<
  CheckCallsReturnType,
  CheckCallsErrorType
>

export function checkCallsQueryOptions(
  config: SessionKeyConfig,
  { id, calls, query }: CheckCallsOptions,
): Options<CheckCallsReturnType, CheckCallsErrorType> & { queryKey: readonly unknown[] } {
  return {
    ...query,
    enabled: id !== undefined && (query?.enabled ?? true),
    queryKey: checkCallsQueryKey(id, calls),
    queryFn: () => checkCallsBy(config, { id, calls }),
  }
}

/** Undefined `usage`: the chain is asked. */
export async function checkCallsBy(config: SessionKeyConfig, { id, calls }: CheckCallsOptions, usage?: GetPermissionUsageReturnType): Promise<CheckCallsReturnType> {
  return (await import('../actions/checkCalls.js')).checkCalls(config, { session: id, calls: calls as never, usage })
}

export function checkCallsQueryKey(id: SessionId | undefined, calls: readonly unknown[]): readonly unknown[] {
  // Encoded calls are short, and bigints would not survive the key's JSON.
  const encoded = encodeSessionCalls(calls).map(({ to, value, data }) => [to, value.toString(), data])
  return ['checkCalls', id ?? null, encoded]
}

/** The query waits until there is a connection. */
export type GetSupportedPermissionsOptions = GetSupportedPermissionsParameters & {
  connection: ConnectionInUse | undefined
} & QueryParameter<GetSupportedPermissionsReturnType, GetSupportedPermissionsErrorType>

export function getSupportedPermissionsQueryOptions(
  config: SessionKeyConfig,
  { connection, chainId, query }: GetSupportedPermissionsOptions,
): Options<GetSupportedPermissionsReturnType, GetSupportedPermissionsErrorType> & { queryKey: readonly unknown[] } {
  return {
    // A wallet does not learn to grant while the page is open, and one that cannot says so at once.
    staleTime: Infinity,
    retry: (failures, error) => error.name !== 'UnsupportedWalletError' && failures < 3,
    ...query,
    enabled: connection !== undefined && (query?.enabled ?? true),
    queryKey: getSupportedPermissionsQueryKey(connection, chainId),
    queryFn: async () => (await import('../actions/getSupportedPermissions.js')).getSupportedPermissions(config, { chainId }),
  }
}

export function getSupportedPermissionsQueryKey(connection: ConnectionInUse | undefined, chainId?: number | undefined): readonly unknown[] {
  return ['supportedPermissions', connection?.connectorUid ?? null, connection?.account ?? null, chainId ?? connection?.chainId ?? null]
}

/** The query waits until both are given. */
export type ContractsWanted = { [name in keyof GetContractMetadataParameters]?: GetContractMetadataParameters[name] | undefined }

export type GetContractMetadataOptions = ContractsWanted & QueryParameter<GetContractMetadataReturnType, GetContractMetadataErrorType>

export function getContractMetadataQueryOptions(
  config: SessionKeyConfig,
  { chainId, permissions, query }: GetContractMetadataOptions,
): Options<GetContractMetadataReturnType, GetContractMetadataErrorType> & { queryKey: readonly unknown[] } {
  return {
    // Contracts do not change their names.
    staleTime: Infinity,
    ...query,
    enabled: chainId !== undefined && permissions !== undefined && (query?.enabled ?? true),
    queryKey: getContractMetadataQueryKey({ chainId, permissions }),
    queryFn: async () => (await import('../actions/getContractMetadata.js')).getContractMetadata(config, { chainId: chainId as number, permissions: permissions ?? [] }),
  }
}

export function getContractMetadataQueryKey({ chainId, permissions }: ContractsWanted): readonly unknown[] {
  return ['contractMetadata', chainId ?? null, permissions ? contractsNamedIn(permissions) : null]
}
