import { gunzipSync } from 'node:zlib'
import { hexToBytes, type Address, type Hex } from 'viem'
import { goldAbi, goldBytecode, swordAbi, swordBytecode } from '../../../demo/contracts/artifacts.js'
import { startLocalChain, type LocalChain } from '../../../src/testing/chain/startLocalChain.js'
import { gold, liveChainId, sword } from '../contracts.js'
import type { Genesis, GenesisAccount } from '../chain/genesis.js'

/** What `anvil_dumpState` answers, unpacked. */
type AnvilState = { accounts: { [address: Address]: GenesisAccount | (Omit<GenesisAccount, 'nonce'> & { nonce: number }) } }

/**
 * What a chain in a page begins with: the state of a local chain on which the framework stands, put there as always, and the shop's
 * contracts. Of plain accounts nothing is kept.
 */
export async function buildGenesis(): Promise<Genesis> {
  const chain = await startLocalChain()
  try {
    await chain.deploy({ abi: swordAbi, bytecode: swordBytecode, address: sword })
    await chain.deploy({ abi: goldAbi, bytecode: goldBytecode, address: gold })
    return { chainId: liveChainId, accounts: await contractsOf(chain) }
  } finally {
    await chain.stop()
  }
}

async function contractsOf(chain: LocalChain): Promise<Genesis['accounts']> {
  const dump = (await chain.client.request({ method: 'anvil_dumpState', params: [] } as never)) as Hex
  const { accounts } = JSON.parse(gunzipSync(hexToBytes(dump)).toString()) as AnvilState
  // In order, so that the same state is the same file.
  const kept = inOrder(accounts).filter(([address, { code }]) => code !== '0x' && address !== blockHashes)
  return Object.fromEntries(
    kept.map(([address, { nonce, balance, code, storage }]) => [
      address,
      { nonce: `0x${BigInt(nonce).toString(16)}`, balance, code, storage: Object.fromEntries(inOrder(storage)) },
    ]),
  )
}

/** The hashes of the blocks in which this was put up, which no later chain has. @see EIP-2935 */
const blockHashes = '0x0000f90827f1c53a10cb7a02335b175320002935'

function inOrder<value>(entries: { readonly [key: Hex]: value }): [string, value][] {
  return Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1))
}
