import type { Address, Client, Hash, TransactionReceipt } from 'viem'
import { getTransaction, getTransactionCount, getTransactionReceipt } from 'viem/actions'
import { TransactionOutcomeUnknownError } from './errors.js'

export type AwaitInclusionParameters = {
  client: Client
  address: Address
  nonce: number
  /** Of the transactions that carry this number, one of which will be included: those that outbid the first are added. */
  hashes: readonly Hash[]
  /** Called every so often while nothing happens. */
  nudge(): Promise<void>
  lookEveryMs: number
  /** Nobody knows whether the node has it. */
  isLost: boolean
  /** Ends the waiting; what it resolves with then means nothing. */
  signal: AbortSignal
  /** Until the next look. Default: the client's polling interval. */
  pause?: ((waitedMs: number) => Promise<void>) | undefined
  /** It is waited for as long as it takes. */
  endless?: boolean | undefined
}

const timeoutMs = 180_000
/** Where the node never said that it has it, and does not know it. */
const lostTimeoutMs = 30_000
/** Nodes behind one address are some blocks apart: the number may be used before the receipt is there. */
const looksUntilReplaced = 3
const replacedAfterMs = 4_000

/**
 * Looks for the receipt.
 * @returns `replaced` when another transaction has taken the number, so that none of these can ever be included
 * @throws {TransactionOutcomeUnknownError}
 */
export async function awaitInclusion(parameters: AwaitInclusionParameters): Promise<TransactionReceipt | 'replaced'> {
  const { client, address, nonce, hashes, nudge, lookEveryMs, signal, pause = () => after(client.pollingInterval), endless = false } = parameters
  const startedAtMs = Date.now()
  let lookAtMs = parameters.isLost ? startedAtMs : startedAtMs + lookEveryMs
  let looksWithoutIt = 0
  let withoutItSinceMs = startedAtMs
  let seen = false
  let failure: Error | undefined
  for (;;) {
    try {
      const receipt = await findReceipt(client, hashes)
      if (receipt) return receipt
      if (Date.now() >= lookAtMs) {
        const count = await getTransactionCount(client, { address, blockTag: 'latest' })
        looksWithoutIt = count > nonce && !(await isAnyKnown(client, hashes)) ? looksWithoutIt + 1 : 0
        if (looksWithoutIt <= 1) withoutItSinceMs = Date.now()
        // Taken for replaced, the calls are made again: a node that is behind must not be enough for that.
        if (looksWithoutIt >= looksUntilReplaced && Date.now() - withoutItSinceMs >= replacedAfterMs) return 'replaced'
        if (count <= nonce) {
          seen ||= await isAnyKnown(client, hashes)
          await nudge()
          lookAtMs = Date.now() + lookEveryMs
        }
      }
      failure = undefined
    } catch (error) {
      failure = error as Error
    }
    if (signal.aborted) return 'replaced'
    if (!endless && Date.now() - startedAtMs > (parameters.isLost && !seen ? lostTimeoutMs : timeoutMs)) throw new TransactionOutcomeUnknownError({ transactionHash: hashes.at(-1) as Hash, cause: failure })
    await pause(Date.now() - startedAtMs)
  }
}

async function findReceipt(client: Client, hashes: readonly Hash[]): Promise<TransactionReceipt | undefined> {
  for (const hash of hashes) {
    const receipt = await getTransactionReceipt(client, { hash }).catch(notFound('TransactionReceiptNotFoundError'))
    if (receipt) return receipt
  }
  return undefined
}

async function isAnyKnown(client: Client, hashes: readonly Hash[]): Promise<boolean> {
  for (const hash of hashes) {
    if (await getTransaction(client, { hash }).catch(notFound('TransactionNotFoundError'))) return true
  }
  return false
}

function notFound(name: string): (error: Error) => undefined {
  return (error) => {
    if (error.name !== name) throw error
    return undefined
  }
}

function after(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
