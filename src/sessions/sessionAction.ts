import type { Address, Hash, Hex } from 'viem'
import type { SessionId } from './session.js'

/** One call of an action, in as much as a person needs to know it again: no arguments, no calldata. */
export type CallMade = {
  to: Address
  /** Left out where the call carries no calldata. */
  selector?: Hex | undefined
  /** What the app called the function: its own word. */
  functionName?: string | undefined
  /** In wei. */
  value: bigint
  /** What an ERC-20 `transfer` moves, in the token's smallest unit. */
  tokenAmount?: bigint | undefined
}

/**
 * `sent` on its way, or the page was closed before it saw more · `done` in a block; without a hash where the transaction could not be
 * found · `refused` outside of the limits · `failed` nothing took effect · `unknown` it may have happened, and may still happen.
 */
export type ActionOutcome =
  | { status: 'sent' }
  | { status: 'done'; transactionHash?: Hash | undefined }
  /** `error`: the name of its class. */
  | { status: 'refused'; error: string; by: 'check' | 'chain'; transactionHash?: Hash | undefined }
  | { status: 'failed'; error: string; transactionHash?: Hash | undefined }
  | { status: 'unknown'; error: string; transactionHash?: Hash | undefined }

/** Something that a session did, or tried to do: the calls of one `send`. */
export type SessionAction = {
  id: string
  /** Version of this record's shape. */
  v: 1
  session: SessionId
  /** When it began, in ms of this device's clock. */
  at: number
  /** The first of them. */
  calls: readonly CallMade[]
  /** How many more there were. */
  moreCalls?: number | undefined
  outcome: ActionOutcome
}

/** How many actions of a session are kept, and how many calls of an action. */
export const mostActions = 20
export const mostCalls = 10
/** Longer names are cut before they are written down. */
export const mostNameLetters = 80
