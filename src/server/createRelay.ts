import type { Chain, LocalAccount, Transport } from 'viem'
import { relayErrorCode } from '../execution/relayWire.js'
import { callerByKey, createAuthorise } from './relay/authorise.js'
import type { LowBalance } from './relay/balance.js'
import type { RelayCounters } from './relay/counters.js'
import { InvalidRelayLimitsError } from './relay/errors.js'
import type { RelayEvent } from './relay/events.js'
import { healthResponse, type RelayHealth } from './relay/health.js'
import type { RelayJournal } from './relay/journal.js'
import { serveJsonRpc, type JsonRpcMethod } from './relay/jsonRpc.js'
import type { RelayLimits } from './relay/limits.js'
import { openRelay } from './relay/openRelay.js'
import { readCapabilitiesParams, readStatusParams, readTransactionParams } from './relay/params.js'
import { RelayRpcError } from './relay/relayRpcError.js'
import type { Task } from './relay/tasks.js'

export type CreateRelayParameters = {
  chain: Chain
  transport: Transport
  /** Signs and pays for the relay's transactions. No other process may send from it. */
  account: LocalAccount
  /** What the relay is ready to pay for. Without `spending`, `accounts` or `apiKeys` anyone can spend all of the account's gas: accounts are free to make. */
  limits?: RelayLimits | undefined
  /** Callers must know one of these: `Authorization: Bearer …` or `x-api-key`. @default anyone may call */
  apiKeys?: readonly string[] | undefined
  /** Who calls, for `limits.perClient`: an address that your proxy vouches for, say. @default the API key, where there are any */
  clientOf?: ((request: Request) => string | undefined) | undefined
  /** Where quotas and the budget are counted. Several relays, each with its account, that share one share them. @default this process's memory */
  counters?: RelayCounters | undefined
  /** Where it writes down what it sends, for the process after it. @default nowhere: a new process waits until all that was sent is in a block */
  journal?: RelayJournal | undefined
  /** How long a transaction is waited for, in milliseconds, before more is offered for it: an eighth each time, ten times at most. @default 30_000 */
  replaceAfterMs?: number | undefined
  /** Told when the account has less than that, once each time. */
  lowBalance?: LowBalance | undefined
  /** Unix seconds, for windows and deadlines. @default the system's clock */
  clock?: (() => number) | undefined
  /** `access-control-allow-origin`. @default '*' */
  cors?: string | undefined
  /** How long a caller may take to send a body, in milliseconds. @default 10_000 */
  maxBodyMs?: number | undefined
  /** What went wrong with the node or the relay itself, for the operator's log; callers are not told. */
  onError?: ((error: unknown) => void) | undefined
  /** What happens, for the operator's traces and metrics. */
  onEvent?: ((event: RelayEvent) => void) | undefined
}

export type Relay = {
  (request: Request): Promise<Response>
  /** How it is. GET at a path that ends in `/health` says the same: 200, or 503 where something is wrong. */
  health(): Promise<RelayHealth>
  /** Goes on with what the journal has; the first request does so too. @returns how many transactions it found */
  recover(): Promise<number>
}

export type CreateRelayErrorType = InvalidRelayLimitsError

/**
 * A gas sponsor: a Fetch handler that speaks the relayer JSON-RPC and pays for redemptions of delegations, for account
 * upgrades and for the accounts of P-256 session keys, nothing else. Mount it at any path. Tasks live in memory: one process per
 * paying account.
 *
 * @throws {InvalidRelayLimitsError}
 * @see ERC-8249
 */
export function createRelay(parameters: CreateRelayParameters): Relay {
  const { chain, account, limits = {}, apiKeys, cors = '*', maxBodyMs = 10_000, onError = () => undefined } = parameters
  const clientOf = parameters.clientOf ?? (apiKeys ? ({ headers }: Request) => callerByKey(headers) : undefined)
  if (limits.perClient && !clientOf) throw new InvalidRelayLimitsError({ limit: 'perClient', must: 'come with clientOf or apiKeys, which say who calls' })
  const relay = openRelay(parameters)

  const methods = new Map<string, JsonRpcMethod>([
    [
      'relayer_getCapabilities',
      async (params) => {
        const asked = readCapabilitiesParams(params)
        if (asked.length > 0 && !asked.includes(chain.id)) return {}
        return { [chain.id]: { feeCollector: account.address, tokens: [], targetAddress: account.address } }
      },
    ],
    [
      'relayer_sendTransaction',
      async (params, client) => {
        await relay.admit(client)
        return (await relay.accept(readTransactionParams(params))).status().id
      },
    ],
    [
      'relayer_sendTransactionSync',
      async (params, client) => {
        const startedAt = Date.now()
        await relay.admit(client)
        const request = readTransactionParams(params)
        const task = await relay.accept(request)
        const waitMs = Math.min(request.timeout ?? maxSyncWaitMs, maxSyncWaitMs) - (Date.now() - startedAt)
        await settledWithin(task, waitMs)
        if (task.isSettled()) return task.status()
        throw new RelayRpcError(relayErrorCode.timeout, 'Not included yet: ask relayer_getStatus.', { data: task.status().id })
      },
    ],
    [
      'relayer_getStatus',
      async (params) => {
        await relay.recover()
        const task = relay.task(readStatusParams(params))
        if (!task) throw new RelayRpcError(relayErrorCode.unknownId, 'No task with this id, or it is long past.')
        return task.status()
      },
    ],
  ])

  const handler = serveJsonRpc({
    methods,
    authorise: createAuthorise(apiKeys),
    clientOf: clientOf ?? (() => undefined),
    health: async (mayKnow, headers) => healthResponse(await relay.health(), mayKnow, headers),
    cors,
    maxBodyBytes: relay.rules.maxBodyBytes,
    maxBodyMs,
    refused: ({ method, code, httpStatus, reason }) => relay.tell('relay.request.refused', { 'rpc.method': method, 'rpc.code': code, 'http.status': httpStatus, reason }),
    onError,
  })
  return Object.assign((request: Request) => handler(request), { health: relay.health, recover: relay.recover })
}

const maxSyncWaitMs = 10_000

async function settledWithin(task: Task, milliseconds: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const timeout = new Promise<void>((resolve) => (timer = setTimeout(resolve, Math.max(milliseconds, 0))))
  await Promise.race([task.settled, timeout])
  clearTimeout(timer)
}
