import { getTransactionCount } from 'viem/actions'
import { pause, pauseBetweenLooks } from './pause.js'
import type { RelayChainClient } from './relayChainClient.js'

/**
 * Waits for what a process before this one sent, and nobody wrote down: until it is in a block, nobody knows which leaves it uses.
 * @param known the numbers of what was written down
 */
export async function awaitEarlier(client: RelayChainClient, known: ReadonlySet<number>): Promise<void> {
  const { address } = client.account
  const count = (blockTag: 'latest' | 'pending') => getTransactionCount(client, { address, blockTag })
  const [latest, pending] = await Promise.all([count('latest'), count('pending')])
  const unknown = Array.from({ length: Math.max(pending - latest, 0) }, (_, index) => latest + index).filter((nonce) => !known.has(nonce))
  const last = unknown.at(-1)
  if (last === undefined) return
  for (const startedAt = Date.now(); ; ) {
    await pauseBetweenLooks(Date.now() - startedAt)
    // What the node has lost will never be in a block.
    const [now, stillPending] = await Promise.all([count('latest'), count('pending')]).catch(() => [0, Infinity])
    if (now > last || stillPending <= latest) return
  }
}

/** Whether it ends in time. */
export async function endsWithin(work: Promise<unknown>, milliseconds: number): Promise<boolean> {
  return Promise.race([work.then(() => true), pause(milliseconds).then(() => false)])
}
