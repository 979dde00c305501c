import type { Address } from 'viem'
import { newestFirst } from './matchesQuery.js'
import type { Session, SessionId } from './session.js'
import { openStatuses, usableStatuses } from './status.js'

/** The sessions of one account, as far as they are known. The same object until one of them changes. */
export type AccountSessions = {
  /** False until the store has been read: what is known by then are the ones that have not ended, if any. */
  loaded: boolean
  /** Newest first: all that have not ended, and the newest of those that have. */
  sessions: readonly Session[]
  /** There are older ones. */
  more: boolean
}

export type AccountSessionsCache = {
  get(account: Address): AccountSessions
  /** The ones that have not ended, which take less time to read than a page of the others. Of use until the first `set`. */
  setOpen(account: Address, open: readonly Session[]): void
  /** What the store said. A row that changed here meanwhile stays as it is here. */
  set(account: Address, read: { open: readonly Session[]; recent: readonly Session[]; limit: number }): void
  /** One session as it is now. Accounts that nobody looks at are left alone. */
  apply(session: Session): void
  /** The accounts that somebody looks at. */
  accounts(): readonly Address[]
  /** Those that could be used a moment ago, and that the store does not list any more. */
  vanished(account: Address): readonly Session[]
}

const unread: AccountSessions = { loaded: false, sessions: [], more: false }

/** What hooks show, kept in step row by row, so that one change does not read everything again. */
export function createAccountSessionsCache(changed: () => void): AccountSessionsCache {
  const known = new Map<string, { account: Address; limit: number; shown: AccountSessions }>()
  const gone = new Map<SessionId, Session>()
  const keyOf = (account: Address) => account.toLowerCase()

  function show(account: Address, limit: number, shown: AccountSessions) {
    known.set(keyOf(account), { account, limit, shown })
    changed()
  }

  return {
    get: (account) => known.get(keyOf(account))?.shown ?? unread,
    setOpen(account, open) {
      if (open.length > 0 && !known.has(keyOf(account))) show(account, 0, { loaded: false, sessions: [...open].sort(newestFirst), more: false })
    },
    set(account, { open, recent, limit }) {
      const before = known.get(keyOf(account))?.shown ?? unread
      const rows = new Map([...open, ...recent].map((session) => [session.id, session]))
      for (const session of before.sessions) {
        if (!rows.has(session.id) && usableStatuses.includes(session.status)) gone.set(session.id, session)
        // The same object while it says the same, so that nobody draws it again.
        if (session.rev >= (rows.get(session.id)?.rev ?? Number.POSITIVE_INFINITY)) rows.set(session.id, session)
      }
      const sessions = [...rows.values()].sort(newestFirst)
      const more = recent.length >= limit
      if (before.loaded && before.more === more && sameRows(before.sessions, sessions)) return
      show(account, limit, { loaded: true, sessions, more })
    },
    apply(session) {
      const entry = known.get(keyOf(session.account))
      if (!entry) return
      const { account, limit, shown } = entry
      const stored = shown.sessions.find(({ id }) => id === session.id)
      if (stored && stored.rev >= session.rev) return
      const sessions = [session, ...shown.sessions.filter(({ id }) => id !== session.id)].sort(newestFirst)
      // Older ones that have ended make room.
      const kept = sessions.filter((one, index) => index < limit || openStatuses.includes(one.status))
      show(account, limit, { loaded: shown.loaded, sessions: kept, more: shown.more || kept.length < sessions.length })
    },
    accounts: () => [...known.values()].map(({ account }) => account),
    vanished: (account) => [...gone.values()].filter((session) => keyOf(session.account) === keyOf(account)),
  }
}

function sameRows(before: readonly Session[], after: readonly Session[]): boolean {
  return before.length === after.length && before.every(({ id, rev }, index) => id === after[index]?.id && rev === after[index]?.rev)
}
