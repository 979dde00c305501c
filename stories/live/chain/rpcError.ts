import type { Hex } from 'viem'

/** What a node answers in place of a result. It survives `postMessage`, which keeps no more of an Error than its message. */
export type RpcErrorObject = { code: number; message: string; data?: Hex | undefined }

/** @see EIP-1474 */
export const rpcCode = { reverted: 3, invalidParams: -32602, methodNotFound: -32601, transactionRejected: -32003, internal: -32603 } as const

/** A refusal in a node's own terms: code, words and, where a contract reverted, its bytes. */
export class RpcError extends Error {
  override readonly name = 'RpcError'
  readonly code: number
  readonly data: Hex | undefined
  constructor({ code, message, data }: RpcErrorObject) {
    super(message)
    this.code = code
    this.data = data
  }
}

export function toRpcErrorObject(error: unknown): RpcErrorObject {
  if (error instanceof RpcError) return { code: error.code, message: error.message, ...(error.data === undefined ? {} : { data: error.data }) }
  return { code: rpcCode.internal, message: error instanceof Error ? error.message : String(error) }
}
