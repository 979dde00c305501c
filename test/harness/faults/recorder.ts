import { hexToNumber, numberToHex, parseAbi, type Address, type Hex } from 'viem'
import type { LocalChainClient } from '../../../src/testing/chain/localChainClient.js'

/** Where the recorder stands. */
export const recorder: Address = '0x00000000000000000000000000000000000ac7ed'

export const recorderAbi = parseAbi(['function act(uint256 id)'])

/**
 * Whatever it is called with, it counts under the number in the first argument, and says so in an event without topics.
 *
 *   PUSH1 4 CALLDATALOAD · DUP1 SLOAD PUSH1 1 ADD · SWAP1 SSTORE · CALLDATASIZE PUSH0 PUSH0 CALLDATACOPY · CALLDATASIZE PUSH0 LOG0 · STOP
 */
export const recorderCode: Hex = '0x60043580546001019055365f5f37365fa000'

/** How often the chain has it that each action was made. */
export async function timesMade(client: LocalChainClient, actions: number): Promise<readonly number[]> {
  const slots = Array.from({ length: actions }, (_, id) => client.getStorageAt({ address: recorder, slot: numberToHex(id, { size: 32 }) }))
  return (await Promise.all(slots)).map((value) => hexToNumber(value ?? '0x0'))
}
