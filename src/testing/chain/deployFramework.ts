import type { Address, Hex } from 'viem'
import { concatHex, parseEther } from 'viem'
import { framework } from '../../delegation/framework.js'
import { deployCodeTo } from './deployCodeTo.js'
import { ContractSetupError } from './errors.js'
import type { FrameworkCode } from './frameworkCode.js'
import type { LocalChainClient } from './localChainClient.js'

/** EntryPoint v0.7 and the Delegation Framework, at the addresses they have on public chains. */
export async function deployFramework(client: LocalChainClient, { entryPointInitCode, contracts }: FrameworkCode): Promise<void> {
  await Promise.all([
    client.impersonateAccount({ address: deployer }),
    client.setBalance({ address: deployer, value: parseEther('100') }),
  ])
  // EntryPoint creates a helper in its constructor, so it is deployed for real; init code and salt give the address.
  await client.sendTransaction({ account: deployer, chain: null, to: create2Deployer, data: concatHex([entryPointSalt, entryPointInitCode]), nonce: 0 })
  await deployCodeTo(client, deployer, contracts)

  const entryPoint = await client.getCode({ address: framework.EntryPoint })
  if (!entryPoint) throw new ContractSetupError({ contract: 'EntryPoint' })
  await Promise.all([
    client.stopImpersonatingAccount({ address: deployer }),
    client.setBalance({ address: deployer, value: 0n }),
  ])
}

/** Nobody's account, so that the well-known development accounts start with nonce 0. */
const deployer: Address = '0x00000000000000000000000000000000000de907'

/** Deterministic deployment proxy; anvil has it from the start. */
const create2Deployer: Address = '0x4e59b44847b379578588920cA78FbF26c0B4956C'
const entryPointSalt: Hex = '0x90d8084deab30c2a37c45e8d47f49f2f7965183cb6990a98943ef94940681de3'
