import { readContractMetadata } from '../delegation/contractMetadata.js'
import { namedContracts } from '../permissions/namedContracts.js'
import type { PermissionMetadata } from '../permissions/metadata.js'
import type { Permission } from '../permissions/permission.js'
import { getChainClient, type SessionKeyConfig } from './createSessionKeyConfig.js'
import type { ChainNotConfiguredError } from './configErrors.js'

export type GetContractMetadataParameters = {
  chainId: number
  permissions: readonly Permission[]
}

/** Keyed by lower-case address, as the components take it. */
export type GetContractMetadataReturnType = PermissionMetadata

export type GetContractMetadataErrorType = ChainNotConfiguredError

/** What the contracts that permissions name say of themselves: names, symbols, decimals. A contract that says nothing has no entry. */
export async function getContractMetadata(
  config: SessionKeyConfig,
  { chainId, permissions }: GetContractMetadataParameters,
): Promise<GetContractMetadataReturnType> {
  return readContractMetadata(getChainClient(config, chainId), namedContracts(permissions))
}
