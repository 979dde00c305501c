import { isAddressEqual, type Address, type Calls, type Client, type Hash, type Narrow } from 'viem'
import { getChainClient } from '../actions/createSessionKeyConfig.js'
import { planCalls } from '../actions/checkCalls.js'
import type { GetPermissionUsageReturnType } from '../actions/permissionUsage.js'
import { readSessionUsage } from '../actions/getPermissionUsage.js'
import { encodeSessionCalls } from '../actions/sessionCalls.js'
import type { CallRefusedError } from '../execution/errors.js'
import type { Lane } from '../execution/lane.js'
import type { RelayClientParameters } from '../execution/relayClient.js'
import type { UnixSeconds } from '../permissions/permission.js'
import type { Session, SessionId } from '../sessions/session.js'
import type { SessionStatus } from '../sessions/status.js'
import type { Effect } from './agent/effects.js'
import { createEndings, type SessionEnded } from './agent/endings.js'
import { AgentSessionNotFoundError } from './agent/errors.js'
import type { Intent } from './agent/intent.js'
import { createIntentBook } from './agent/intentBook.js'
import { sendIntent } from './agent/sendIntent.js'
import { settleIntent } from './agent/settleIntent.js'
import { serverLane } from './agent/serverLane.js'
import { openServer, type ServerParameters } from './openServer.js'
import { AgentRowChangedError } from './store/agentStore.js'
import { enrolledSessions, type EnrolledQuery } from './store/enrolmentLog.js'
import { createLeases } from './store/lease.js'

export type CreateSessionAgentParameters = ServerParameters & {
  /** A relayer (ERC-8249) that pays. Left out: each user's key pays for itself, and needs some of the native token. */
  relay?: string | RelayClientParameters | undefined
  /**
   * A session acts no more: its user revoked it, it is over, or it is used up for good. Called once it is written down; a process that dies in
   * between does not call it, so what must not be missed is read from `sessions`.
   */
  onEnded?: ((ended: SessionEnded) => void) | undefined
  /** How long a process that died keeps others from the key that it used, in ms. @default 30_000 */
  leaseMs?: number | undefined
  /** How long to wait for another process that uses the key, in ms. @default 180_000 */
  waitMs?: number | undefined
}

export type AgentSendParameters<calls extends readonly unknown[] = readonly unknown[]> = {
  session: SessionId
  /** Made in this order as one: all take effect or none does. */
  calls: Calls<Narrow<calls>>
  /**
   * The app's name for what is done: `subscription 2026-12`. Under one name it happens at most once, ever: the chain itself refuses a second
   * time, after any crash, from any process, whatever became of the store. Default: a new one each time.
   */
  intent?: string | undefined
  /** It happens before this moment or not at all. @default five minutes after it is sent */
  deadline?: UnixSeconds | undefined
  /** What has to be seen on-chain afterwards, beside the transfers that the calls make. */
  effects?: readonly Effect[] | undefined
}

export type SentIntent = {
  intent: string
  /** Undefined where the chain says that it happened, and the node does not find in which transaction. */
  transactionHash: Hash | undefined
  blockNumber: bigint | undefined
}

/** `error` is what sending them would throw. */
export type AgentVerdict = { allowed: true; error: undefined } | { allowed: false; error: CallRefusedError }

export type AgentSessionsQuery = { user?: string | undefined; account?: Address | undefined; statuses?: readonly SessionStatus[] | undefined }

/** Acts with the sessions that were granted to the server's keys. */
export type SessionAgent = {
  /**
   * Makes calls, and resolves when they are in a block and the chain shows what they were for.
   *
   * @throws {SessionEndedError} `lostRace` names a transaction that was sent before the end was seen, and reverted
   * @throws {CallRefusedError} its subclasses say which limit; nothing took effect
   * @throws {EffectMissingError} it is done, and did something else than expected
   * @throws {IntentConflictError} {@link IntentTooLateError} {@link KeyInUseError} nothing was sent
   * @throws {TransactionOutcomeUnknownError} {@link RelayOutcomeUnknownError} it may still happen; send the same intent again to find out
   */
  send: <const calls extends readonly unknown[]>(parameters: AgentSendParameters<calls>) => Promise<SentIntent>
  /** Would they be allowed, now? Sends nothing. */
  check: <const calls extends readonly unknown[]>(parameters: { session: SessionId; calls: Calls<Narrow<calls>> }) => Promise<AgentVerdict>
  /** What is left of each limit, read from the chain. */
  usage: (session: SessionId) => Promise<GetPermissionUsageReturnType>
  /** Looks at the chain for the session's end; what has ended is written down, and told. */
  look: (session: SessionId) => Promise<Session>
  sessions: (query?: AgentSessionsQuery) => Promise<readonly Session[]>
  /** One session, whatever became of it. */
  session: (id: SessionId) => Promise<Session | undefined>
  /** All that may act, one after the other; where a moment is given, those that were enrolled since, and no others are read. */
  enrolled: (query?: EnrolledQuery) => AsyncIterable<Session>
  /** What a session was told to do, the newest first. What another version wrote, and this one cannot read, is left out; `intent` throws for it. */
  intents: (session: SessionId) => Promise<readonly Intent[]>
  /** What it was told to do under one name. */
  intent: (session: SessionId, id: string) => Promise<Intent | undefined>
  /** The chains that it can act on, and what it asks them by. */
  chainIds: readonly number[]
  client: (chainId: number) => Client
  /**
   * Finds out what became of everything that a process left open when it died; for the start of a process. It sends nothing new: what was
   * never sent is `failed` afterwards, and happens when it is sent again; what is not known even now, as what a relay may still include, is
   * `sent`, and is known when it is sent again, or after its deadline.
   */
  recover: () => Promise<readonly Intent[]>
}

export function createSessionAgent(parameters: CreateSessionAgentParameters): SessionAgent {
  const { relay, onEnded, leaseMs = 30_000, waitMs = 180_000 } = parameters
  const server = openServer(parameters)
  const lane: Lane = serverLane(relay)
  const intents = createIntentBook(server.store)
  const endings = createEndings(server, { onEnded })
  const leases = createLeases(server.store, { leaseMs, waitMs })
  const parts = { server, lane, intents, endings }

  /** One process at a time uses a key on a chain, from what it reads to what is in a block: so at most one transaction loses a race. */
  function withKey<result>({ chainId, address }: { chainId: number; address: Address }, work: () => Promise<result>): Promise<result> {
    return leases.during(`${chainId}:${address.toLowerCase()}`, work)
  }

  async function settleLeft({ session, id }: Intent): Promise<Intent> {
    // Whoever held the key may have gone on with it.
    const left = await intents.get(session, id)
    if (!left) throw new AgentSessionNotFoundError({ session })
    if (left.state.status !== 'written' && left.state.status !== 'sent') return left
    const settled = await settleIntent(parts, left, [])
    // A relay may still bring on-chain what is `sent`.
    return settled.state.status === 'written' ? intents.save(settled, { state: neverHappened }) : settled
  }

  async function stored(id: SessionId): Promise<Session> {
    const session = await server.sessions.get(id)
    if (!session) throw new AgentSessionNotFoundError({ session: id })
    return session
  }

  return {
    async send({ session: id, calls, intent = crypto.randomUUID(), deadline, effects = [] }) {
      const session = await stored(id)
      const wanted = { session, id: intent, calls: encodeSessionCalls(calls), deadline, effects }
      const { state } = await withKey(session, () => afterChanges(() => sendIntent(parts, wanted)))
      const { transactionHash, blockNumber } = state.status === 'done' ? state : {}
      return { intent, transactionHash, blockNumber }
    },
    async check({ session: id, calls }) {
      const plan = await planCalls(server, await endings.require(id), encodeSessionCalls(calls))
      return 'error' in plan ? { allowed: false, error: plan.error } : { allowed: true, error: undefined }
    },
    usage: async (id) => readSessionUsage(server, await stored(id)),
    look: async (id) => (await endings.look(await endings.require(id))).session,
    async sessions({ user, ...query } = {}) {
      if (user === undefined) return server.sessions.find(query)
      // Who has no key has no sessions, and does not get one by looking.
      const own = await server.keys.knownAddressOf(user)
      return own ? (await server.sessions.find(query)).filter(({ address }) => isAddressEqual(address, own)) : []
    },
    session: (id) => server.sessions.get(id),
    enrolled: (query) => enrolledSessions(server.store, query),
    intents: (session) => intents.ofSession(session),
    intent: (session, id) => intents.get(session, id),
    chainIds: server.wagmi.chains.map(({ id }) => id),
    client: (chainId) => getChainClient(server, chainId),
    async recover() {
      const settled: Intent[] = []
      for await (const left of intents.unsettled()) {
        // One whose chain does not answer keeps nobody else waiting, and is as it was.
        settled.push(await withKey({ chainId: left.chainId, address: left.key }, () => settleLeft(left)).catch(() => left))
      }
      return settled
    },
  }
}

/** Where a lease was lost, because this process stood still, another may be at the same intent: it is read again, and settled by what is there. */
async function afterChanges<result>(work: () => Promise<result>): Promise<result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof AgentRowChangedError) || attempt === mostAttempts) throw error
    }
  }
}

const mostAttempts = 5

const neverHappened = { status: 'failed', error: 'NotSentError', message: 'The process that was to send it ended before.' } as const
