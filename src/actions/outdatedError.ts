import type { CallRefusedError } from '../execution/errors.js'
import { check, type Call } from '../permissions/check.js'
import type { UnixSeconds } from '../permissions/permission.js'
import type { Session } from '../sessions/session.js'
import { SessionOutdatedError } from './errors.js'
import { isOutdated, type SessionSelector } from './getSessionKey.js'

export type OutdatedErrorParameters = {
  /** What the app selected the session by. */
  selector: SessionSelector | undefined
  session: Session
  calls: readonly Call[]
  now: UnixSeconds
  refusal: CallRefusedError
}

/** Where a refused call is one that the changed definition asks for: that the session has to be renewed. */
export function outdatedError({ selector, session, calls, now, refusal }: OutdatedErrorParameters): SessionOutdatedError | undefined {
  if (typeof selector !== 'object' || !isOutdated(session, selector)) return undefined
  const { permissions } = selector
  const wouldBe = check({ permissions, expiry: Number.MAX_SAFE_INTEGER, calls, now })
  return wouldBe.allowed ? new SessionOutdatedError({ name: session.name, cause: refusal }) : undefined
}
