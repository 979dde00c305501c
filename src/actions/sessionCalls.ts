import { encodeFunctionData, type Abi, type Address, type Hex } from 'viem'
import type { Call } from '../permissions/check.js'

/** A call as wagmi's `useSendCalls` takes it: encoded, or by ABI and function name. */
export type SessionCall = {
  to: Address
  value?: bigint | undefined
  data?: Hex | undefined
  abi?: Abi | readonly unknown[] | undefined
  functionName?: string | undefined
  args?: readonly unknown[] | undefined
}

/** `functionName` is kept for what is said of the call. */
export type EncodedCall = Call & { functionName?: string | undefined }

export function encodeSessionCalls(calls: readonly unknown[]): EncodedCall[] {
  return (calls as readonly SessionCall[]).map(({ to, value = 0n, data = '0x', abi, functionName, args }) => ({
    to,
    value,
    data: abi && functionName ? encodeFunctionData({ abi: abi as Abi, functionName, args: args ?? [] }) : data,
    functionName,
  }))
}
