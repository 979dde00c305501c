import { decodeAbiParameters, decodeFunctionData, encodeAbiParameters, encodeFunctionData, type Hex } from 'viem'
import type { Execution } from './redeem.js'

/**
 * Calldata of the account's own `execute`, which lets in the account itself: several calls, in order, or none.
 * @see EIP7702DeleGatorCore; ERC-7579
 */
export function encodeExecuteBatch(calls: readonly Execution[]): Hex {
  const batch = encodeAbiParameters(executions, [calls.map(({ to, value, data }) => ({ target: to, value, callData: data }))])
  return encodeFunctionData({ abi: executeAbi, args: [batchDefaultMode, batch] })
}

/** @returns undefined when it is another function, or not plainly encoded */
export function decodeExecuteBatch(data: Hex): readonly Execution[] | undefined {
  try {
    const [mode, batch] = decodeFunctionData({ abi: executeAbi, data }).args
    if (mode !== batchDefaultMode) return undefined
    const calls = decodeAbiParameters(executions, batch)[0].map(({ target, value, callData }) => ({ to: target, value, data: callData }))
    return encodeExecuteBatch(calls).toLowerCase() === data.toLowerCase() ? calls : undefined
  } catch {
    return undefined
  }
}

/** ERC-7579: several calls, revert all when one fails (`CALLTYPE_BATCH`, `EXECTYPE_DEFAULT`). */
const batchDefaultMode: Hex = `0x01${'00'.repeat(31)}`

const executions = [
  {
    type: 'tuple[]',
    components: [
      { name: 'target', type: 'address' },
      { name: 'value', type: 'uint256' },
      { name: 'callData', type: 'bytes' },
    ],
  },
] as const

/** The contract has a second `execute`, which takes one execution. */
const executeAbi = [
  {
    type: 'function',
    name: 'execute',
    stateMutability: 'payable',
    inputs: [
      { name: 'mode', type: 'bytes32' },
      { name: 'executionCalldata', type: 'bytes' },
    ],
    outputs: [],
  },
] as const
