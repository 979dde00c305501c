import { createClient, type Chain, type Client, type Transport } from 'viem'
import type { ActingConfig } from '../actions/actingConfig.js'
import { createUsageLedger } from '../actions/usageLedger.js'
import { createSessionBook } from '../sessions/sessionBook.js'
import type { KeyCustody } from './keys/keyCustody.js'
import { createKeyRing, type KeyRing } from './keys/keyRing.js'
import type { AgentStore } from './store/agentStore.js'
import { storedSessions } from './store/storedSessions.js'

export type ServerChain = {
  chain: Chain
  transport: Transport
  /** How often to look whether something is in a block, in ms. @default viem's, by the chain's block time */
  pollingInterval?: number | undefined
}

/** What everything on a server works on: enrolment and agents are given the same. */
export type ServerParameters = {
  /** Keys, sessions and intents. All processes of one server use the same. */
  store: AgentStore
  /** How keys are made and kept, one for each user: `kmsKeys`, `sealedKeys`, `environmentKeys`. */
  custody: KeyCustody
  chains: readonly ServerChain[]
}

export type Server = ActingConfig & { store: AgentStore; keys: KeyRing }

export function openServer({ store, custody, chains }: ServerParameters): Server {
  const clients = new Map<number, Client>()

  function getClient({ chainId }: { chainId: number }): Client {
    const known = clients.get(chainId)
    if (known) return known
    const found = chains.find(({ chain }) => chain.id === chainId)
    // Callers look among `chains` first (`getChainClient`).
    if (!found) throw new Error(`No chain ${chainId} is configured.`)
    const { chain, transport, pollingInterval } = found
    const client = createClient({ chain, transport, ...(pollingInterval === undefined ? {} : { pollingInterval }) })
    clients.set(chainId, client)
    return client
  }

  return {
    store,
    keys: createKeyRing(store, custody),
    wagmi: { chains: chains.map(({ chain }) => chain), getClient },
    sessions: createSessionBook({ store: storedSessions(store) }),
    usage: createUsageLedger(),
    dialect: undefined,
  }
}
