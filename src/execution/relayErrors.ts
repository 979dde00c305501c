import type { Hex, TransactionReceipt } from 'viem'
import { SessionKeyError } from '../errors/SessionKeyError.js'
import type { UnixSeconds } from '../permissions/permission.js'
import { localTime } from './localTime.js'

/** No answer from the relay: it may or may not have the transaction. */
export class RelayUnreachableError extends SessionKeyError {
  override readonly name = 'RelayUnreachableError'
  constructor({ host, reason, cause }: { host: string; reason: string; cause?: Error | undefined }) {
    super(`The relay at ${host} did not answer: ${reason}.`, {
      cause,
      metaMessages: ['What was sent to it may still happen: look at the chain before sending anything again.'],
    })
  }
}

export class RelayInvalidResponseError extends SessionKeyError {
  override readonly name = 'RelayInvalidResponseError'
  constructor({ reason }: { reason: string }) {
    super(`The relay answered with something that is not its protocol: ${reason}.`, {
      metaMessages: ["Give the relay's full JSON-RPC URL: Gelato's, for one, ends in /rpc."],
    })
  }
}

export class RelayUnsupportedChainError extends SessionKeyError {
  override readonly name = 'RelayUnsupportedChainError'
  readonly chainId: number
  constructor({ chainId, supported }: { chainId: number; supported?: readonly number[] | undefined }) {
    super(`The relay does not serve chain ${chainId}.${supported?.length ? ` It serves ${supported.join(', ')}.` : ''}`, {
      metaMessages: ['Configure a relay for this chain, or switch chains.'],
    })
    this.chainId = chainId
  }
}

/** The relay refused. `code` is its JSON-RPC error code, or 400 when the refusal is the task's status. */
export class RelayRejectedError extends SessionKeyError {
  override name = 'RelayRejectedError'
  readonly code: number
  /** The relay's own words. */
  readonly reason: string
  readonly data: unknown
  constructor({ code, reason, data, help }: { code: number; reason: string; data?: unknown; help?: string | undefined }) {
    super(`The relay refused (${code}): ${reason}`, { metaMessages: help === undefined ? advice[code] : [help] })
    this.code = code
    this.reason = reason
    this.data = data
  }
}

const advice: Record<number, string[]> = {
  4100: ['Give createRelayClient the API key that the relay expects.'],
  4203: ['Try again later, or send several calls at once.'],
  4205: ['The sponsor has to top up or raise its budget.'],
}

/** Nothing was sent: the relay ran the transaction first and it reverted. */
export class RelaySimulationError extends SessionKeyError {
  override readonly name = 'RelaySimulationError'
  readonly code = 4211
  /** The revert data; undefined when the relay did not pass it on. */
  readonly data: Hex | undefined
  constructor({ data, reason }: { data: Hex | undefined; reason: string }) {
    super('The transaction would revert, so the relay did not send it.', { metaMessages: [`The relay says: ${reason}`] })
    this.data = data
  }
}

/** Sent, included, and reverted: nothing happened but the relay's payment for gas. */
export class RelayRevertedError extends SessionKeyError {
  override readonly name = 'RelayRevertedError'
  readonly id: string
  readonly data: Hex | undefined
  readonly transactionHash: Hex
  readonly receipt: TransactionReceipt
  constructor({ id, data, receipt }: { id: string; data: Hex | undefined; receipt: TransactionReceipt }) {
    super(`The relayed transaction ${receipt.transactionHash} reverted.`)
    this.id = id
    this.data = data
    this.transactionHash = receipt.transactionHash
    this.receipt = receipt
  }
}

/** The relay has the transaction and no outcome yet. It may still be included. */
export class RelayTimeoutError extends SessionKeyError {
  override readonly name = 'RelayTimeoutError'
  /** The relay's task id, for `getStatus`; undefined when the relay named none. */
  readonly id: string | undefined
  readonly transactionHash: Hex | undefined
  constructor({ id, transactionHash, waitedMs }: { id: string | undefined; transactionHash?: Hex | undefined; waitedMs: number }) {
    super(`The relay reported no outcome within ${Math.round(waitedMs / 1000)} seconds${id ? ` for task ${id}` : ''}.`, {
      metaMessages: ['It may still be included: ask getStatus with the id before acting again.'],
    })
    this.id = id
    this.transactionHash = transactionHash
  }
}

type OpenCall = { leafHash: Hex; deadline: UnixSeconds }

/** The relay may have the signed call, and may bring it on-chain until its deadline. `cause` says what went wrong. */
export class RelayOutcomeUnknownError extends SessionKeyError {
  override name = 'RelayOutcomeUnknownError'
  /** How the chain knows the signed call: LimitedCallsEnforcer `callCounts(DelegationManager, leafHash)`. */
  readonly leafHash: Hex
  /** From this moment on it cannot happen any more. */
  readonly deadline: UnixSeconds
  constructor({ leafHash, deadline, cause, message }: OpenCall & { cause?: Error | undefined; message?: string }) {
    super(message ?? 'The call was given to the relay, and it is not known what became of it.', {
      cause,
      metaMessages: [
        `It may have happened, and may still happen until ${localTime(deadline, 'medium')}, and not after.`,
        'Look before trying again: a second call would be made beside the first.',
      ],
    })
    this.leafHash = leafHash
    this.deadline = deadline
  }
}

/** The relay says that it is done, and the chain does not. */
export class RelayUnknownTransactionError extends RelayOutcomeUnknownError {
  override readonly name = 'RelayUnknownTransactionError'
  readonly transactionHash: Hex
  constructor({ transactionHash, problem, ...call }: OpenCall & { transactionHash: Hex; problem: string }) {
    super({ ...call, message: `The relay named transaction ${transactionHash}, ${problem}.` })
    this.transactionHash = transactionHash
  }
}

export class InvalidRelayConfigError extends SessionKeyError {
  override readonly name = 'InvalidRelayConfigError'
}
