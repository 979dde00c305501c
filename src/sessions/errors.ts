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

/** Another tab, or another part of the page, changed the session in between. */
export class SessionChangedError extends SessionKeyError {
  override readonly name = 'SessionChangedError'
  constructor({ id }: { id: SessionId }) {
    super(`Session ${id} was changed by somebody else meanwhile.`, { metaMessages: ['Read it again and repeat.'] })
  }
}

export class InvalidTransitionError extends SessionKeyError {
  override readonly name = 'InvalidTransitionError'
  constructor({ from, to }: { from: string; to: string }) {
    super(`A session that is ${from} cannot become ${to}.`)
  }
}

/** The browser did not keep what it was told to keep; the wallet was not asked. */
export class SessionStoreError extends SessionKeyError {
  override readonly name = 'SessionStoreError'
  constructor(reason: string, cause?: Error) {
    super(`Sessions cannot be stored safely here: ${reason}`, {
      cause,
      metaMessages: ['Private windows and full disks do this. Pass another store in createSessionKeyConfig({ store }).'],
    })
  }
}
