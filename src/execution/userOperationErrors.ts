import type { Hash, Hex, TransactionReceipt } from 'viem'
import { SessionKeyError } from '../errors/SessionKeyError.js'

/** No answer from the bundler, or from the service that decides who pays. */
export class BundlerUnreachableError extends SessionKeyError {
  override readonly name = 'BundlerUnreachableError'
  readonly service: 'bundler' | 'paymaster'
  constructor({ service, host, reason, cause }: { service: 'bundler' | 'paymaster'; host: string; reason: string; cause?: Error | undefined }) {
    super(`The ${service} at ${host} did not answer: ${reason}.`, { cause })
    this.service = service
  }
}

type Refusal = { code: number; reason: string; cause?: Error | undefined }

/** The bundler did not take the user operation: nothing was sent. `code` is its JSON-RPC error code. */
export class UserOperationRefusedError extends SessionKeyError {
  override readonly name = 'UserOperationRefusedError'
  readonly code: number
  /** The EntryPoint's own name for it: `AA21`, `AA25`, … */
  readonly entryPointCode: string | undefined
  constructor({ code, reason, cause }: Refusal) {
    const entryPointCode = entryPointCodeIn(reason)
    super(`The bundler did not take the user operation (${code}): ${reason.slice(0, maxReasonLength)}`, {
      cause,
      metaMessages: [(entryPointCode && advice[entryPointCode]) ?? 'Nothing was sent.'],
    })
    this.code = code
    this.entryPointCode = entryPointCode
  }
}

/** Whoever was to pay the gas does not: the paymaster's service declined, or its contract would. Nothing was sent. */
export class PaymasterRefusedError extends SessionKeyError {
  override readonly name = 'PaymasterRefusedError'
  /** The JSON-RPC error code of whoever refused. */
  readonly code: number
  constructor({ code, reason, cause }: Refusal) {
    super(`The paymaster does not pay for it (${code}): ${reason.slice(0, maxReasonLength)}`, {
      cause,
      metaMessages: ['Nothing was sent. The sponsor’s policy, its deposit at the EntryPoint, or its signature may be the reason.'],
    })
    this.code = code
  }
}

/** The bundler has the user operation, or may have it, and the chain does not show it. */
export class UserOperationOutcomeUnknownError extends SessionKeyError {
  override readonly name = 'UserOperationOutcomeUnknownError'
  /** How the chain knows it: `userOpHash` of the EntryPoint's `UserOperationEvent`. */
  readonly userOperationHash: Hex
  constructor({ userOperationHash, cause }: { userOperationHash: Hex; cause?: Error | undefined }) {
    super('The user operation was given to the bundler, and it is not known what became of it.', {
      cause,
      metaMessages: [
        `It may have happened, and may still happen as long as the session lasts: ${userOperationHash}`,
        'Look before trying again: a second call would be made beside the first.',
      ],
    })
    this.userOperationHash = userOperationHash
  }
}

/** In a block, and its calls failed: nothing happened but somebody's payment for gas. */
export class UserOperationRevertedError extends SessionKeyError {
  override readonly name = 'UserOperationRevertedError'
  readonly userOperationHash: Hex
  readonly transactionHash: Hash
  readonly receipt: TransactionReceipt
  readonly data: Hex | undefined
  constructor({ userOperationHash, receipt, data }: { userOperationHash: Hex; receipt: TransactionReceipt; data: Hex | undefined }) {
    super(`The user operation ${userOperationHash} reverted in transaction ${receipt.transactionHash}.`)
    this.userOperationHash = userOperationHash
    this.transactionHash = receipt.transactionHash
    this.receipt = receipt
    this.data = data
  }
}

export class InvalidBundlerConfigError extends SessionKeyError {
  override readonly name = 'InvalidBundlerConfigError'
}

/** @see EntryPoint v0.7 `FailedOp` */
export function entryPointCodeIn(reason: string): string | undefined {
  return /\bAA\d\d\b/.exec(reason)?.[0]
}

const maxReasonLength = 500

const advice: Record<string, string> = {
  AA21: 'Nobody pays the gas: configure a paymaster, or give the session’s account some of the native token.',
  AA24: 'Nothing was sent: the session key’s signature does not fit its account.',
  AA25: 'Nothing was sent: the nonce is used. Try again.',
}
