import { getAddress } from 'viem'
import * as v from 'valibot'
import type { Session } from './session.js'
import { sessionSchema1, sessionSchema2, type Session1 } from './sessionSchema.js'

/** What a stored row is. Nothing about it is trusted: older kits, newer ones and other scripts write to the same place. */
export type ReadRecord =
  | { kind: 'session'; session: Session }
  /** Written by a newer kit: left exactly as it is. */
  | { kind: 'newer' }
  /** No session of any version. */
  | { kind: 'unreadable'; reason: string }

export const recordVersion = 2

/** A stored row as a session of today's shape. Pure. */
export function readRecord(row: unknown): ReadRecord {
  const version = (row as { v?: unknown } | null | undefined)?.v
  if (typeof version === 'number' && Number.isInteger(version) && version > recordVersion) return { kind: 'newer' }
  if (version === 1) {
    const first = v.safeParse(sessionSchema1, row)
    return first.success ? { kind: 'session', session: from1(first.output) } : unreadable(first.issues)
  }
  const parsed = v.safeParse(sessionSchema2, row)
  return parsed.success ? { kind: 'session', session: parsed.output } : unreadable(parsed.issues)
}

/** Version 1 knew no `granted`; its states mean the same in version 2. */
function from1(record: Session1): Session {
  return { ...record, v: 2, account: getAddress(record.account) }
}

function unreadable(issues: readonly [v.BaseIssue<unknown>, ...v.BaseIssue<unknown>[]]): ReadRecord {
  const [issue] = issues
  return { kind: 'unreadable', reason: `${v.getDotPath(issue) ?? 'row'}: ${issue.message}`.slice(0, 300) }
}
