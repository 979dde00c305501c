import { toHex } from 'viem'
import type { GrantedPermission } from '../../src/delegation/grantedPermission.js'
import type { Session } from '../../src/sessions/session.js'
import { createDatabaseStore, type Database } from '../../src/server/automation/index.js'
import type { AgentRow } from '../../src/server/store/agentStore.js'
import { createMemoryAgentStore } from '../../src/server/store/memoryAgentStore.js'
import { storedSessions } from '../../src/server/store/storedSessions.js'

export type ManySessionsParameters = {
  database: Database
  /** One that was granted for real: all others are as it is, but for whose they are. */
  like: Session
  count: number
  /** So many of them are due every day from now on, the others not for the next `farSeconds`. */
  due: number
  farSeconds: number
}

const yearSeconds = 365 * 86_400
const dayMs = 86_400_000
/** When the sessions were enrolled: spread over so many days, all of them over by now. */
const enrolledDays = 90
const rowsAtOnce = 1_000

/** Writes sessions as if they had been enrolled long ago: the rows are the kit's own, and written many at a time. */
export async function writeManySessions({ database, like, count, due, farSeconds }: ManySessionsParameters): Promise<void> {
  const memory = createMemoryAgentStore()
  const sessions = storedSessions(memory)
  const enrolledFromMs = Date.now() - (enrolledDays + 1) * dayMs
  const notes: AgentRow[] = []
  for (let index = 0; index < count; index += 1) {
    const session = another(like, index < due ? 0 : farSeconds)
    await sessions.create(session, undefined)
    const atMs = enrolledFromMs + Math.floor((index / count) * enrolledDays * dayMs)
    notes.push({ kind: 'enrolled', id: `${String(atMs).padStart(13, '0')}:${session.id}`, rev: 0, group: session.id, open: false, body: '{}' })
  }
  // The table is made when it is first used.
  await createDatabaseStore(database).list('session', { limit: 1 })
  const rows = [...(await memory.list('session')), ...notes]
  for (let from = 0; from < rows.length; from += rowsAtOnce) {
    await database.query(
      `insert into session_keys.rows (kind, id, rev, grp, open, body)
       select kind, id, rev, "group", open, body from json_to_recordset($1::json) as r (kind text, id text, rev int, "group" text, open boolean, body text)`,
      [JSON.stringify(rows.slice(from, from + rowsAtOnce))],
    )
  }
  // As the database's own housekeeping does sooner or later.
  await database.query('analyze')
}

function another(like: Session, laterSeconds: number): Session {
  const later = ({ permission, ...granted }: GrantedPermission) =>
    ({ ...granted, permission: 'startTime' in permission ? { ...permission, startTime: (permission.startTime ?? 0) + laterSeconds } : permission }) as GrantedPermission
  return {
    ...like,
    id: toHex(crypto.getRandomValues(new Uint8Array(32))),
    asked: { ...like.asked, expiry: like.asked.expiry + yearSeconds },
    expiry: like.expiry + yearSeconds,
    granted: like.granted.map(later),
  }
}
