import { directLane } from '../../execution/directLane.js'
import type { KeyLease } from '../../execution/keyLease.js'
import type { Lane } from '../../execution/lane.js'
import { createRelayClient, type RelayClientParameters } from '../../execution/relayClient.js'
import { relayLane } from '../../execution/relayLane.js'

/** Who pays: a relay, or the server's keys themselves. */
export function serverLane(relay: string | RelayClientParameters | undefined): Lane {
  if (relay === undefined) return directLane({ lease: () => askedAnew })
  return relayLane(createRelayClient(typeof relay === 'string' ? { url: relay } : relay))
}

/**
 * The agent holds the key while it sends, and lets go of it in between: another process may then have used it, so the chain is asked for each
 * number, and a transaction is handed to the node before anything else happens.
 */
const askedAnew: KeyLease = { isAlone: async () => false, exclusively: (work) => work() }
