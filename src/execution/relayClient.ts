import type { Hex, TransactionReceipt } from 'viem'
import * as v from 'valibot'
import { pollTask } from './pollTask.js'
import { readRelayCapabilities, type RelayCapabilities } from './relayCapabilities.js'
import {
  RelayInvalidResponseError,
  RelayRejectedError,
  RelayRevertedError,
  RelayTimeoutError,
  RelayUnreachableError,
  RelayUnsupportedChainError,
} from './relayErrors.js'
import type { InvalidRelayConfigError, RelaySimulationError } from './relayErrors.js'
import { createRelayRpc, type RelayRpcParameters } from './relayRpc.js'
import { readRelayStatus, readSyncAnswer, relayTaskId, type RelayStatus } from './relayStatus.js'
import { encodeRelayTransaction, relayErrorCode, relayStatusCode, type RelayTransaction } from './relayWire.js'

export type RelayClientParameters = RelayRpcParameters & {
  /** How long one request may take, where the relay is not asked to wait. @default 15_000 */
  requestTimeoutMs?: number | undefined
  /** How long `send` waits for an outcome before it throws RelayTimeoutError. @default 120_000 */
  totalTimeoutMs?: number | undefined
  /** The first wait between two looks at a task; each is half as long again, up to 2 seconds. @default 100 */
  pollingIntervalMs?: number | undefined
}

export type RelaySent = { id: string; transactionHash: Hex; receipt: TransactionReceipt }

export type RelayClient = {
  /** Asked once per chain. */
  getCapabilities: (chainId: number) => Promise<RelayCapabilities>
  /** Sends and lets the relay wait up to `timeoutMs` (default 10_000). Status 100 when it was too slow: go on with `getStatus`. */
  sendTransactionSync: (transaction: RelayTransaction, options?: { timeoutMs?: number | undefined }) => Promise<RelayStatus>
  /** Sends; resolves with the relay's task id. */
  sendTransaction: (transaction: RelayTransaction) => Promise<string>
  getStatus: (id: string) => Promise<RelayStatus>
  /** Sends and waits for the outcome: one request where the relay can wait, else send and polling. */
  send: (transaction: RelayTransaction) => Promise<RelaySent>
}

export type RelayClientErrorType =
  | InvalidRelayConfigError
  | RelayInvalidResponseError
  | RelayRejectedError
  | RelayRevertedError
  | RelaySimulationError
  | RelayTimeoutError
  | RelayUnreachableError
  | RelayUnsupportedChainError

/**
 * Speaks a relay's JSON-RPC: our own `createRelay`, or a hosted one. Posts to exactly `url`; `apiKey` travels as a bearer token.
 *
 * @throws {InvalidRelayConfigError} at once, for a url or a header that cannot be used
 * @see ERC-8249
 */
export function createRelayClient(parameters: RelayClientParameters): RelayClient {
  const { requestTimeoutMs = 15_000, totalTimeoutMs = 120_000, pollingIntervalMs = 100 } = parameters
  const rpc = createRelayRpc(parameters)
  const capabilities = new Map<number, Promise<RelayCapabilities>>()
  let canWait = true

  async function getCapabilities(chainId: number): Promise<RelayCapabilities> {
    const known = capabilities.get(chainId)
    if (known) return known
    const asked = rpc({ method: 'relayer_getCapabilities', params: [String(chainId)], timeoutMs: requestTimeoutMs }).then(
      (answer) => readRelayCapabilities(answer, chainId),
      (error: unknown) => Promise.reject(refine(error, chainId)),
    )
    capabilities.set(chainId, asked)
    asked.catch(() => capabilities.delete(chainId))
    return asked
  }

  async function sendTransactionSync(transaction: RelayTransaction, { timeoutMs = 10_000 }: { timeoutMs?: number | undefined } = {}) {
    try {
      return readSyncAnswer(
        await rpc({
          method: 'relayer_sendTransactionSync',
          params: { ...encodeRelayTransaction(transaction), timeout: timeoutMs },
          // The relay's "too slow", with the task's id in it, has to arrive before our own.
          timeoutMs: timeoutMs + 5_000,
        }),
      )
    } catch (error) {
      if (!isRejection(error, relayErrorCode.timeout)) throw refine(error, transaction.chainId)
      const id = v.safeParse(relayTaskId, error.data)
      if (!id.success) throw new RelayTimeoutError({ id: undefined, waitedMs: timeoutMs })
      return { status: relayStatusCode.pending, id: id.output }
    }
  }

  async function sendTransaction(transaction: RelayTransaction): Promise<string> {
    try {
      const params = encodeRelayTransaction(transaction)
      const id = v.safeParse(relayTaskId, await rpc({ method: 'relayer_sendTransaction', params, timeoutMs: requestTimeoutMs }))
      if (!id.success) throw new RelayInvalidResponseError({ reason: 'no task id' })
      return id.output
    } catch (error) {
      throw refine(error, transaction.chainId)
    }
  }

  async function getStatus(id: string): Promise<RelayStatus> {
    return readRelayStatus(await rpc({ method: 'relayer_getStatus', params: { id }, timeoutMs: requestTimeoutMs }), id)
  }

  async function start(transaction: RelayTransaction): Promise<RelayStatus> {
    if (canWait) {
      try {
        return await sendTransactionSync(transaction)
      } catch (error) {
        if (!isRejection(error, relayErrorCode.methodNotFound)) throw error
        canWait = false
      }
    }
    return { status: relayStatusCode.pending, id: await sendTransaction(transaction) }
  }

  async function send(transaction: RelayTransaction): Promise<RelaySent> {
    const startedAt = Date.now()
    const first = await start(transaction)
    const task = await pollTask<RelayStatus, OpenStatus>({
      first,
      isOpen,
      look,
      pollingIntervalMs,
      totalTimeoutMs: totalTimeoutMs - (Date.now() - startedAt),
      timedOut: (open) =>
        new RelayTimeoutError({
          id: open.id,
          transactionHash: open.status === relayStatusCode.submitted ? open.transactionHash : undefined,
          waitedMs: Date.now() - startedAt,
        }),
    })
    return result(task)
  }

  /** A look that fails is not an outcome: the transaction is on its way regardless. */
  async function look(task: RelayStatus): Promise<RelayStatus> {
    try {
      return await getStatus(task.id)
    } catch (error) {
      if (error instanceof RelayUnreachableError || isRejection(error, relayErrorCode.rateLimited)) return task
      throw error
    }
  }

  return { getCapabilities, sendTransactionSync, sendTransaction, getStatus, send }
}

type OpenStatus = Extract<RelayStatus, { status: typeof relayStatusCode.pending | typeof relayStatusCode.submitted }>

function isOpen(task: RelayStatus): task is OpenStatus {
  return task.status === relayStatusCode.pending || task.status === relayStatusCode.submitted
}

function result(task: Exclude<RelayStatus, OpenStatus>): RelaySent {
  switch (task.status) {
    case relayStatusCode.success:
      return { id: task.id, transactionHash: task.receipt.transactionHash, receipt: task.receipt }
    case relayStatusCode.rejected:
      throw new RelayRejectedError({ code: task.status, reason: task.message, data: task.data })
    case relayStatusCode.reverted:
      throw new RelayRevertedError(task)
    default:
      return task satisfies never
  }
}

function isRejection(error: unknown, code: number): error is RelayRejectedError {
  return error instanceof RelayRejectedError && error.code === code
}

function refine(error: unknown, chainId: number): unknown {
  return isRejection(error, relayErrorCode.unsupportedChain) ? new RelayUnsupportedChainError({ chainId }) : error
}
