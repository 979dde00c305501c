import type { RpcErrorObject } from './rpcError.js'

export type ChainQuestion = {
  id: number
  /** Where the chain's first state is; the first question opens it. */
  genesisUrl: string
  /** The page's time, in unix seconds. */
  at: number
  request: { method: string; params?: unknown }
}

export type ChainAnswer = { id: number; result: unknown } | { id: number; error: RpcErrorObject }
