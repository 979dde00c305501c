import type { Address } from 'viem'
import { reasonOf } from '../dialects/walletErrors.js'
import { SessionKeyError } from '../errors/SessionKeyError.js'
import type { Difference } from '../permissions/compare.js'
import type { Session } from './session.js'

/** The wallet did not answer with a grant or a refusal; it may or may not have granted. */
export class GrantFailedError extends SessionKeyError {
  override readonly name = 'GrantFailedError'
  constructor({ address, cause }: { address: Address; cause: Error }) {
    super('The wallet did not complete the grant.', {
      cause,
      metaMessages: [`Whether it granted is not known; the key ${address} is kept.`, reasonOf(cause)],
    })
  }
}

/** The wallet granted something else than it was asked for. It is kept aside, and never used. */
export class GrantMismatchError extends SessionKeyError {
  override readonly name = 'GrantMismatchError'
  readonly session: Session
  readonly diff: readonly Difference[]
  constructor({ session, reason, diff }: { session: Session; reason: string; diff: readonly Difference[] }) {
    super(`The wallet granted something else than was asked: ${reason}.`, {
      metaMessages: ['The session is kept as "quarantined" and never used.', `End it: useRevokePermissions, mutate({ id: '${session.id}' }).`],
    })
    this.session = session
    this.diff = diff
  }
}

/** The wallet granted, and the browser had deleted the key meanwhile: site data was cleared, or evicted. */
export class GrantLostError extends SessionKeyError {
  override readonly name = 'GrantLostError'
  readonly session: Session
  constructor({ session, cause }: { session: Session; cause: Error }) {
    super('The wallet granted the session, but this browser has deleted its key meanwhile.', {
      cause,
      metaMessages: [`Nobody can use it. End it: useRevokePermissions, mutate({ id: '${session.id}' }). Then ask again.`],
    })
    this.session = session
  }
}
