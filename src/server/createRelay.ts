import { createClient, keccak256, stringToHex, type Chain, type Hex, type LocalAccount, type Transport } from 'viem'
import { estimateFeesPerGas, getBlock } from 'viem/actions'
import { relayErrorCode } from '../execution/relayWire.js'
import { checkAuthorizations } from './relay/authorizations.js'
import { createAuthorise } from './relay/authorise.js'
import type { InvalidRelayLimitsError } from './relay/errors.js'
import { execute } from './relay/execute.js'
import { createGasBudget } from './relay/gasBudget.js'
import { serveJsonRpc, type JsonRpcMethod } from './relay/jsonRpc.js'
import { resolveLimits, type RelayLimits } from './relay/limits.js'
import { readCapabilitiesParams, readStatusParams, readTransactionParams, type TransactionRequest } from './relay/params.js'
import { notSponsored, RelayRpcError } from './relay/relayRpcError.js'
import { createSenderAllowance } from './relay/senderAllowance.js'
import { simulate, unreachable } from './relay/simulate.js'
import { readSponsoredCall, type SponsoredCall } from './relay/sponsoredCall.js'
import { createSubmitter } from './relay/submit.js'
import { createTask, createTaskList, type Task } from './relay/tasks.js'

export type CreateRelayParameters = {
  chain: Chain
  transport: Transport
  /** Signs and pays for the relay's transactions. No other process may send from it. */
  account: LocalAccount
  /** What the relay is ready to pay for. Without `perSender`, `spending` or `apiKeys` anyone can spend the account's gas. */
  limits?: RelayLimits | undefined
  /** Callers must know one of these: `Authorization: Bearer …` or `x-api-key`. @default anyone may call */
  apiKeys?: readonly string[] | undefined
  /** Unix seconds, for windows and deadlines. @default the system's clock */
  clock?: (() => number) | undefined
  /** `access-control-allow-origin`. @default '*' */
  cors?: string | undefined
  /** What went wrong with the node or the relay itself, for the operator's log; callers are not told. */
  onError?: ((error: unknown) => void) | undefined
}

export type Relay = (request: Request) => Promise<Response>

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
  const { chain, transport, account, limits = {}, apiKeys, cors = '*' } = parameters
  const { clock = () => Math.floor(Date.now() / 1000), onError = () => undefined } = parameters
  const rules = resolveLimits(account.address, limits)
  const client = createClient({ chain, transport, account })
  const submitter = createSubmitter(client)
  const allowance = createSenderAllowance(limits.perSender, clock)
  const budget = createGasBudget(limits.spending, clock)
  const tasks = createTaskList()
  const attempts = new Map<Hex, Promise<Task>>()

  async function accept(request: TransactionRequest): Promise<Task> {
    if (request.chainId !== chain.id) {
      throw new RelayRpcError(relayErrorCode.unsupportedChain, `This relay serves chain ${chain.id}, not ${request.chainId}.`)
    }
    const call = readSponsoredCall(request, rules)
    const standing = tasks.standing(call.id)
    if (standing) return standing

    // Only byte-equal requests share an attempt: another's bad signature must not fail a good one.
    const { to, data, authorizationList } = request
    const bytes = keccak256(stringToHex(JSON.stringify([to, data, authorizationList])))
    const attempt = attempts.get(bytes) ?? attemptTask(request, call).finally(() => attempts.delete(bytes))
    attempts.set(bytes, attempt)
    return attempt
  }

  /** Up to here nothing is remembered and nothing is paid; what fails may be sent again. */
  async function attemptTask(request: TransactionRequest, sponsored: SponsoredCall): Promise<Task> {
    const { id, sender } = sponsored
    allowance.check(sender)
    await checkAuthorizations(client, request.authorizationList, sponsored)
    await checkDeadline(sponsored.deadline)
    const [gas, fees] = await Promise.all([
      simulate(client, request, rules.maxGas),
      estimateFeesPerGas(client).catch((error: unknown) => Promise.reject(unreachable(error))),
    ])

    // From here to the task there is no await: of two equal requests, one finds the other's.
    const standing = tasks.standing(id)
    if (standing) return standing
    // Only now is the sender known to be who it says: the chain has checked the signatures.
    allowance.check(sender)
    const reservation = budget.reserve(gas * fees.maxFeePerGas)
    allowance.take(sender)
    const task = createTask({ id, chainId: chain.id, createdAt: clock() })
    tasks.add(id, task)
    execute({ client, submitter, task, call: { ...request, gas }, fees, reservation, onError }).catch(onError)
    return task
  }

  async function checkDeadline(deadline: number | undefined): Promise<void> {
    if (deadline === undefined || deadline <= clock() + maxDeadlineSeconds) return
    // A local chain's clock may run ahead of ours.
    const { timestamp } = await getBlock(client, { blockTag: 'pending' })
      .catch(() => getBlock(client))
      .catch((error: unknown) => Promise.reject(unreachable(error)))
    if (deadline > Number(timestamp) + maxDeadlineSeconds) throw notSponsored(`a leaf delegation to anyone must end within ${maxDeadlineSeconds} seconds.`)
  }

  const methods = new Map<string, JsonRpcMethod>([
    [
      'relayer_getCapabilities',
      async (params) => {
        const asked = readCapabilitiesParams(params)
        if (asked.length > 0 && !asked.includes(chain.id)) return {}
        return { [chain.id]: { feeCollector: account.address, tokens: [], targetAddress: account.address } }
      },
    ],
    ['relayer_sendTransaction', async (params) => (await accept(readTransactionParams(params))).status().id],
    [
      'relayer_sendTransactionSync',
      async (params) => {
        const startedAt = Date.now()
        const request = readTransactionParams(params)
        const task = await accept(request)
        const waitMs = Math.min(request.timeout ?? maxSyncWaitMs, maxSyncWaitMs) - (Date.now() - startedAt)
        await settledWithin(task, waitMs)
        if (task.isSettled()) return task.status()
        throw new RelayRpcError(relayErrorCode.timeout, 'Not included yet: ask relayer_getStatus.', { data: task.status().id })
      },
    ],
    [
      'relayer_getStatus',
      async (params) => {
        const task = tasks.get(readStatusParams(params))
        if (!task) throw new RelayRpcError(relayErrorCode.unknownId, 'No task with this id, or it is long past.')
        return task.status()
      },
    ],
  ])

  return serveJsonRpc({ methods, authorise: createAuthorise(apiKeys), cors, maxBodyBytes: rules.maxBodyBytes, onError })
}

/** Whoever may redeem a leaf may also sit on it; not for longer than this. */
const maxDeadlineSeconds = 3_600

const maxSyncWaitMs = 10_000

async function settledWithin(task: Task, milliseconds: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const timeout = new Promise<void>((resolve) => (timer = setTimeout(resolve, Math.max(milliseconds, 0))))
  await Promise.race([task.settled, timeout])
  clearTimeout(timer)
}
