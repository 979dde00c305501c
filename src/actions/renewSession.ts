import { compare, type Difference } from '../permissions/compare.js'
import type { Session, SessionId } from '../sessions/session.js'
import type { SessionNotFoundError } from '../sessions/errors.js'
import type { SessionKeyConfig } from './createSessionKeyConfig.js'
import { getOpenSessions, requireSession } from './requireSession.js'
import { grantPermissions, type GrantPermissionsErrorType, type GrantPermissionsParameters, type GrantPermissionsReturnType } from './grantPermissions.js'
import { revokeSession } from './revokeSession.js'

export type RenewSessionParameters = Omit<GrantPermissionsParameters, 'replaces'> & {
  /** The stored session to renew. Default: every session of the definition's name that has not ended. */
  id?: SessionId | undefined
  /** How long to wait for the chain to show that the old one is revoked. Default 60 000. */
  timeoutMs?: number | undefined
}

export type RenewSessionReturnType = GrantPermissionsReturnType & {
  /** How the new terms differ from the old ones. */
  change: readonly Difference[]
  /** The old sessions that were ended. */
  replaced: readonly Session[]
  /** Old sessions that could not be ended, and why: they live on beside the new one until they expire. */
  failures: readonly { session: Session; error: Error }[]
}

export type RenewSessionErrorType = GrantPermissionsErrorType | SessionNotFoundError

/**
 * Extends or changes a session: the user is asked for the new terms, and once these are granted the old grant is revoked. In this order
 * there is no moment without a session, and a no leaves the old one as it was. Counters begin anew: what was spent under the old
 * session does not count in the new one.
 */
export async function renewSession(config: SessionKeyConfig, parameters: RenewSessionParameters): Promise<RenewSessionReturnType> {
  const { id, timeoutMs = 60_000, ...wanted } = parameters
  const old = id === undefined ? await getOpenSessions(config, { session: wanted }) : [await requireSession(config, id)]
  const [newest] = old
  const result = await grantPermissions(config, { ...wanted, ...(newest ? { replaces: newest.id } : {}) })
  const before = newest ? termsOf(newest) : { permissions: [], expiry: result.granted.expiry }
  const replaced: Session[] = []
  const failures: { session: Session; error: Error }[] = []
  for (const session of old) {
    try {
      replaced.push((await revokeSession(config, session, { deadline: Date.now() + timeoutMs })).session)
    } catch (error) {
      failures.push({ session, error: error as Error })
    }
  }
  return { ...result, change: compare(before, result.granted), replaced, failures }
}

function termsOf({ granted, expiry }: Session) {
  return { permissions: granted.map(({ permission }) => permission), expiry }
}
