import type { Address, Hex } from 'viem'
import { deployCodeTo } from './deployCodeTo.js'
import { ContractSetupError } from './errors.js'
import type { LocalChainClient } from './localChainClient.js'

export type DeployContractParameters = { initCode: Hex; address?: Address | undefined; from?: Address | undefined }

/** Deploys from an account the chain signs for, or puts the contract at the given address. */
export async function deployContract(client: LocalChainClient, parameters: DeployContractParameters): Promise<Address> {
  const { initCode, address, from = firstDevelopmentAccount } = parameters
  await client.impersonateAccount({ address: from })
  try {
    if (address) {
      await deployCodeTo(client, from, [{ contract: 'The contract', address, initCode }])
      return address
    }
    const hash = await client.sendTransaction({ account: from, chain: null, data: initCode })
    if (!(await client.getAutomine())) await client.mine({ blocks: 1 })
    const { contractAddress, status } = await client.waitForTransactionReceipt({ hash })
    if (status !== 'success' || !contractAddress) throw new ContractSetupError({ contract: 'The contract' })
    return contractAddress
  } finally {
    await client.stopImpersonatingAccount({ address: from })
  }
}

const firstDevelopmentAccount: Address = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'
