import type { Session } from './session.js'

/** What is left of a session that nobody needs any more: enough to know its key's address again, nothing that could be used. */
export function tombstoneOf(session: Session): Partial<Session> {
  return {
    outcome: session.status,
    asked: { permissions: [], expiry: session.asked.expiry },
    granted: [],
    request: undefined,
    losses: undefined,
    handle: undefined,
    dependencies: undefined,
    answer: undefined,
    problem: undefined,
  }
}
