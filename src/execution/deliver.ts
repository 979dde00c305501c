import type { RelayClient, RelaySent } from './relayClient.js'
import { RelayRejectedError, RelayRevertedError, RelayUnreachableError } from './relayErrors.js'
import type { RelayTransaction } from './relayWire.js'

/** Which transaction the relay says it was, and what became of it; the chain has the last word. */
export type RelayWord = RelaySent | RelayRevertedError

/** An answer that was lost is asked for again: a relay knows the leaf, and the leaf is good for one use in any case. */
export async function deliver(relay: RelayClient, transaction: RelayTransaction): Promise<RelayWord> {
  return relay
    .send(transaction)
    .catch((unanswered: unknown) => {
      if (!(unanswered instanceof RelayUnreachableError)) throw unanswered
      return relay.send(transaction).catch((error: unknown) => {
        // Too many requests, say: that is no word on the first.
        throw error instanceof RelayRejectedError ? unanswered : error
      })
    })
    .catch((error: unknown) => {
      if (error instanceof RelayRevertedError) return error
      throw error
    })
}
