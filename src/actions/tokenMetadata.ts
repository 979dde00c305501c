import { erc20Abi, type Address, type Client } from 'viem'
import { readContract } from 'viem/actions'
import type { ContractMetadata } from '../permissions/metadata.js'

/** Symbol and decimals for a sentence; empty where the token does not say. */
export async function tokenMetadata(client: Client, address: Address): Promise<ContractMetadata> {
  try {
    const [symbol, decimals] = await Promise.all([
      readContract(client, { address, abi: erc20Abi, functionName: 'symbol' }),
      readContract(client, { address, abi: erc20Abi, functionName: 'decimals' }),
    ])
    return { symbol: symbol.slice(0, 20), decimals }
  } catch {
    return {}
  }
}
