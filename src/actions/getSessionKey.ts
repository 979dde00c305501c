import { SessionRevokedError } from '../execution/errors.js'
import { defaultSessionName, type SessionDefinition } from '../permissions/defineSession.js'
import type { UnixSeconds } from '../permissions/permission.js'
import { AmbiguousSessionError, SessionNotFoundError } from '../sessions/errors.js'
import type { Session, SessionId } from '../sessions/session.js'
import type { SessionBookState } from '../sessions/sessionBook.js'
import { getConnection, requireConnection, type Connection, type SessionKeyConfig } from './createSessionKeyConfig.js'

/** A definition, its name, or the id of one stored session. */
export type SessionSelector = SessionDefinition | string

export type SessionKeyParameters = { session?: SessionSelector | undefined }

/** A session as the app sees it. `expired` is decided by the chain's time. */
export type SessionKeyState =
  | { status: 'hydrating'; session: undefined }
  | { status: 'none'; session: undefined }
  | { status: Session['status']; session: Session }

/** The session that fits: of the connected account, on its chain, by that name; a live one before a newer dead one. */
export function getSessionKey(config: SessionKeyConfig, parameters: SessionKeyParameters = {}): SessionKeyState {
  return selectSession(config.sessions.getState(), getConnection(config), parameters)
}

export function selectSession(
  { loaded, sessions, chainTimes }: SessionBookState,
  connection: Pick<Connection, 'account' | 'chainId'> | undefined,
  parameters: SessionKeyParameters,
): SessionKeyState {
  if (!loaded) return { status: 'hydrating', session: undefined }
  const fitting = connection ? sessions.filter((session) => fits(session, connection, parameters.session)) : []
  const states = fitting.map((session) => ({ session, status: statusOf(session, chainTimes[session.chainId]) }))
  return states.find(({ status }) => status === 'active') ?? states[0] ?? { status: 'none', session: undefined }
}

function statusOf(session: Session, chainTime: UnixSeconds | undefined): Session['status'] {
  const live = session.status === 'active' || session.status === 'revoking'
  return live && chainTime !== undefined && chainTime >= session.expiry ? 'expired' : session.status
}

function fits(session: Session, { account, chainId }: Pick<Connection, 'account' | 'chainId'>, selector: SessionSelector | undefined): boolean {
  if (session.account.toLowerCase() !== account.toLowerCase()) return false
  if (typeof selector === 'string' && session.id === selector) return true
  if (session.chainId !== ((typeof selector === 'object' && selector.chainId) || chainId)) return false
  return selector === undefined || session.name === nameOf(selector)
}

function nameOf(selector: SessionSelector): string {
  return typeof selector === 'string' ? selector : (selector.name ?? defaultSessionName)
}

/**
 * The live session to act with, read from the store. Where there was one and it has ended, the error says how.
 *
 * @throws {SessionNotFoundError} none
 * @throws {SessionRevokedError} the last one was revoked
 * @throws {AmbiguousSessionError} several names fit and none was given
 */
export async function requireActiveSession(config: SessionKeyConfig, { session: selector }: SessionKeyParameters): Promise<Session> {
  const connection = requireConnection(config)
  const stored = (await config.sessions.load()).filter((session) => fits(session, connection, selector))
  const { chainTimes } = config.sessions.getState()
  const active = stored.filter(({ status }) => status === 'active')
  // One that has expired still answers, with the reason, where no other does.
  const live = active.filter((session) => statusOf(session, chainTimes[session.chainId]) === 'active')
  const [newest, ...others] = live.length > 0 ? live : active
  const names = [...new Set([newest, ...others].flatMap((session) => session?.name ?? []))]
  if (names.length > 1) throw new AmbiguousSessionError({ names })
  if (newest) return newest

  const ended = stored.find(({ status }) => status === 'revoked' || status === 'revoking')
  if (ended) {
    const message = ended.status === 'revoked' ? 'This session was ended.' : 'This session is being ended.'
    throw new SessionRevokedError({ message, help: 'Ask for a new one: useGrantPermissions.' })
  }
  const chainId = (typeof selector === 'object' && selector.chainId) || connection.chainId
  throw new SessionNotFoundError({ name: selector && nameOf(selector), account: connection.account, chainId })
}

/** All sessions that fit and are not ended yet, newest first: what a user means by "end it". */
export async function getOpenSessions(config: SessionKeyConfig, { session: selector }: SessionKeyParameters): Promise<readonly Session[]> {
  const connection = requireConnection(config)
  const stored = await config.sessions.load()
  return stored.filter((session) => (session.status === 'active' || session.status === 'revoking') && fits(session, connection, selector))
}

/** @throws {SessionNotFoundError} no stored session has this id */
export async function requireSession(config: SessionKeyConfig, id: SessionId): Promise<Session> {
  const session = await config.sessions.get(id)
  if (session) return session
  const { account, chainId } = requireConnection(config)
  throw new SessionNotFoundError({ name: id, account, chainId })
}
