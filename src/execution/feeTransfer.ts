import { encodeFunctionData, erc20Abi, type Address } from 'viem'
import type { Execution } from '../delegation/redeem.js'

/** `amount` in the smallest unit of the token. */
export type Fee = { token: Address; feeCollector: Address; amount: bigint }

/** How a relay is paid: the one call that it looks for among those it is given. */
export function feeTransfer({ token, feeCollector, amount }: Fee): Execution {
  return { to: token, value: 0n, data: encodeFunctionData({ abi: erc20Abi, functionName: 'transfer', args: [feeCollector, amount] }) }
}
