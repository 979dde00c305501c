import type { Hex } from 'viem'
import { SessionKeyError } from '../../errors/SessionKeyError.js'
import { relayErrorCode } from '../../execution/relayWire.js'

export type RelayRpcErrorOptions = {
  data?: Hex | undefined
  cause?: Error | undefined
  /** HTTP's word for it, where the code alone does not say. */
  httpStatus?: number | undefined
  /** When it is worth asking again. */
  retryAfterSeconds?: number | undefined
}

/** A refusal as it goes over the wire. Its message never holds what a node or a transport said: those name URLs and keys. */
export class RelayRpcError extends SessionKeyError {
  override readonly name = 'RelayRpcError'
  readonly code: number
  readonly data: Hex | undefined
  readonly httpStatus: number
  readonly retryAfterSeconds: number | undefined
  constructor(code: number, reason: string, { data, cause, httpStatus = httpStatusOf[code] ?? 400, retryAfterSeconds }: RelayRpcErrorOptions = {}) {
    super(reason, { cause })
    this.code = code
    this.data = data
    this.httpStatus = httpStatus
    this.retryAfterSeconds = retryAfterSeconds === undefined ? undefined : Math.max(1, Math.ceil(retryAfterSeconds))
  }
}

const httpStatusOf: { readonly [code: number]: number } = {
  [relayErrorCode.parse]: 400,
  [relayErrorCode.invalidRequest]: 400,
  [relayErrorCode.invalidParams]: 400,
  [relayErrorCode.methodNotFound]: 404,
  [relayErrorCode.internal]: 500,
  // The relay has it, and goes on.
  [relayErrorCode.timeout]: 200,
  [relayErrorCode.unauthorised]: 401,
  [relayErrorCode.unsupportedPayment]: 422,
  [relayErrorCode.rateLimited]: 429,
  [relayErrorCode.insufficientBalance]: 429,
  [relayErrorCode.unsupportedChain]: 403,
  [relayErrorCode.tooLarge]: 413,
  [relayErrorCode.unknownId]: 404,
  [relayErrorCode.invalidAuthorizationList]: 422,
  [relayErrorCode.simulationFailed]: 422,
}

/** A transaction that this relay does not pay for, whoever asks. */
export function notSponsored(reason: string): RelayRpcError {
  return new RelayRpcError(relayErrorCode.invalidParams, `Not sponsored: ${reason}`, { httpStatus: 422 })
}

/** A transaction that its operator does not want to pay for. */
export function notAllowed(reason: string): RelayRpcError {
  return new RelayRpcError(relayErrorCode.invalidParams, `Not sponsored: ${reason}`, { httpStatus: 403 })
}

/** It needs more than one transaction may have. */
export function tooMuch(reason: string): RelayRpcError {
  return new RelayRpcError(relayErrorCode.tooLarge, reason, { httpStatus: 422 })
}

/** For now there is no room for one more. */
export function tooBusy(reason: string, retryAfterSeconds = 2): RelayRpcError {
  return new RelayRpcError(relayErrorCode.rateLimited, reason, { httpStatus: 503, retryAfterSeconds })
}
