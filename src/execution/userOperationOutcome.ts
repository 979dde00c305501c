import type { Client, Hex, TransactionReceipt } from 'viem'
import { getUserOperationReceipt, UserOperationReceiptNotFoundError } from 'viem/account-abstraction'
import { waitForTransactionReceipt } from 'viem/actions'
import type { Bundler } from './bundlerRpc.js'
import { findUserOperation, readUserOperation } from './userOperationEvents.js'
import { UserOperationOutcomeUnknownError } from './userOperationErrors.js'

export type OutcomePatience = {
  /** The first wait between two looks; each is half as long again, up to 2 seconds. @default 500 */
  pollingIntervalMs?: number | undefined
  /** How long to wait for the block. @default 120_000 */
  totalTimeoutMs?: number | undefined
  /** How long a bundler may say nothing before nobody waits for it any more. @default 15_000 */
  silenceTimeoutMs?: number | undefined
  /** How long the app's own node may be behind the bundler's. @default 30_000 */
  receiptTimeoutMs?: number | undefined
}

export type SentUserOperation = { bundler: Bundler; client: Client; userOperationHash: Hex; fromBlock: bigint; cause: Error | undefined }

/**
 * The receipt of the transaction that holds the operation, from the app's own node: the bundler only says where to look, and where it says
 * nothing the chain is searched.
 * @throws {UserOperationOutcomeUnknownError}
 */
export async function userOperationOutcome(
  { bundler, client, userOperationHash, fromBlock, cause }: SentUserOperation,
  { pollingIntervalMs = 500, totalTimeoutMs = 120_000, silenceTimeoutMs = 15_000, receiptTimeoutMs = 30_000 }: OutcomePatience,
): Promise<TransactionReceipt> {
  const onChain = () => findUserOperation(client, userOperationHash, fromBlock).catch(() => undefined)
  const startedAt = Date.now()
  let heardAt = startedAt
  let silence = cause
  for (let waitMs = pollingIntervalMs; ; waitMs = Math.min(waitMs * 1.5, maxWaitMs)) {
    await delay(waitMs)
    const said = await whereIs(bundler, userOperationHash)
    if (!(said instanceof Error)) heardAt = Date.now()
    const receipt = said instanceof Error ? await onChain() : said && (await ownReceipt(client, said, userOperationHash, receiptTimeoutMs))
    if (receipt) return receipt
    if (said instanceof Error) silence = said
    // Whatever the bundler named does not hold it.
    const named = said !== undefined && !(said instanceof Error)
    const isSilent = Date.now() - heardAt >= silenceTimeoutMs
    if (named || isSilent || Date.now() - startedAt >= totalTimeoutMs) {
      const found = await onChain()
      if (found) return found
      throw new UserOperationOutcomeUnknownError({ userOperationHash, cause: silence })
    }
  }
}

const maxWaitMs = 2_000

const delay = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds))

/** The transaction that the bundler names; undefined: none yet; an error: no answer. */
async function whereIs(bundler: Bundler, hash: Hex): Promise<Hex | Error | undefined> {
  try {
    return (await getUserOperationReceipt(bundler, { hash })).receipt.transactionHash
  } catch (error) {
    return error instanceof UserOperationReceiptNotFoundError ? undefined : (error as Error)
  }
}

async function ownReceipt(client: Client, hash: Hex, userOperationHash: Hex, timeout: number): Promise<TransactionReceipt | undefined> {
  // The bundler says that it is in a block: it waits for our node, not for a replacement.
  const receipt = await waitForTransactionReceipt(client, { hash, timeout, checkReplacement: false }).catch(() => undefined)
  return receipt && readUserOperation(receipt, userOperationHash) ? receipt : undefined
}
