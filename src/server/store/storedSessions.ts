import { SessionStoreError } from '../../sessions/storageErrors.js'
import { SessionChangedError, SessionLostError } from '../../sessions/errors.js'
import { fromJsonText, toJsonText } from '../../sessions/jsonText.js'
import { matchesQuery, newestFirst } from '../../sessions/matchesQuery.js'
import { readAction } from '../../sessions/readAction.js'
import { readRecord } from '../../sessions/readRecord.js'
import type { Session, SessionId } from '../../sessions/session.js'
import { mostActions, type SessionAction } from '../../sessions/sessionAction.js'
import { openStatuses } from '../../sessions/status.js'
import type { SessionChange, SessionHistory, SessionStore } from '../../sessions/store.js'
import { AgentRowChangedError, type AgentRow, type AgentStore } from './agentStore.js'
import { allRows } from './allRows.js'

/** The sessions of a server, as the kit's own store: the record is the browser's. Their keys are elsewhere (`createKeyRing`). */
export function storedSessions(store: AgentStore): SessionStore {
  const listeners = new Set<(change: SessionChange) => void>()

  async function put(session: Session, rev: number): Promise<void> {
    const { id, account, status } = session
    const row: AgentRow = { kind: 'session', id, rev, group: account.toLowerCase(), open: openStatuses.includes(status), body: toJsonText(session) }
    await store.put(row).catch((error: unknown) => {
      throw error instanceof AgentRowChangedError ? new SessionChangedError({ id }) : error
    })
    for (const listener of listeners) listener({ id, rev: session.rev })
  }

  return {
    persistence: store.persistence,
    async create(session, key) {
      if (key) throw new SessionStoreError('a server keeps its keys by their users, not by their sessions.')
      await put(session, 0)
    },
    async get(id) {
      const row = await store.get('session', id)
      return row && sessionIn(row)
    },
    async list({ limit, ...query } = {}) {
      const found: Session[] = []
      for await (const row of allRows(store, 'session', query.account ? { group: query.account.toLowerCase() } : {})) {
        const session = sessionIn(row)
        if (session && matchesQuery(session, query)) found.push(session)
      }
      return found.sort(newestFirst).slice(0, limit)
    },
    async put(session) {
      const row = await store.get('session', session.id)
      const stored = row && sessionIn(row)
      if (!row || !stored) throw new SessionLostError(session)
      if (stored.rev !== session.rev - 1) throw new SessionChangedError({ id: session.id })
      await put(session, row.rev + 1)
    },
    getKey: async () => undefined,
    getWrappingKey: () => Promise.reject(new SessionStoreError('a server has no wrapping key of its own.')),
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    history: storedHistory(store),
  }
}

/** A row that a newer kit wrote, or nobody, is no session. */
export function sessionIn({ body }: AgentRow): Session | undefined {
  const read = readRecord(parsed(body))
  return read.kind === 'session' ? read.session : undefined
}

function storedHistory(store: AgentStore): SessionHistory {
  const listeners = new Set<(session: SessionId) => void>()
  return {
    async put(action) {
      const { session } = action
      for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
        const row = await store.get('history', session)
        const actions = row ? actionsIn(row) : []
        const known = actions.some(({ id }) => id === action.id)
        const next = known ? actions.map((one) => (one.id === action.id ? action : one)) : [action, ...actions].slice(0, mostActions)
        try {
          await store.put({ kind: 'history', id: session, rev: row ? row.rev + 1 : 0, group: session, open: false, body: toJsonText(next) })
          for (const listener of listeners) listener(session)
          return
        } catch (error) {
          if (!(error instanceof AgentRowChangedError)) throw error
        }
      }
    },
    async list(session, limit = mostActions) {
      const row = await store.get('history', session)
      return row ? actionsIn(row).slice(0, limit) : []
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** A history is for people: one that others keep writing to may lose an entry. */
const mostAttempts = 20

function actionsIn({ body }: AgentRow): readonly SessionAction[] {
  const rows = parsed(body)
  return Array.isArray(rows) ? rows.flatMap((row) => readAction(row) ?? []) : []
}

function parsed(body: string): unknown {
  try {
    return fromJsonText(body)
  } catch {
    return undefined
  }
}
