import type { Address } from 'viem'
import { SessionRevokedError } from '../execution/errors.js'
import { AmbiguousSessionError, SessionLostError, SessionNotFoundError, SessionsLockedError } from '../sessions/errors.js'
import type { Session, SessionId } from '../sessions/session.js'
import { openStatuses, usableStatuses } from '../sessions/status.js'
import { requireConnection, type Connection, type SessionKeyConfig } from './createSessionKeyConfig.js'
import { fits, nameOf, shownStatus, type SessionKeyParameters } from './getSessionKey.js'
import { sharedRead } from './sharedRead.js'

/**
 * The live session to act with, read from the store. Where there was one and it has ended, the error says how.
 *
 * @throws {SessionNotFoundError} none
 * @throws {SessionLostError} the browser deleted it under the page
 * @throws {SessionRevokedError} the last one was revoked
 * @throws {AmbiguousSessionError} several names fit and none was given
 * @throws {SessionsLockedError} the account's sessions are locked
 */
export async function requireActiveSession(config: SessionKeyConfig, { session: selector }: SessionKeyParameters): Promise<Session> {
  const connection = requireUnlocked(config)
  const named = typeof selector === 'string' ? await config.sessions.get(selector) : undefined
  const { account } = connection
  const ofSelector = (sessions: readonly Session[]) => sessions.filter((session) => fits(session, connection, selector))
  // Whoever asks for it afterwards, without React, finds it: what is known is kept in step from then on.
  const isKnown = config.sessions.ofAccount(account).loaded
  const read = async () => (isKnown ? config.sessions.find({ account, statuses: usableStatuses }) : (await config.sessions.load(account)).sessions)
  const usable = ofSelector(named ? [named] : await sharedRead(config, `usable ${account}`, read)).filter(({ status }) => usableStatuses.includes(status))
  // One that has expired still answers, with the reason, where no other does.
  const live = usable.filter((session) => shownStatus(session, config.sessions.chainTime(session.chainId)) !== 'expired')
  // One with something left before one without.
  const inOrder = [...(live.length > 0 ? live : usable)].sort((a, b) => usableStatuses.indexOf(a.status) - usableStatuses.indexOf(b.status))
  const [first, ...others] = inOrder
  const names = [...new Set([first, ...others].flatMap((session) => session?.name ?? []))]
  if (names.length > 1) throw new AmbiguousSessionError({ names })
  if (first) return first

  const stored = ofSelector(named ? [named] : (await config.sessions.load(account)).sessions)
  const ended = stored.find(({ status }) => status === 'revoked' || status === 'revoking')
  // The chain has the last word on what was ended elsewhere: it says so again, or that it was enabled again.
  if (ended?.revocation?.elsewhere) return ended
  if (ended) {
    const message = ended.status === 'revoked' ? 'This session was ended.' : 'This session is being ended.'
    throw new SessionRevokedError({ message, help: 'Ask for a new one: useGrantPermissions.' })
  }
  // It was here a moment ago, and no state that a session can have is one in which it is not stored.
  for (const vanished of config.sessions.vanished(account)) {
    if (fits(vanished, connection, selector) && !(await config.sessions.get(vanished.id))) throw new SessionLostError(vanished)
  }
  const chainId = (typeof selector === 'object' && selector.chainId) || connection.chainId
  throw new SessionNotFoundError({ name: selector && nameOf(selector), account, chainId })
}

/** All sessions that fit and that the user may want to end: the usable ones, and those being ended already. */
export async function getOpenSessions(config: SessionKeyConfig, { session: selector }: SessionKeyParameters): Promise<readonly Session[]> {
  const connection = requireConnection(config)
  const stored = await config.sessions.find({ account: connection.account, statuses: [...usableStatuses, 'revoking'] })
  return stored.filter((session) => fits(session, connection, selector))
}

/** All sessions of an account on a chain whose grant exists or may exist. */
export function getOpenSessionsOf(config: SessionKeyConfig, { account, chainId }: { account: Address; chainId: number }): Promise<readonly Session[]> {
  return config.sessions.find({ account, statuses: openStatuses }).then((sessions) => sessions.filter((session) => session.chainId === chainId))
}

/** @throws {SessionNotFoundError} no stored session has this id */
export async function requireSession(config: SessionKeyConfig, id: SessionId): Promise<Session> {
  const session = await config.sessions.get(id)
  if (session) return session
  const { account, chainId } = requireConnection(config)
  throw new SessionNotFoundError({ name: id, account, chainId })
}

function requireUnlocked(config: SessionKeyConfig): Connection {
  const connection = requireConnection(config)
  if (config.sessions.isLocked(connection.account)) throw new SessionsLockedError({ account: connection.account })
  return connection
}
