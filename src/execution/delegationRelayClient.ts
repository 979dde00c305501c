import type { Address, Hash, Hex } from 'viem'
import {
  encodeDelegationBundle,
  freshTaskId,
  readDelegationTask,
  readEstimate,
  readMinFee,
  type DelegationBundle,
  type DelegationTask,
  type RelayQuote,
} from './delegationRelayWire.js'
import { pollTask } from './pollTask.js'
import { readRelayCapabilities } from './relayCapabilities.js'
import { RelayRejectedError, RelayTimeoutError, RelayUnreachableError, RelayUnsupportedChainError } from './relayErrors.js'
import {
  RelayFeesNotSupportedError,
  RelayFeeTokenError,
  RelayFeeTooLowError,
  RelayFeeUnaffordableError,
  RelayQuoteExpiredError,
  RelaySignatureRefusedError,
  RelayTaskRevertedError,
} from './relayFeeErrors.js'
import type { RelayClientParameters } from './relayClient.js'
import { createRelayRpc } from './relayRpc.js'
import { relayErrorCode, relayStatusCode } from './relayWire.js'

/** What a relay asks for on one chain, in one token. */
export type RelayFeeTerms = {
  token: Address
  /** The one address that a leaf may name as its delegate. */
  targetAddress: Address
  /** Whom the fee is paid to. */
  feeCollector: Address
  /** The least it takes, in the smallest unit of the token. */
  minFee: bigint
}

export type DelegationRelayClient = {
  /** Asked once per chain. */
  getTerms: (chainId: number) => Promise<RelayFeeTerms>
  /** Asks again for the next one: a relay may move. */
  forgetTerms: (chainId: number) => void
  /** What the bundle would cost; or why the relay would not take it. */
  estimate: (bundle: DelegationBundle) => Promise<RelayQuote | { refused: string }>
  /** Sends it and waits for the outcome. */
  send: (bundle: DelegationBundle, quote: RelayQuote) => Promise<{ id: string; transactionHash: Hash }>
}

/**
 * Speaks to a relay that redeems delegations and is paid out of one of them, in a token.
 * @throws {InvalidRelayConfigError} at once, for a url or a header that cannot be used
 * @see https://1shotapi.com/docs/api-reference/public-relayer `relayer_getCapabilities`, `relayer_getFeeData`,
 * `relayer_estimate7710Transaction`, `relayer_send7710Transaction`, `relayer_getStatus`
 */
export function createDelegationRelayClient(parameters: RelayClientParameters & { token: Address }): DelegationRelayClient {
  const { token, requestTimeoutMs = 15_000, totalTimeoutMs = 120_000, pollingIntervalMs = 250 } = parameters
  const rpc = createRelayRpc(parameters)
  const known = new Map<number, Promise<RelayFeeTerms>>()

  async function ask(method: string, params: unknown, chainId: number): Promise<unknown> {
    try {
      return await rpc({ method, params, timeoutMs: requestTimeoutMs })
    } catch (error) {
      throw refine(error, { chainId, token })
    }
  }

  async function readTerms(chainId: number): Promise<RelayFeeTerms> {
    const { targetAddress, feeCollector, tokens = [] } = readRelayCapabilities(await ask('relayer_getCapabilities', [String(chainId)], chainId), chainId)
    if (!targetAddress || !feeCollector) {
      const missing = [...(targetAddress ? [] : ['targetAddress']), ...(feeCollector ? [] : ['feeCollector'])]
      throw new RelayFeesNotSupportedError({ chainId, missing })
    }
    if (!tokens.some(({ address }) => address.toLowerCase() === token.toLowerCase())) {
      throw new RelayFeeTokenError({ token, accepted: tokens.slice(0, 20).map(({ address }) => address) })
    }
    const { minFee } = readMinFee(await ask('relayer_getFeeData', { chainId: String(chainId), token }, chainId))
    return { token, targetAddress, feeCollector, minFee }
  }

  function getTerms(chainId: number): Promise<RelayFeeTerms> {
    const before = known.get(chainId)
    if (before) return before
    const asked = readTerms(chainId)
    known.set(chainId, asked)
    asked.catch(() => known.delete(chainId))
    return asked
  }

  async function getTask(id: Hex, chainId: number): Promise<DelegationTask> {
    return readDelegationTask(await ask('relayer_getStatus', { id, logs: false }, chainId))
  }

  /** A look that fails is not an outcome: the transaction is on its way regardless. */
  async function look(task: OpenTask, id: Hex, chainId: number): Promise<DelegationTask> {
    try {
      return await getTask(id, chainId)
    } catch (error) {
      if (error instanceof RelayUnreachableError || isRejection(error, relayErrorCode.rateLimited)) return task
      throw error
    }
  }

  /** A lost answer is asked for again, with the same id: where the relay has it already, it says so. */
  async function hand(params: object, chainId: number): Promise<void> {
    const send = () => ask('relayer_send7710Transaction', params, chainId)
    await send().catch(async (lost: unknown) => {
      if (!(lost instanceof RelayUnreachableError)) throw lost
      await send().catch((error: unknown) => {
        if (isRejection(error, relayErrorCode.duplicateTaskId)) return
        // Any other refusal is no word on the first.
        throw lost
      })
    })
  }

  return {
    getTerms,
    forgetTerms: (chainId) => void known.delete(chainId),
    estimate: async (bundle) => readEstimate(await ask('relayer_estimate7710Transaction', encodeDelegationBundle(bundle), bundle.chainId)),
    async send(bundle, { context }) {
      const { chainId } = bundle
      const id = freshTaskId()
      await hand({ ...encodeDelegationBundle(bundle), ...(context === undefined ? {} : { context }), taskId: id }, chainId)
      const task = await pollTask<DelegationTask, OpenTask>({
        first: { status: relayStatusCode.pending },
        isOpen,
        look: (open) => look(open, id, chainId),
        pollingIntervalMs,
        totalTimeoutMs,
        timedOut: (open, waitedMs) => new RelayTimeoutError({ id, transactionHash: 'transactionHash' in open ? open.transactionHash : undefined, waitedMs }),
      })
      return outcome(id, task)
    },
  }
}

type OpenTask = Extract<DelegationTask, { status: typeof relayStatusCode.pending | typeof relayStatusCode.submitted }>

function isOpen(task: DelegationTask): task is OpenTask {
  return task.status === relayStatusCode.pending || task.status === relayStatusCode.submitted
}

function outcome(id: Hex, task: Exclude<DelegationTask, OpenTask>): { id: string; transactionHash: Hash } {
  switch (task.status) {
    case relayStatusCode.success:
      return { id, transactionHash: task.transactionHash }
    case relayStatusCode.rejected:
      throw new RelayRejectedError({ code: task.status, reason: task.message })
    case relayStatusCode.reverted:
      throw new RelayTaskRevertedError({ id, data: task.data })
    default:
      return task satisfies never
  }
}

function isRejection(error: unknown, code: number): error is RelayRejectedError {
  return error instanceof RelayRejectedError && error.code === code
}

/** A relay's error code as the error of ours that says what it means here. */
function refine(error: unknown, { chainId, token }: { chainId: number; token: Address }): unknown {
  if (!(error instanceof RelayRejectedError)) return error
  const { code, reason, data } = error
  switch (code) {
    case relayErrorCode.unsupportedChain:
      return new RelayUnsupportedChainError({ chainId })
    case relayErrorCode.unsupportedPayment:
      return new RelayFeeTokenError({ token, cause: error })
    case relayErrorCode.insufficientPayment:
      return new RelayFeeTooLowError({ reason, data })
    case relayErrorCode.quoteExpired:
      return new RelayQuoteExpiredError({ reason, data })
    case relayErrorCode.invalidSignature:
      return new RelaySignatureRefusedError({ reason, data })
    case relayErrorCode.insufficientBalance:
      return new RelayFeeUnaffordableError({ reason, data })
    default:
      return error
  }
}
