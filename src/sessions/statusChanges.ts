import { quietly } from '../errors/quietly.js'
import type { Session, SessionId } from './session.js'
import type { SessionStatus } from './status.js'

/** That a session has another status than before. It says nothing of what was granted. */
export type StatusChange = {
  /** The session's. */
  id: SessionId
  name: string
  /** Undefined where it is new, or was not known here. */
  from: SessionStatus | undefined
  to: SessionStatus
  /** Of the record that says so. */
  rev: number
  /** Milliseconds of this device's clock. */
  at: number
}

export type StatusChanges = {
  tell(session: Session, from: SessionStatus | undefined): void
  listen(listener: (change: StatusChange) => void): () => void
  isHeard(): boolean
}

/** Each change is told once, though the store tells of it too; what a listener throws reaches nobody. */
export function createStatusChanges(): StatusChanges {
  const listeners = new Set<(change: StatusChange) => void>()
  const told = new Map<SessionId, number>()
  return {
    tell({ id, name, status: to, rev, updatedAt: at }, from) {
      if (listeners.size === 0 || rev <= (told.get(id) ?? -1)) return
      told.set(id, rev)
      for (const listener of listeners) quietly(() => listener({ id, name, from, to, rev, at }))
    },
    listen(listener) {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0) told.clear()
      }
    },
    isHeard: () => listeners.size > 0,
  }
}
