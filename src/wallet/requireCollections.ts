import type { Address } from 'viem'
import { metadataOf, type PermissionMetadata } from '../permissions/metadata.js'
import type { Permission } from '../permissions/permission.js'
import { invalidParams } from './rpcErrors.js'
import type { WalletContext } from './walletContext.js'

const supportsInterfaceAbi = [
  {
    type: 'function',
    name: 'supportsInterface',
    stateMutability: 'view',
    inputs: [{ name: 'interfaceId', type: 'bytes4' }],
    outputs: [{ name: '', type: 'bool' }],
  },
] as const
const erc721InterfaceId = '0x80ac58cd'

/**
 * `transferFrom(from, to, X)` moves one token where X is an id, and X of them where it is an amount: the transfer of an
 * NFT is granted only on a contract that says it is a collection.
 * @throws {InvalidParamsRpcError} -32602
 * @see ERC-165, ERC-721
 */
export async function requireCollections(context: WalletContext, permissions: readonly Permission[], metadata: PermissionMetadata): Promise<void> {
  for (const permission of permissions) {
    if (permission.type !== 'erc721-token-transfer') continue
    const { token } = permission
    const divisible = metadataOf(metadata, token).decimals !== undefined
    if (divisible || !(await isCollection(context, token))) throw invalidParams(`${token} is not an ERC-721 collection.`)
  }
}

async function isCollection({ client }: WalletContext, address: Address): Promise<boolean> {
  try {
    return await client.readContract({ address, abi: supportsInterfaceAbi, functionName: 'supportsInterface', args: [erc721InterfaceId] })
  } catch {
    return false
  }
}
