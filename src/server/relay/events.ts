/** What happens in a relay, for its operator's logs, traces and metrics. */
export type RelayEventName =
  /** A request was answered with an error: `rpc.code`, `http.status`, `reason`. */
  | 'relay.request.refused'
  | 'relay.task.accepted'
  /** Signed and about to go out: `transaction.hash`, `transaction.nonce`. */
  | 'relay.transaction.sent'
  /** The same call under the same number, for more. */
  | 'relay.transaction.replaced'
  /** In a block: `transaction.status`, `gas.used`, `cost.wei`. */
  | 'relay.transaction.included'
  /** Nothing came of it: `reason`. */
  | 'relay.transaction.rejected'
  /** It waits, and no more is offered for it: the limit is reached. */
  | 'relay.transaction.stuck'
  /** Found after a restart: `tasks`. */
  | 'relay.recovered'
  /** `balance.wei` is below `balance.min.wei`. */
  | 'relay.balance.low'

/** Flat, with names and values as OpenTelemetry takes them for attributes. Holds no key, no URL and no calldata. */
export type RelayEvent = { name: RelayEventName; attributes: Readonly<Record<string, string | number | boolean>> }

export type TellRelayEvent = (name: RelayEventName, attributes: Readonly<Record<string, string | number | boolean | undefined>>) => void

/** What a listener throws changes nothing for the relay. */
export function createTell(onEvent: ((event: RelayEvent) => void) | undefined, chainId: number): TellRelayEvent {
  if (!onEvent) return () => undefined
  return (name, attributes) => {
    const given = Object.entries(attributes).filter((entry): entry is [string, string | number | boolean] => entry[1] !== undefined)
    try {
      onEvent({ name, attributes: { 'chain.id': chainId, ...Object.fromEntries(given) } })
    } catch {
      // The listener's own trouble.
    }
  }
}
