import type { Session, SessionId } from '../../sessions/session.js'
import { AgentRowChangedError, type AgentStore } from './agentStore.js'
import { allRows } from './allRows.js'
import { sessionIn } from './storedSessions.js'

/** Written before the session is active, so that none is active and not noted. */
export async function noteEnrolment(store: AgentStore, session: SessionId): Promise<void> {
  const id = `${stamp(Date.now())}:${session}`
  await store.put({ kind: 'enrolled', id, rev: 0, group: session, open: false, body: '{}' }).catch((error: unknown) => {
    // Of two processes in one millisecond one is enough.
    if (!(error instanceof AgentRowChangedError)) throw error
  })
}

export type EnrolledQuery = {
  /** In ms of the servers' clocks. */
  sinceMs?: number | undefined
  /** Those that are known already are not read again. */
  without?: { has(id: SessionId): boolean } | undefined
}

/**
 * The sessions that a server has, page by page: all of which a grant may exist, or those that were enrolled since a moment, in ms of the servers'
 * clocks. What is asked again and again must not read all of them.
 */
export async function* enrolledSessions(store: AgentStore, { sinceMs, without }: EnrolledQuery = {}): AsyncGenerator<Session> {
  const rows = sinceMs === undefined ? allRows(store, 'session', { open: true }) : notedSince(store, sinceMs, without)
  for await (const row of rows) {
    const session = row && sessionIn(row)
    if (session) yield session
  }
}

async function* notedSince(store: AgentStore, sinceMs: number, without: EnrolledQuery['without']) {
  for await (const { group } of allRows(store, 'enrolled', {}, stamp(sinceMs))) if (!without?.has(group)) yield store.get('session', group)
}

/** Sorts as time does, until the year 2286. */
function stamp(timeMs: number): string {
  return Math.max(0, timeMs).toFixed(0).padStart(13, '0')
}
