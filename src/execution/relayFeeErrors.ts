import type { Address, Hex } from 'viem'
import { SessionKeyError } from '../errors/SessionKeyError.js'
import { CallRefusedError } from './errors.js'
import type { UnixSeconds } from '../permissions/permission.js'
import { RelayOutcomeUnknownError, RelayRejectedError } from './relayErrors.js'
import { relayErrorCode } from './relayWire.js'

/** The relay does not take its fee out of a permission: it names nobody to delegate to, or nobody to pay. */
export class RelayFeesNotSupportedError extends SessionKeyError {
  override readonly name = 'RelayFeesNotSupportedError'
  constructor({ chainId, missing }: { chainId: number; missing: readonly string[] }) {
    super(`The relay takes no fees out of permissions on chain ${chainId}: it does not say its ${missing.join(' and ')}.`, {
      metaMessages: ['Leave out `fee` for a relay that the app pays, or use one that speaks relayer_send7710Transaction.'],
    })
  }
}

/** The relay is not paid in that token. */
export class RelayFeeTokenError extends SessionKeyError {
  override readonly name = 'RelayFeeTokenError'
  readonly token: Address
  constructor({ token, accepted = [], cause }: { token: Address; accepted?: readonly Address[] | undefined; cause?: Error | undefined }) {
    super(`The relay is not paid in ${token}.${accepted.length > 0 ? ` It takes ${accepted.join(', ')}.` : ''}`, {
      cause,
      metaMessages: ['Configure another fee token, and ask for networkFees in it.'],
    })
    this.token = token
  }
}

/** The relay wants more for one send than the app allows. Nothing was sent. */
export class RelayFeeTooHighError extends SessionKeyError {
  override readonly name = 'RelayFeeTooHighError'
  /** In the smallest unit of the fee's token. */
  readonly wanted: bigint
  readonly max: bigint
  constructor({ token, wanted, max }: { token: Address; wanted: bigint; max: bigint }) {
    super(`The relay wants ${wanted} units of ${token} for it, and the app allows ${max}.`, {
      metaMessages: ['Nothing was sent. Try again when the network is quieter, or raise fee.max.'],
    })
    this.wanted = wanted
    this.max = max
  }
}

/** No permission of the session lets it pay the relay's fee. Nothing was sent. */
export class NetworkFeesNotAllowedError extends CallRefusedError {
  override readonly name = 'NetworkFeesNotAllowedError'
  readonly token: Address
  readonly feeCollector: Address
  /** In the smallest unit of the token. */
  readonly amount: bigint
  constructor({ token, feeCollector, amount, cause }: { token: Address; feeCollector: Address; amount: bigint; cause: CallRefusedError | undefined }) {
    super({
      message: `The relay wants ${amount} units of ${token} for the network, which this session may not pay${cause ? `: ${cause.shortMessage}` : '.'}`,
      help: 'Ask for a session that has networkFees({ token, feeCollector, limit }) among its permissions.',
      cause,
    })
    this.token = token
    this.feeCollector = feeCollector
    this.amount = amount
  }
}

type Rejection = { reason: string; data?: unknown }

/** The fee does not cover what the relay wants by now. Nothing was sent. */
export class RelayFeeTooLowError extends RelayRejectedError {
  override readonly name = 'RelayFeeTooLowError'
  constructor(rejection: Rejection) {
    super({ code: relayErrorCode.insufficientPayment, ...rejection })
  }
}

/** The relay's price was no longer good, and so was the next one. Nothing was sent. */
export class RelayQuoteExpiredError extends RelayRejectedError {
  override readonly name = 'RelayQuoteExpiredError'
  constructor(rejection: Rejection) {
    super({ code: relayErrorCode.quoteExpired, ...rejection })
  }
}

/** The relay does not take a delegation: its signature does not fit, or it was given before. Nothing was sent. */
export class RelaySignatureRefusedError extends RelayRejectedError {
  override readonly name = 'RelaySignatureRefusedError'
  constructor(rejection: Rejection) {
    super({ code: relayErrorCode.invalidSignature, ...rejection })
  }
}

/** The user's account does not hold what the relay is to be paid. Nothing was sent. */
export class RelayFeeUnaffordableError extends RelayRejectedError {
  override readonly name = 'RelayFeeUnaffordableError'
  constructor(rejection: Rejection) {
    super({ code: relayErrorCode.insufficientBalance, ...rejection, help: 'The user’s account needs more of the token that the fee is paid in.' })
  }
}

/** Included and reverted: nothing happened, and no fee was paid. */
export class RelayTaskRevertedError extends SessionKeyError {
  override readonly name = 'RelayTaskRevertedError'
  readonly id: string
  readonly data: Hex | undefined
  constructor({ id, data }: { id: string; data: Hex | undefined }) {
    super(`The relay says that its task ${id} reverted.`)
    this.id = id
    this.data = data
  }
}

/** The relay redeemed its fee and not the calls that it was for: an honest one does both in one transaction. Use another. */
export class RelayFeeTakenError extends RelayOutcomeUnknownError {
  override readonly name = 'RelayFeeTakenError'
  readonly token: Address
  constructor({ token, leafHash, deadline, cause }: { token: Address; leafHash: Hex; deadline: UnixSeconds; cause: Error }) {
    super({ leafHash, deadline, cause, message: `The relay took its fee in ${token}, and has not made the calls.` })
    this.token = token
  }
}
