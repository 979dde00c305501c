import type { EnrolmentStatus } from '../sessions/enrolmentWire.js'
import { usableStatuses, type SessionStatus } from '../sessions/status.js'

/**
 * `disconnected` no wallet is · `hydrating` the server is being asked · `unreachable` it gave no answer, or refused one · `none` · `granted` the wallet has granted,
 * and the server does not have it yet: the same again hands it over · otherwise as the session is, here or at the server.
 */
export type ServerSessionStatus = 'disconnected' | 'hydrating' | 'unreachable' | 'none' | 'granted' | SessionStatus

export type ServerSessionStatusParameters = {
  isConnected: boolean
  /** As this browser has it; `grant` is what the server calls that grant. */
  here: { status: SessionStatus | 'hydrating' | 'none' | 'locked'; grant?: string | undefined }
  /** What the server answered; undefined until it has. */
  there: EnrolmentStatus | undefined
  hasFailed: boolean
}

/** One status out of what the browser knows and what the server says. Of one grant the end counts, whoever has heard of it. */
export function serverSessionStatus({ isConnected, here, there, hasFailed }: ServerSessionStatusParameters): ServerSessionStatus {
  if (!isConnected) return 'disconnected'
  if (!there) return hasFailed ? 'unreachable' : 'hydrating'
  const { session } = there
  if (session && session.id === here.grant) {
    return isOneOf(usableStatuses, session.status) && isOneOf(ending, here.status) ? here.status : session.status
  }
  // A grant that the server does not have, beside one that it has and that has not ended, is a renewal that broke off.
  if (isOneOf(usableStatuses, here.status) && !(session && isOneOf(usableStatuses, session.status))) return 'granted'
  return session?.status ?? 'none'
}

const ending = ['revoking', 'revoked', 'expired'] as const satisfies readonly SessionStatus[]

function isOneOf<status extends string>(statuses: readonly status[], status: string): status is status {
  return (statuses as readonly string[]).includes(status)
}
