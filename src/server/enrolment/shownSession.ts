import type { EnrolledSession } from '../../sessions/enrolmentWire.js'
import type { Session } from '../../sessions/session.js'
import { endedStatuses } from '../../sessions/status.js'

/** What a page is told of a session: nothing that anybody could act with. */
export function shownSession({ id, status, address, account, chainId, expiry }: Session): EnrolledSession {
  return { id, status, address, account, chainId, expiry }
}

/** It is enrolled: neither half-way there, as a process leaves it that died meanwhile. */
export function isEnrolled({ status }: Session): boolean {
  return status !== 'requested' && status !== 'granted'
}

/** The newest of a definition, of those that somebody may see; one that has not ended before one that has. `sessions`: the newest first. */
export function newestOf(sessions: readonly Session[], { session: name, chainId }: { session: string; chainId: number }): Session | undefined {
  const ofDefinition = sessions.filter((one) => one.chainId === chainId && one.name === name && isEnrolled(one))
  return ofDefinition.find(({ status }) => !endedStatuses.includes(status)) ?? ofDefinition[0]
}
