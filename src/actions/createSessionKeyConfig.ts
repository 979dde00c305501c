import type { Address, Client } from 'viem'
import type { Config as WagmiConfig, Connector } from 'wagmi'
import { createConsentQueue, type ConsentQueue } from '../consent/consentQueue.js'
import { mergeConsentQueues } from '../consent/mergeConsentQueues.js'
import type { Dialect } from '../dialects/dialect.js'
import type { DialectId } from '../dialects/dialects.js'
import type { DelegationRelayClient, RelayFeeTerms } from '../execution/delegationRelayClient.js'
import type { Executor } from '../execution/executor.js'
import type { Lane, LaneName } from '../execution/lane.js'
import type { RelayClientParameters } from '../execution/relayClient.js'
import type { RelayConfirmation } from '../execution/relayLane.js'
import type { UserOperationLaneParameters } from '../execution/userOperationLane.js'
import type { KeyKind } from '../keys/storedKey.js'
import type { ClearSigningDescriptor } from '../permissions/clearSigning.js'
import type { PriceSource } from '../permissions/prices.js'
import { createLazyStore } from '../sessions/lazyStore.js'
import { createMemoryStore } from '../sessions/memoryStore.js'
import { once } from '../sessions/once.js'
import { createSessionBook, type SessionBook } from '../sessions/sessionBook.js'
import type { SessionStore } from '../sessions/store.js'
import type { ActingConfig } from './actingConfig.js'
import { BundlerNotConfiguredError, ChainNotConfiguredError, NotConnectedError, RelayNotConfiguredError } from './configErrors.js'
import { createUsageLedger, type UsageLedger } from './usageLedger.js'

export type CreateSessionKeyConfigParameters = {
  /** wagmi's config: accounts, connectors and the chains' transports. */
  wagmi: WagmiConfig
  /**
   * A relayer (ERC-8249) that pays for sessions: the URL of its JSON-RPC, or more about it. `confirm: 'after'` takes its receipt at its word
   * and asks the chain afterwards: one request less before a result, from a relay that you believe.
   *
   * `fee`: the relay is paid in a token by the user's account, out of a permission of the session (`networkFees`).
   */
  relay?: string | (RelayClientParameters & RelayConfirmation & { fee?: undefined }) | PaidRelay | undefined
  /**
   * A bundler (ERC-4337) that takes what sessions do as user operations of their own accounts: the URL of its JSON-RPC, or more about it,
   * such as who pays: `{ url, paymaster }`.
   */
  bundler?: string | UserOperationLaneParameters | undefined
  /** Who pays for what a session does. Default: `relay` where one is given, `user-operation` where a bundler is, else `direct` (the session key pays). */
  lane?: LaneName | undefined
  /**
   * How session keys are made, unless a grant says otherwise. `p256` is one that no script can read out; it acts through a contract
   * account, and so needs a relay or a bundler, and a wallet whose permissions are delegations. Default `secp256k1`.
   */
  key?: KeyKind | undefined
  /** Default: IndexedDB, and where the browser keeps nothing there, memory for short sessions. */
  store?: SessionStore | undefined
  /** The longest session, in seconds, for a browser that keeps keys only as long as the page. Default 3600. */
  maxVolatileSeconds?: number | undefined
  /** How the wallet speaks: a dialect of the kit by its id, or one of your own. Default: found out. */
  dialect?: DialectId | Dialect | undefined
  /** How sessions act where their grant is no delegation, by the dialect's id: `{ openfort: openfortExecutor(…) }`. */
  executors?: { readonly [dialect: string]: Executor } | undefined
  /** Factories that may deploy an account whose permissions wait for it (ERC-7715 `dependencies`). Default: none. */
  allowedFactories?: readonly Address[] | undefined
  /** How long to wait before asking a busy wallet again, once for each entry. Default 500, 1000, 2000, 4000. */
  busyRetryDelaysMs?: readonly number[] | undefined
  /** What tokens are worth, for the consent's screen. Default: nobody is asked, and nothing is shown. */
  prices?: PriceSource | undefined
  /** Clear-signing files (ERC-7730) for the consent's screen, or how to find one. Default: none; the kit fetches nothing. */
  descriptors?: DescriptorSource | undefined
  /** How long Allow waits before it can be pressed. For tests; the default keeps a hasty click from agreeing to something. */
  consentDelayMs?: number | undefined
}

/** A relay that redeems delegations for a fee (`relayer_send7710Transaction`). */
export type PaidRelay = RelayClientParameters & {
  fee: {
    token: Address
    /** The most that one send may cost, in the token's smallest unit. Left out: what the session's permission still allows. */
    max?: bigint | undefined
  }
}

/** Clear-signing files, or a function that finds the one of a contract. */
export type DescriptorSource =
  | readonly ClearSigningDescriptor[]
  | ((contract: { chainId: number; address: Address }) => ClearSigningDescriptor | undefined | Promise<ClearSigningDescriptor | undefined>)

/** What the hooks and actions work on. Make it once, outside React. */
export type SessionKeyConfig = {
  readonly wagmi: WagmiConfig
  readonly sessions: SessionBook
  readonly lane: Lane
  /** What the relay asks for, where the user's account pays it. */
  readonly relayFees: ((chainId: number) => Promise<RelayFeeTerms>) | undefined
  readonly key: KeyKind
  readonly dialect: DialectId | Dialect | undefined
  readonly executors: { readonly [dialect: string]: Executor }
  readonly allowedFactories: readonly Address[]
  readonly busyRetryDelaysMs: readonly number[] | undefined
  readonly prices: PriceSource | undefined
  readonly descriptors: DescriptorSource | undefined
  readonly consentDelayMs: number | undefined
  /** The consents that wait: the kit's own, and of every connected wallet that leaves the question to the page. */
  readonly consent: ConsentQueue
  /** Grants under way, by account, chain, definition and terms. */
  readonly grantsInFlight: Map<string, Promise<unknown>>
  /** What is left of sessions, as far as this page knows it. */
  readonly usage: UsageLedger
}

/**
 * @throws {RelayNotConfiguredError} `lane: 'relay'` without a relay
 * @throws {BundlerNotConfiguredError} `lane: 'user-operation'` without a bundler
 */
export function createSessionKeyConfig(parameters: CreateSessionKeyConfigParameters): SessionKeyConfig {
  const { wagmi, relay, bundler, lane = relay ? 'relay' : bundler ? 'user-operation' : 'direct', store, executors, allowedFactories = [] } = parameters
  const own = createConsentQueue()
  return {
    wagmi,
    sessions: createSessionBook(
      store ? { store } : { store: lazyIndexedDbStore(), fallback: createMemoryStore(), maxVolatileSeconds: parameters.maxVolatileSeconds },
    ),
    ...laneOf(lane, { relay, bundler }),
    key: parameters.key ?? 'secp256k1',
    dialect: parameters.dialect,
    executors: { 'erc7715-2024': lazyWalletCalls(), ...executors },
    allowedFactories,
    busyRetryDelaysMs: parameters.busyRetryDelaysMs,
    prices: parameters.prices,
    descriptors: parameters.descriptors,
    consentDelayMs: parameters.consentDelayMs,
    consent: { ...mergeConsentQueues(() => [own, ...wagmi.connectors.flatMap(consentOf)]), ask: own.ask },
    grantsInFlight: new Map(),
    usage: createUsageLedger(),
  }
}

function lazyIndexedDbStore(): SessionStore {
  return createLazyStore({ persistence: 'durable', load: async () => (await import('../sessions/indexedDbStore.js')).createIndexedDbStore() })
}

type Services = Pick<CreateSessionKeyConfigParameters, 'relay' | 'bundler'>

function laneOf(lane: LaneName, { relay, bundler }: Services): Pick<SessionKeyConfig, 'lane' | 'relayFees'> {
  switch (lane) {
    case 'direct':
      return { lane: lazyDirectLane(), relayFees: undefined }
    case 'user-operation':
      if (!bundler) throw new BundlerNotConfiguredError()
      return { lane: lazyUserOperationLane(typeof bundler === 'string' ? { url: bundler } : bundler), relayFees: undefined }
    case 'relay': {
      if (!relay) throw new RelayNotConfiguredError()
      if (!isPaid(relay)) return { lane: lazyRelayLane(relay), relayFees: undefined }
      const loadRelay = lazyFeeRelay(relay)
      return { lane: lazyPaidRelayLane(loadRelay, relay.fee), relayFees: async (chainId) => (await loadRelay()).getTerms(chainId) }
    }
    default:
      return lane satisfies never
  }
}

function isPaid(relay: NonNullable<Services['relay']>): relay is PaidRelay {
  return typeof relay === 'object' && relay.fee !== undefined
}

// What acts is loaded when something first acts.

function lazyDirectLane(): Lane {
  const load = once(async () => (await import('../execution/directLane.js')).directLane())
  return { name: 'direct', payer: 'session-key', send: async (request) => (await load()).send(request) }
}

function lazyRelayLane(relay: Exclude<NonNullable<Services['relay']>, PaidRelay>): Lane {
  const load = once(async () => {
    const [{ relayLane }, { createRelayClient }] = await Promise.all([import('../execution/relayLane.js'), import('../execution/relayClient.js')])
    return typeof relay === 'string' ? relayLane(createRelayClient({ url: relay })) : relayLane(createRelayClient(relay), relay)
  })
  return { name: 'relay', payer: 'relay', send: async (request) => (await load()).send(request) }
}

type LoadFeeRelay = () => Promise<DelegationRelayClient>

function lazyFeeRelay({ fee, ...relay }: PaidRelay): LoadFeeRelay {
  return once(async () => (await import('../execution/delegationRelayClient.js')).createDelegationRelayClient({ ...relay, token: fee.token }))
}

function lazyPaidRelayLane(loadRelay: LoadFeeRelay, { max }: PaidRelay['fee']): Lane {
  const load = once(async () => {
    const [{ paidRelayLane }, relay] = await Promise.all([import('../execution/paidRelayLane.js'), loadRelay()])
    return paidRelayLane(relay, { max })
  })
  return { name: 'relay', payer: 'account', send: async (request) => (await load()).send(request) }
}

function lazyUserOperationLane(bundler: UserOperationLaneParameters): Lane {
  const load = once(async () => (await import('../execution/userOperationLane.js')).userOperationLane(bundler))
  return { name: 'user-operation', payer: bundler.paymaster ? 'relay' : 'session-key', send: async (request) => (await load()).send(request) }
}

function lazyWalletCalls(): Executor {
  const load = once(async () => (await import('../execution/walletCallsExecutor.js')).walletCallsExecutor())
  return async (request) => (await load())(request)
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
export function getChainClient(config: Pick<ActingConfig, 'wagmi'>, chainId: number): Client {
  const chain = config.wagmi.chains.find(({ id }) => id === chainId)
  if (!chain) throw new ChainNotConfiguredError({ chainId })
  return config.wagmi.getClient({ chainId })
}
