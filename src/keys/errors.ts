import { SessionKeyError } from '../errors/SessionKeyError.js'

/** The stored key does not open: other data than was sealed, or another browser profile's wrapping key. */
export class KeyUnreadableError extends SessionKeyError {
  override readonly name = 'KeyUnreadableError'
  constructor({ address, cause }: { address: string; cause?: Error | undefined }) {
    super(`The key of session ${address} cannot be opened with what this browser has stored.`, {
      cause,
      metaMessages: ['Ask for a new grant, and revoke this session.'],
    })
  }
}

/** The session's key is held elsewhere (a server, a KMS); this browser knows only its address. */
export class KeyNotHereError extends SessionKeyError {
  override readonly name = 'KeyNotHereError'
  constructor({ address }: { address: string }) {
    super(`The key of session ${address} is not in this browser.`, {
      metaMessages: ['Let its holder act, or ask for a grant to a key made here.'],
    })
  }
}
