'use client'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import type { GetContractMetadataErrorType, GetContractMetadataReturnType } from '../actions/getContractMetadata.js'
import { getContractMetadataQueryOptions, type ContractsWanted, type QueryParameter } from './queryOptions.js'
import { useSessionKeyConfig, type ConfigParameter } from './useSessionKeyConfig.js'

export type UseContractMetadataParameters = ConfigParameter &
  ContractsWanted &
  QueryParameter<GetContractMetadataReturnType, GetContractMetadataErrorType>

export type UseContractMetadataReturnType = UseQueryResult<GetContractMetadataReturnType, GetContractMetadataErrorType>

/** Names, symbols and decimals of the contracts that permissions name, for describing them. Waits until both are given. */
export function useContractMetadata(parameters: UseContractMetadataParameters = {}): UseContractMetadataReturnType {
  return useQuery(getContractMetadataQueryOptions(useSessionKeyConfig(parameters), parameters))
}
