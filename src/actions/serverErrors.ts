import { SessionKeyError } from '../errors/SessionKeyError.js'

/** The app's server does not take the session. Whatever was granted is as it was, and can be revoked. */
export class ServerRefusedSessionError extends SessionKeyError {
  override readonly name = 'ServerRefusedSessionError'
  /** For code, as the server said it: `broader`, `not-authenticated`, … */
  readonly reason: string | undefined
  readonly status: number
  constructor({ reason, message, status }: { reason?: string | undefined; message: string; status: number }) {
    super(`The app's server refused: ${message}`, { metaMessages: ['What the wallet granted meanwhile stands until it is revoked: useRevokePermissions.'] })
    this.reason = reason
    this.status = status
  }
}

/** The app's server does not show what it does: nobody is signed in there, or it is another user's. */
export class ServerRefusedActivityError extends SessionKeyError {
  override readonly name = 'ServerRefusedActivityError'
  /** For code, as the server said it: `not-authenticated`, `other-account`, … */
  readonly reason: string | undefined
  readonly status: number
  constructor({ reason, message, status }: { reason?: string | undefined; message: string; status: number }) {
    super(`The app's server does not show it: ${message}`, { metaMessages: ['Sign in with the server first; what was granted can be ended all the same: useRevokePermissions.'] })
    this.reason = reason
    this.status = status
  }
}

/** No answer from the app's server, or none that could be read. What was granted is kept here: the same again goes on from there. */
export class ServerUnreachableError extends SessionKeyError {
  override readonly name = 'ServerUnreachableError'
  constructor({ reason, handler, cause }: { reason: string; handler: string; cause?: Error | undefined }) {
    super(`The app's server did not answer: ${reason}.`, {
      cause,
      metaMessages: ['Try again: what was granted already is not asked for again.', `Its endpoint has to be the handler of ${handler}.`],
    })
  }
}
