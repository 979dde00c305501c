import type { Hex } from 'viem'
import { SessionKeyError } from '../../errors/SessionKeyError.js'
import { relayErrorCode } from '../../execution/relayWire.js'

/** A refusal as it goes over the wire. Its message never holds what a node or a transport said: those name URLs and keys. */
export class RelayRpcError extends SessionKeyError {
  override readonly name = 'RelayRpcError'
  readonly code: number
  readonly data: Hex | undefined
  constructor(code: number, reason: string, options: { data?: Hex | undefined; cause?: Error | undefined } = {}) {
    super(reason, { cause: options.cause })
    this.code = code
    this.data = options.data
  }
}

/** A transaction that this relay does not pay for. */
export function notSponsored(reason: string): RelayRpcError {
  return new RelayRpcError(relayErrorCode.invalidParams, `Not sponsored: ${reason}`)
}
