import type { SessionId } from '../sessions/session.js'
import type { GetPermissionUsageReturnType } from './permissionUsage.js'

/** What one call takes from the limit of the permission that covers it. */
export type Taken = { permission: number; amount: bigint }

/** A batch that is on its way. It counts as made until it is known that it was not. */
export type Use = { happened(blockNumber: bigint): void; failed(): void }

/**
 * What is left of the sessions of this page without asking the chain each time: as it was last read, less what was sent since. Others may
 * have used more of a session, so it is never the last word: what it allows the chain may refuse, and what it refuses is read again.
 */
export type UsageLedger = {
  /** Undefined where it was not read lately, or where something came otherwise than it said. */
  current(session: SessionId): GetPermissionUsageReturnType | undefined
  /** What was just read. */
  note(session: SessionId, usage: GetPermissionUsageReturnType): void
  /** The same, less what is on its way. */
  less(session: SessionId, usage: GetPermissionUsageReturnType): GetPermissionUsageReturnType
  /** A read that several wait for. */
  read(session: SessionId, read: () => Promise<GetPermissionUsageReturnType>): Promise<GetPermissionUsageReturnType>
  begin(session: SessionId, taken: readonly Taken[]): Use
  /** Something came otherwise than expected: the next to ask reads. */
  forget(session: SessionId): void
}

/** About a block of the slower chains. What others do with a session in that time is left to the chain to refuse. */
const maxAgeMs = 15_000

type Sent = { taken: readonly Taken[]; blockNumber: bigint | undefined }
type Entry = { usage?: GetPermissionUsageReturnType | undefined; readAtMs: number; sent: Set<Sent> }

export function createUsageLedger(): UsageLedger {
  const entries = new Map<SessionId, Entry>()
  const reads = new Map<SessionId, Promise<GetPermissionUsageReturnType>>()

  function entryOf(session: SessionId): Entry {
    const entry = entries.get(session) ?? { readAtMs: 0, sent: new Set() }
    entries.set(session, entry)
    return entry
  }

  return {
    current(session) {
      const { usage, readAtMs, sent } = entryOf(session)
      const ageMs = Date.now() - readAtMs
      if (!usage || ageMs < 0 || ageMs > maxAgeMs) return undefined
      const timestamp = usage.asOf.timestamp + Math.floor(ageMs / 1_000)
      return { ...lessSent(usage, sent), asOf: { ...usage.asOf, timestamp } }
    },
    note(session, usage) {
      const entry = entryOf(session)
      // Two reads may come back in the wrong order.
      if (entry.usage && entry.usage.asOf.blockNumber > usage.asOf.blockNumber && Date.now() - entry.readAtMs <= maxAgeMs) return
      entry.usage = usage
      entry.readAtMs = Date.now()
      for (const one of entry.sent) {
        if (one.blockNumber !== undefined && one.blockNumber <= usage.asOf.blockNumber) entry.sent.delete(one)
      }
    },
    less: (session, usage) => lessSent(usage, entryOf(session).sent),
    read(session, read) {
      const known = reads.get(session)
      if (known) return known
      const mine = read().finally(() => reads.delete(session))
      reads.set(session, mine)
      return mine
    },
    begin(session, taken) {
      const { sent } = entryOf(session)
      const one: Sent = { taken, blockNumber: undefined }
      sent.add(one)
      return {
        happened(blockNumber) {
          one.blockNumber = blockNumber
          const { usage } = entryOf(session)
          if (usage && blockNumber <= usage.asOf.blockNumber) sent.delete(one)
        },
        failed: () => void sent.delete(one),
      }
    },
    forget(session) {
      entryOf(session).usage = undefined
    },
  }
}

function lessSent(usage: GetPermissionUsageReturnType, sent: ReadonlySet<Sent>): GetPermissionUsageReturnType {
  const taken = [...sent].flatMap((one) => one.taken)
  if (taken.length === 0) return usage
  const permissions = usage.permissions.map((permission, index) => {
    const own = taken.filter((one) => one.permission === index)
    const { calls, amount } = permission
    const spent = own.reduce((sum, one) => sum + one.amount, 0n)
    return {
      ...permission,
      ...(calls?.left === undefined ? {} : { calls: { ...calls, left: Math.max(0, calls.left - own.length) } }),
      ...(amount ? { amount: { ...amount, left: amount.left > spent ? amount.left - spent : 0n } } : {}),
    }
  })
  return { ...usage, permissions }
}
