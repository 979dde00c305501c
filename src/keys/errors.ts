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

/** The key was made so that scripts can read it out, though another was asked for. It is not used. */
export class ExtractableKeyError extends SessionKeyError {
  override readonly name = 'ExtractableKeyError'
  constructor({ address }: { address: string }) {
    super(`The P-256 key of session ${address} can be read out by any script of this page.`, {
      metaMessages: ['Something replaces crypto.subtle here, or the browser does not keep keys to itself: look at what else this page loads.'],
    })
  }
}

/** A P-256 key acts through a contract account, which this wallet would not accept calls from. Nobody was asked. */
export class KeyKindNotSupportedError extends SessionKeyError {
  override readonly name = 'KeyKindNotSupportedError'
  constructor({ wallet }: { wallet: string }) {
    super(`${wallet} grants to keys that are accounts of their own; a P-256 key acts through a contract account, which can only redeem delegations.`, {
      metaMessages: ["Ask for a key of the other kind: grantPermissions({ …, key: { kind: 'secp256k1' } })."],
    })
  }
}
