import type { Address, Hex } from 'viem'
import { ContractSetupError } from './errors.js'
import type { LocalChainClient } from './localChainClient.js'

/** A contract that shall stand at an address which no deployment from here would give it. */
export type CodeTo = { contract: string; address: Address; initCode: Hex }

/**
 * Runs each constructor at the address itself, as `address(this)`: immutables, EIP-712 domain and storage come out
 * as a deployment there would leave them. Setting ready runtime code would get the first two wrong.
 *
 * Three rounds and not one, since anvil answers the requests of a batch in no certain order. Meant for constructors
 * that create no contract of their own: one runs twice, once for its storage, once for its code.
 */
export async function deployCodeTo(client: LocalChainClient, from: Address, contracts: CodeTo[]): Promise<void> {
  await Promise.all(contracts.map(({ address, initCode }) => client.setCode({ address, bytecode: initCode })))

  const runtime = await Promise.all(
    contracts.map(async ({ contract, address }) => {
      const { data } = await client.call({ account: from, to: address }).catch((cause: Error) => {
        throw new ContractSetupError({ contract, cause })
      })
      if (!data) throw new ContractSetupError({ contract })
      return data
    }),
  )
  const firstNonce = await client.getTransactionCount({ address: from, blockTag: 'pending' })
  const hashes = await Promise.all(
    contracts.map(({ address }, index) =>
      client.sendTransaction({ account: from, chain: null, to: address, nonce: firstNonce + index }),
    ),
  )
  if (!(await client.getAutomine())) await client.mine({ blocks: 1 })
  const receipts = await Promise.all(hashes.map((hash) => client.waitForTransactionReceipt({ hash })))
  const failed = receipts.findIndex(({ status }) => status !== 'success')
  if (failed >= 0) throw new ContractSetupError({ contract: contracts[failed]!.contract })

  await Promise.all(contracts.map(({ address }, index) => client.setCode({ address, bytecode: runtime[index]! })))
}
