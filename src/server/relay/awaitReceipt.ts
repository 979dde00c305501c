import type { RpcTransactionReceipt } from 'viem'
import { getTransactionCount, sendRawTransaction } from 'viem/actions'
import type { RelayChainClient } from './relayChainClient.js'
import type { Submission } from './submit.js'

/**
 * Looks for the receipt until there is one, ever more slowly; a transaction that its node has lost is sent again.
 * @returns undefined when another transaction took the nonce, so that this one can never be included
 */
export async function awaitReceipt(client: RelayChainClient, submission: Submission): Promise<RpcTransactionReceipt | undefined> {
  const startedAt = Date.now()
  let resendAt = startedAt + firstResendMs
  for (;;) {
    const receipt = await readReceipt(client, submission)
    if (receipt) return receipt
    if (Date.now() >= resendAt) {
      resendAt = Date.now() + (Date.now() - startedAt)
      if (await isReplaced(client, submission)) return (await readReceipt(client, submission)) ?? undefined
      await sendRawTransaction(client, { serializedTransaction: submission.serialized }).catch(() => undefined)
    }
    // A tenth of the time waited so far: quick on a local chain, no burden on a slow one.
    await pause(Math.min(Math.max((Date.now() - startedAt) / 10, minPauseMs), maxPauseMs))
  }
}

const firstResendMs = 30_000
const minPauseMs = 5
const maxPauseMs = 15_000

async function readReceipt(client: RelayChainClient, { hash }: Submission): Promise<RpcTransactionReceipt | null> {
  try {
    return await client.request({ method: 'eth_getTransactionReceipt', params: [hash] })
  } catch {
    return null
  }
}

async function isReplaced(client: RelayChainClient, { nonce }: Submission): Promise<boolean> {
  try {
    return (await getTransactionCount(client, { address: client.account.address, blockTag: 'latest' })) > nonce
  } catch {
    return false
  }
}

/** A relay that only waits for a receipt keeps no process alive. */
function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const timer: unknown = setTimeout(resolve, milliseconds)
    if (typeof timer === 'object' && timer !== null && 'unref' in timer && typeof timer.unref === 'function') timer.unref()
  })
}
