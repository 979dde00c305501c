import { hashPermissions } from '../permissions/hashPermissions.js'
import { defaultSessionName, type SessionDefinition } from '../permissions/defineSession.js'
import type { UnixSeconds } from '../permissions/permission.js'
import type { Session } from '../sessions/session.js'
import type { SessionBook } from '../sessions/sessionBook.js'
import { usableStatuses } from '../sessions/status.js'
import { getConnection, type Connection, type SessionKeyConfig } from './createSessionKeyConfig.js'

/** A definition, its name, or the id of one stored session. */
export type SessionSelector = SessionDefinition | string

export type SessionKeyParameters = { session?: SessionSelector | undefined }

/** A session as the app sees it. `expired` is decided by the chain's time. */
export type SessionKeyState =
  /** `hydrating` while the store is read · `locked` until the account connects again · `none`. */
  | { status: 'hydrating' | 'none' | 'locked'; session: undefined }
  | { status: Session['status']; session: Session }

/** The session that fits: of the connected account, on its chain, by that name; a live one before a newer dead one. */
export function getSessionKey(config: SessionKeyConfig, parameters: SessionKeyParameters = {}): SessionKeyState {
  return selectSession(config.sessions, getConnection(config), parameters)
}

export type SessionsShown = Pick<SessionBook, 'ofAccount' | 'chainTime' | 'isLocked'>

export function selectSession(
  book: SessionsShown,
  connection: Pick<Connection, 'account' | 'chainId'> | undefined,
  parameters: SessionKeyParameters,
): SessionKeyState {
  if (!connection) return { status: 'none', session: undefined }
  if (book.isLocked(connection.account)) return { status: 'locked', session: undefined }
  const { loaded, sessions } = book.ofAccount(connection.account)
  const named = typeof parameters.session === 'string' ? sessions.find(({ id }) => id === parameters.session) : undefined
  const states = (named ? [named] : sessions)
    .filter((session) => session.status !== 'purged' && fits(session, connection, parameters.session))
    .map((session) => ({ session, status: shownStatus(session, book.chainTime(session.chainId)) }))
  const best = usableStatuses.map((usable) => states.find(({ status }) => status === usable)).find((state) => state !== undefined)
  // A live one is the answer, whatever else is still to be read.
  if (best) return best
  if (!loaded) return { status: 'hydrating', session: undefined }
  return states[0] ?? { status: 'none', session: undefined }
}

/** What a stored session is now: past its end by the chain's time it is over, whatever was written down last. */
export function shownStatus(session: Session, chainTime: UnixSeconds | undefined): Session['status'] {
  const live = usableStatuses.includes(session.status) || session.status === 'revoking'
  return live && chainTime !== undefined && chainTime >= session.expiry ? 'expired' : session.status
}

/** The definition has changed since the session was granted; `renewSession` asks for what it says now. */
export function isOutdated({ permissionsHash }: Session, selector: SessionSelector | undefined): boolean {
  return typeof selector === 'object' && hashPermissions(selector.permissions) !== permissionsHash
}

/** Whether it is the account's, on that chain, and what was asked for. */
export function fits(session: Session, { account, chainId }: Pick<Connection, 'account' | 'chainId'>, selector: SessionSelector | undefined): boolean {
  if (session.account.toLowerCase() !== account.toLowerCase()) return false
  if (typeof selector === 'string' && session.id === selector) return true
  if (session.chainId !== ((typeof selector === 'object' && selector.chainId) || chainId)) return false
  return selector === undefined || session.name === nameOf(selector)
}

export function nameOf(selector: SessionSelector): string {
  return typeof selector === 'string' ? selector : (selector.name ?? defaultSessionName)
}
