import type { Abi, Address, Chain, EncodeDeployDataParameters } from 'viem'
import { encodeDeployData } from 'viem'
import type { MissingPackageError } from '../../errors/MissingPackageError.js'
import { anvilBinary } from './anvilBinary.js'
import { startAnvil } from './anvilProcess.js'
import { deployContract } from './deployContract.js'
import { deployFramework } from './deployFramework.js'
import type { AnvilStartError, ContractSetupError, UnsupportedPlatformError } from './errors.js'
import { loadFrameworkCode } from './frameworkCode.js'
import type { LocalChainClient } from './localChainClient.js'
import { localChain, localChainClient } from './localChainClient.js'

export type StartLocalChainParameters = {
  /** @default a free one */
  port?: number | undefined
  /** Seconds between blocks. @default a block per transaction, at once */
  blockTime?: number | undefined
  /** Further arguments for anvil. */
  args?: readonly string[] | undefined
  /** false: on SIGINT, SIGTERM and SIGHUP the program itself decides, and has the chain until it exits. It has to listen for them. @default true */
  endOnSignal?: boolean | undefined
}

export type DeployParameters<abi extends Abi | readonly unknown[] = Abi> = EncodeDeployDataParameters<abi> & {
  /** Where the contract shall stand. @default where a deployment puts it */
  address?: Address | undefined
  /** The constructor's `msg.sender`. @default anvil's first development account */
  from?: Address | undefined
}

export type LocalChain = {
  rpcUrl: string
  chain: Chain
  client: LocalChainClient
  setBalance: (address: Address, wei: bigint) => Promise<void>
  /** Moves the chain's clock forward and mines a block, so that the next read sees it. */
  increaseTime: (seconds: number) => Promise<void>
  deploy: <const abi extends Abi | readonly unknown[]>(parameters: DeployParameters<abi>) => Promise<Address>
  /** Ends the chain; resolves once its process is gone. */
  stop: () => Promise<void>
}

export type StartLocalChainErrorType = AnvilStartError | ContractSetupError | MissingPackageError | UnsupportedPlatformError

/**
 * A chain of one's own: anvil, with the Delegation Framework and EntryPoint v0.7 at their production addresses.
 * It ends with `stop()`, and with the process that started it (SIGKILL excepted).
 */
export async function startLocalChain(parameters: StartLocalChainParameters = {}): Promise<LocalChain> {
  const { port = 0, blockTime, args = [], endOnSignal } = parameters
  const code = loadFrameworkCode()
  const anvil = await startAnvil(anvilBinary(), [...anvilArguments, '--port', String(port), ...args], { endOnSignal })
  try {
    const chain = localChain(anvil.rpcUrl)
    const setup = localChainClient(chain, { batch: true })
    await setup.setLoggingEnabled(false)
    await deployFramework(setup, code)
    await (blockTime ? setup.setIntervalMining({ interval: blockTime }) : setup.setAutomine(true))

    const client = localChainClient(chain)
    return {
      rpcUrl: anvil.rpcUrl,
      chain,
      client,
      setBalance: (address, value) => client.setBalance({ address, value }),
      increaseTime: async (seconds) => {
        await client.increaseTime({ seconds })
        await client.mine({ blocks: 1 })
      },
      deploy: ({ address, from, ...deployment }) =>
        deployContract(client, { address, from, initCode: encodeDeployData(deployment as EncodeDeployDataParameters) }),
      stop: anvil.stop,
    }
  } catch (error) {
    await anvil.stop()
    throw error
  }
}

/** Mining waits until the framework stands in one block. The gas cap per transaction (EIP-7825) holds, as on mainnet. */
const anvilArguments = ['--host', '127.0.0.1', '--no-mining', '--enable-tx-gas-limit']
