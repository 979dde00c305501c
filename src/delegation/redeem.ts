import { concatHex, decodeFunctionData, encodeFunctionData, hexToBigInt, numberToHex, size, slice, type Address, type Hex } from 'viem'
import { delegationManagerAbi } from './abis.js'
import { decodeContext, encodeContext } from './context.js'
import type { Delegation } from './delegation.js'

/** One call made by an account. */
export type Execution = { to: Address; value: bigint; data: Hex }

/** ERC-7579 mode: one call, revert on failure (`CALLTYPE_SINGLE`, `EXECTYPE_DEFAULT`). */
export const singleDefaultMode = '0x0000000000000000000000000000000000000000000000000000000000000000'

/** One call together with the delegations, leaf to root, that allow it. */
export type Redemption = { delegations: readonly Delegation[]; execution: Execution }

/** Calldata of `redeemDelegations`: every redemption happens, in order, or none does. */
export function encodeRedeemDelegations(redemptions: readonly Redemption[]): Hex {
  return encodeFunctionData({
    abi: delegationManagerAbi,
    functionName: 'redeemDelegations',
    args: [
      redemptions.map(({ delegations }) => encodeContext(delegations)),
      redemptions.map((): Hex => singleDefaultMode),
      redemptions.map(({ execution }) => encodeExecution(execution)),
    ],
  })
}

/**
 * Reads `redeemDelegations` calldata back.
 * @returns undefined when it is another function, or holds anything but single default calls
 */
export function decodeRedeemDelegations(data: Hex): readonly Redemption[] | undefined {
  try {
    const call = decodeFunctionData({ abi: delegationManagerAbi, data })
    if (call.functionName !== 'redeemDelegations') return undefined
    const [contexts, modes, executions] = call.args
    if (contexts.length !== modes.length || contexts.length !== executions.length) return undefined
    if (modes.some((mode) => mode !== singleDefaultMode)) return undefined
    return contexts.map((context, index) => ({
      delegations: decodeContext(context),
      execution: decodeExecution(executions[index] as Hex),
    }))
  } catch {
    return undefined
  }
}

/** ERC-7579 single execution: `target ‖ value ‖ calldata`, packed. */
export function encodeExecution({ to, value, data }: Execution): Hex {
  return concatHex([to, numberToHex(value, { size: 32 }), data])
}

export function decodeExecution(packed: Hex): Execution {
  return {
    to: slice(packed, 0, 20),
    value: hexToBigInt(slice(packed, 20, 52)),
    data: size(packed) > 52 ? slice(packed, 52) : '0x',
  }
}
