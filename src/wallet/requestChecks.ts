import { isAddressEqual, type Address, type Hex } from 'viem'
import { unauthorized, unsupportedChain } from './rpcErrors.js'
import type { WalletContext } from './walletContext.js'

/** @throws {UnsupportedChainIdError} 5710 */
export function requireChain({ chain }: WalletContext, chainId: Hex | number): void {
  if (BigInt(chainId) !== BigInt(chain.id)) throw unsupportedChain(Number(chainId))
}

/** @throws {UnauthorizedProviderError} 4100 */
export async function requireAccount(context: WalletContext, address: Address): Promise<void> {
  const owner = await context.owner()
  if (!isAddressEqual(address, owner.address)) throw unauthorized(`${address} is not the account of this wallet.`)
}
