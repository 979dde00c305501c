import { BaseError } from 'viem'

export type SessionKeyErrorOptions = {
  cause?: Error | undefined
  /** Lines that say what to do next. */
  metaMessages?: string[] | undefined
}

/** Every error the kit throws itself. `error.walk(fn)` finds the wallet's or the node's own error in `cause`. */
export class SessionKeyError extends BaseError {
  override name = 'SessionKeyError'

  constructor(shortMessage: string, options: SessionKeyErrorOptions = {}) {
    super(shortMessage, {
      ...(options.cause ? { cause: options.cause } : {}),
      ...(options.metaMessages ? { metaMessages: options.metaMessages } : {}),
    })
  }
}
