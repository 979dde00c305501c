import type { Address } from 'viem'

/** What a contract says of itself on-chain. A wallet shows it beside the address, never instead of it. */
export type ContractMetadata = { name?: string | undefined; symbol?: string | undefined; decimals?: number | undefined }

/** Keyed by lower-case address. */
export type PermissionMetadata = { readonly [address: Lowercase<Address>]: ContractMetadata }

export function metadataOf(metadata: PermissionMetadata | undefined, address: Address): ContractMetadata {
  return metadata?.[address.toLowerCase() as Lowercase<Address>] ?? {}
}
