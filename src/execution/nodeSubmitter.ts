import { BaseError, HttpRequestError, keccak256, type Client, type Hash, type Hex, type TransactionReceipt } from 'viem'
import { getTransaction, sendRawTransaction, sendRawTransactionSync } from 'viem/actions'

/** A signed transaction. */
export type Signed = { readonly hash: Hash; serialized: Hex }

/** Its hash is made when it is first asked for: of a long transaction that takes a while. */
export function signedTransaction(serialized: Hex): Signed {
  let hash: Hash | undefined
  return {
    serialized,
    get hash() {
      return (hash ??= keccak256(serialized))
    },
  }
}

/** What the node made of a transaction. */
export type Submitted =
  | { status: 'included'; receipt: TransactionReceipt }
  /** The node has it, or may have it: its answer was lost. */
  | { status: 'sent'; lost?: boolean | undefined }
  /** It does not have it. `nonce`: another transaction has this number, or took it. */
  | { status: 'refused'; reason: 'nonce' | 'other'; error: Error }

export type NodeSubmitter = {
  /** Sends it and waits for its block: one request where the node can (EIP-7966). */
  submitAndWait(transaction: Signed): Promise<Submitted>
  /** Sends it. */
  submit(transaction: Signed): Promise<Submitted>
}

/** Never rejects. Whether the node can wait is found out once. */
export function createNodeSubmitter(client: Client): NodeSubmitter {
  let canWait = true

  async function submit(transaction: Signed): Promise<Submitted> {
    try {
      await sendRawTransaction(client, { serializedTransaction: transaction.serialized })
      return { status: 'sent' }
    } catch (error) {
      return readFailure(client, transaction, error as Error)
    }
  }

  return {
    submit,
    async submitAndWait(transaction) {
      if (!canWait) return submit(transaction)
      try {
        const answer: Promise<TransactionReceipt> = sendRawTransactionSync(client, { serializedTransaction: transaction.serialized })
        // While the node is at work.
        setTimeout(() => transaction.hash)
        const receipt = await answer
        return receipt.transactionHash === transaction.hash ? { status: 'included', receipt } : { status: 'sent', lost: true }
      } catch (error) {
        if (!isMissingMethod(error)) return readFailure(client, transaction, error as Error)
        canWait = false
        return submit(transaction)
      }
    },
  }
}

async function readFailure(client: Client, { hash }: Signed, error: Error): Promise<Submitted> {
  const code = rpcCode(error)
  if (code === undefined) return { status: 'sent', lost: true }
  if (code === syncCode.timeout || code === syncCode.notReady) return { status: 'sent' }
  // A transport with several nodes may have sent it twice, and a node may refuse what it already has.
  const isKnown = await getTransaction(client, { hash }).then(
    () => true,
    () => false,
  )
  if (isKnown || says(error, /already (known|imported)/i)) return { status: 'sent' }
  // The number may have been used by this very transaction, sent twice by a transport that tries again, while the node asked now is a block behind.
  if (says(error, /nonce.*too low|nonce.*(already|has been) used/i)) return { status: 'sent', lost: true }
  return { status: 'refused', reason: isNonceTaken(error) ? 'nonce' : 'other', error }
}

/** It is in the node's pool: not in a block in time, or behind a gap. @see EIP-7966 */
const syncCode = { timeout: 4, notReady: 5 } as const

const methodMissingCodes = [-32601, -32004, 4200]
const methodMissingWords = /(method|eth_sendRawTransactionSync)\b.*\b(not (found|supported|available|allowed|implemented|exist|whitelisted|enabled)|does not exist|unsupported|unknown|disabled)|(unsupported|unknown|invalid) method/i

function isMissingMethod(error: unknown): boolean {
  const code = rpcCode(error)
  if (code !== undefined) return methodMissingCodes.includes(code) || wordsOf(error).some((words) => methodMissingWords.test(words))
  // A gateway that does not let the method through.
  const http = error instanceof BaseError ? error.walk((cause) => cause instanceof HttpRequestError) : null
  const { status } = (http ?? {}) as { status?: number }
  return status !== undefined && status >= 400 && status < 500 && status !== 408 && status !== 429
}

function isNonceTaken(error: unknown): boolean {
  return says(error, /nonce|replacement transaction underpriced/i)
}

function says(error: unknown, words: RegExp): boolean {
  return wordsOf(error).some((said) => words.test(said))
}

/** The code of a JSON-RPC error; undefined where there was no answer. */
function rpcCode(error: unknown): number | undefined {
  let found: number | undefined
  for (let cause: unknown = error; cause instanceof Error || (typeof cause === 'object' && cause !== null); cause = (cause as { cause?: unknown }).cause) {
    const { code } = cause as { code?: unknown }
    // viem's own, for "no code".
    if (typeof code === 'number' && code !== -1) found = code
  }
  return found
}

/** What the node said; never the request, which viem repeats in `message`. */
function wordsOf(error: unknown): string[] {
  const words: string[] = []
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) words.push(cause instanceof BaseError ? cause.details : cause.message)
  return words
}
