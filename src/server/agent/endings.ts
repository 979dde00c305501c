import { noteUsage } from '../../actions/noteUsage.js'
import { readSessionUsage } from '../../actions/getPermissionUsage.js'
import type { GetPermissionUsageReturnType } from '../../actions/permissionUsage.js'
import { quietly } from '../../errors/quietly.js'
import { isDelegated } from '../../delegation/grantedPermission.js'
import { usablePermissions, type Session, type SessionId } from '../../sessions/session.js'
import { usableStatuses } from '../../sessions/status.js'
import type { Server } from '../openServer.js'
import { AgentSessionNotFoundError, SessionEndedError, type EndReason } from './errors.js'

/** A session that acts no more. It is written down already. */
export type SessionEnded = { session: Session; reason: EndReason }

export type Endings = {
  /** The session, where it is one to act with. @throws {AgentSessionNotFoundError} {@link SessionEndedError} */
  require(id: SessionId): Promise<Session>
  /** Reads the chain, and ends the session for good where it says so. @throws {SessionEndedError} */
  look(session: Session): Promise<{ session: Session; usage: GetPermissionUsageReturnType }>
  /** Writes the end down, and tells the app. */
  end(session: Session, reason: 'revoked' | 'expired', blockNumber?: bigint): Promise<void>
}

export function createEndings(server: Server, { onEnded }: { onEnded: ((ended: SessionEnded) => void) | undefined }): Endings {
  function tell(session: Session, reason: EndReason): void {
    quietly(() => onEnded?.({ session, reason }))
  }

  async function end(session: Session, reason: 'revoked' | 'expired', blockNumber?: bigint): Promise<void> {
    const stored = (await server.sessions.get(session.id)) ?? session
    // Another process was first, and has told.
    if (!usableStatuses.includes(stored.status)) return
    const revocation = reason === 'revoked' ? { elsewhere: true, ...(blockNumber === undefined ? {} : { blockNumber }) } : undefined
    tell(await server.sessions.transition(stored, reason, revocation ? { revocation } : {}), reason)
  }

  return {
    async require(id) {
      const session = await server.sessions.get(id)
      if (!session?.granted.every(isDelegated) || session.granted.length === 0) throw new AgentSessionNotFoundError({ session: id })
      if (session.status === 'revoked' || session.status === 'expired') throw new SessionEndedError({ session: id, reason: session.status })
      if (session.status === 'exhausted' && !renews(session)) throw new SessionEndedError({ session: id, reason: 'exhausted' })
      if (!usableStatuses.includes(session.status)) throw new AgentSessionNotFoundError({ session: id })
      return session
    },

    async look(session) {
      const usage = await readSessionUsage(server, session)
      const { id } = session
      if (usage.expired) {
        await end(session, 'expired')
        throw new SessionEndedError({ session: id, reason: 'expired' })
      }
      // A user who ends one of its permissions does not want the others to go on.
      if (usage.revoked) {
        await end(session, 'revoked', usage.asOf.blockNumber)
        throw new SessionEndedError({ session: id, reason: 'revoked' })
      }
      const noted = await noteUsage(server, session, usage)
      if (noted.status !== 'exhausted' || renews(noted)) return { session: noted, usage }
      if (session.status !== 'exhausted') tell(noted, 'exhausted')
      throw new SessionEndedError({ session: id, reason: 'exhausted' })
    },

    end,
  }
}

/** Something of it is there again later. */
export function renews(session: Session): boolean {
  return usablePermissions(session).some((permission) => 'period' in permission || 'perSecond' in permission)
}
