import { SessionKeyError } from '../errors/SessionKeyError.js'

/** A message that a handler does not do, and why. */
export abstract class RefusedError<reason extends string> extends SessionKeyError {
  readonly reason: reason
  constructor(reason: reason, message: string, cause?: Error) {
    super(message, { cause })
    this.reason = reason
  }
}
