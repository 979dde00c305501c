import type { SessionId } from '../../sessions/session.js'
import { AgentRowChangedError, type AgentStore } from './agentStore.js'
import { allRows } from './allRows.js'

/** Written before the session is active, so that none is active and not noted. */
export async function noteEnrolment(store: AgentStore, session: SessionId): Promise<void> {
  const id = `${stamp(Date.now())}:${session}`
  await store.put({ kind: 'enrolled', id, rev: 0, group: session, open: false, body: '{}' }).catch((error: unknown) => {
    // Of two processes in one millisecond one is enough.
    if (!(error instanceof AgentRowChangedError)) throw error
  })
}

/** The sessions that were enrolled since a moment, in ms of the servers' clocks: what is asked again and again must not read all sessions. */
export async function* enrolledSince(store: AgentStore, sinceMs: number): AsyncGenerator<SessionId> {
  for await (const { group } of allRows(store, 'enrolled', {}, stamp(sinceMs))) yield group
}

/** Sorts as time does, until the year 2286. */
function stamp(timeMs: number): string {
  return Math.max(0, timeMs).toFixed(0).padStart(13, '0')
}
