import type { PublicClient } from 'viem'
import type { UnixSeconds } from '../permissions/permission.js'

/**
 * The time of the chain's latest block, and now. The latest block of a quiet chain may be hours old, and a deadline
 * counted from it already over, so the block being built is asked too; a node that shows none answers with its latest.
 */
export async function chainTimes(client: PublicClient): Promise<{ latest: UnixSeconds; now: UnixSeconds }> {
  const [latest, pending] = await Promise.all([
    client.getBlock({ blockTag: 'latest' }),
    client.getBlock({ blockTag: 'pending' }).catch(() => undefined),
  ])
  return { latest: Number(latest.timestamp), now: Math.max(Number(latest.timestamp), Number(pending?.timestamp ?? 0n)) }
}

/** The chain's time now. */
export async function chainTime(client: PublicClient): Promise<UnixSeconds> {
  return (await chainTimes(client)).now
}
