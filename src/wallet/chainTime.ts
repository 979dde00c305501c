import type { PublicClient } from 'viem'
import type { UnixSeconds } from '../permissions/permission.js'

/**
 * The chain's time now. The latest block of a quiet chain may be hours old, and a deadline counted from it already
 * over, so the block being built is asked first; a node that shows none answers with its latest.
 */
export async function chainTime(client: PublicClient): Promise<UnixSeconds> {
  const [latest, pending] = await Promise.all([
    client.getBlock({ blockTag: 'latest' }),
    client.getBlock({ blockTag: 'pending' }).catch(() => undefined),
  ])
  return Math.max(Number(latest.timestamp), Number(pending?.timestamp ?? 0n))
}
