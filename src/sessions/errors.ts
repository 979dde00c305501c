import type { Address } from 'viem'
import { SessionKeyError } from '../errors/SessionKeyError.js'
import type { SessionId } from './session.js'

export class SessionNotFoundError extends SessionKeyError {
  override readonly name = 'SessionNotFoundError'
  constructor({ name, account, chainId }: { name: string | undefined; account: Address; chainId: number }) {
    super(`${account} has no live session${name === undefined ? '' : ` "${name}"`} on chain ${chainId}.`, {
      metaMessages: ['Ask for one first: useGrantPermissions.'],
    })
  }
}

export class AmbiguousSessionError extends SessionKeyError {
  override readonly name = 'AmbiguousSessionError'
  constructor({ names }: { names: readonly string[] }) {
    super(`Several sessions fit: ${names.join(', ')}.`, { metaMessages: ['Say which: { session: definition } or its name.'] })
  }
}

/** Whoever used the account has left; its sessions wait until it is connected again. */
export class SessionsLockedError extends SessionKeyError {
  override readonly name = 'SessionsLockedError'
  constructor({ account }: { account: Address }) {
    super(`The sessions of ${account} are locked.`, { metaMessages: ['They are there again when the account connects again.'] })
  }
}

/** Another tab, or another part of the page, changed the session in between. */
export class SessionChangedError extends SessionKeyError {
  override readonly name = 'SessionChangedError'
  constructor({ id }: { id: SessionId }) {
    super(`Session ${id} was changed by somebody else meanwhile.`, { metaMessages: ['Read it again and repeat.'] })
  }
}

/** The browser deleted the session's record, and its key with it: cleared site data, or an eviction. */
export class SessionLostError extends SessionKeyError {
  override readonly name = 'SessionLostError'
  constructor({ id, address }: { id: SessionId; address: Address }) {
    super(`The browser has deleted session ${id} and its key.`, {
      metaMessages: [`If the wallet granted to ${address}, end that in its own list of permissions. Then ask for a new session: useGrantPermissions.`],
    })
  }
}
