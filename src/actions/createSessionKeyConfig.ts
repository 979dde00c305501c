import type { Address, Client } from 'viem'
import type { Config as WagmiConfig, Connector } from 'wagmi'
import type { ConsentQueue } from '../consent/consentQueue.js'
import { mergeConsentQueues } from '../consent/mergeConsentQueues.js'
import { directLane } from '../execution/directLane.js'
import type { Lane } from '../execution/lane.js'
import { createRelayClient, type RelayClientParameters } from '../execution/relayClient.js'
import { relayLane } from '../execution/relayLane.js'
import { createIndexedDbStore } from '../sessions/indexedDbStore.js'
import { createSessionBook, type SessionBook } from '../sessions/sessionBook.js'
import type { SessionStore } from '../sessions/store.js'
import { ChainNotConfiguredError, NotConnectedError, RelayNotConfiguredError } from './errors.js'

export type CreateSessionKeyConfigParameters = {
  /** wagmi's config: accounts, connectors and the chains' transports. */
  wagmi: WagmiConfig
  /** A relayer (ERC-8249) that pays for sessions: the URL of its JSON-RPC, or more about it. */
  relay?: string | RelayClientParameters | undefined
  /** Who pays for what a session does. Default: `relay` where one is given, else `direct` (the session key pays). */
  lane?: 'direct' | 'relay' | undefined
  /** Default: IndexedDB. */
  store?: SessionStore | undefined
}

/** What the hooks and actions work on. Make it once, outside React. */
export type SessionKeyConfig = {
  readonly wagmi: WagmiConfig
  readonly sessions: SessionBook
  readonly lane: Lane
  /** The consents that wait, of every connected wallet that leaves the question to the page. */
  readonly consent: Omit<ConsentQueue, 'ask'>
  /** Grants under way, by account, chain, definition and terms. */
  readonly grantsInFlight: Map<string, Promise<unknown>>
}

/** @throws {RelayNotConfiguredError} `lane: 'relay'` without a relay */
export function createSessionKeyConfig(parameters: CreateSessionKeyConfigParameters): SessionKeyConfig {
  const { wagmi, relay, lane = relay ? 'relay' : 'direct', store = createIndexedDbStore() } = parameters
  return {
    wagmi,
    sessions: createSessionBook(store),
    lane: lane === 'relay' ? relayLaneOf(relay) : directLane(),
    consent: mergeConsentQueues(() => wagmi.connectors.flatMap(consentOf)),
    grantsInFlight: new Map(),
  }
}

function relayLaneOf(relay: string | RelayClientParameters | undefined): Lane {
  if (!relay) throw new RelayNotConfiguredError()
  return relayLane(createRelayClient(typeof relay === 'string' ? { url: relay } : relay))
}

/** The embedded wallet's connector carries the queue of what it has to ask. */
function consentOf(connector: Connector): ConsentQueue[] {
  const { consent } = connector as { consent?: ConsentQueue }
  return consent ? [consent] : []
}

export type Connection = { account: Address; chainId: number; connector: Connector }

/** The account and chain in use, read from wagmi's state (the same in wagmi 2 and 3). */
export function getConnection(config: SessionKeyConfig): Connection | undefined {
  const { connections, current } = config.wagmi.state
  const connection = current ? connections.get(current) : undefined
  const account = connection?.accounts[0]
  return connection && account ? { account, chainId: connection.chainId, connector: connection.connector } : undefined
}

/** @throws {NotConnectedError} */
export function requireConnection(config: SessionKeyConfig): Connection {
  const connection = getConnection(config)
  if (!connection) throw new NotConnectedError()
  return connection
}

/** A client over the app's own transport, never through the wallet. @throws {ChainNotConfiguredError} */
export function getChainClient(config: SessionKeyConfig, chainId: number): Client {
  const chain = config.wagmi.chains.find(({ id }) => id === chainId)
  if (!chain) throw new ChainNotConfiguredError({ chainId })
  return config.wagmi.getClient({ chainId })
}
