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
type Entry = { usage?: GetPermissionUsageReturnType | undefined; readAtMs: number; sent: Set<Sent>; sums: Map<number, Sum> }

/** What all that was sent takes of one permission. */
type Sum = { calls: number; amount: bigint }

export function createUsageLedger(): UsageLedger {
  const entries = new Map<SessionId, Entry>()
  const reads = new Map<SessionId, Promise<GetPermissionUsageReturnType>>()

  function entryOf(session: SessionId): Entry {
    const entry = entries.get(session) ?? { readAtMs: 0, sent: new Set(), sums: new Map() }
    entries.set(session, entry)
    return entry
  }

  return {
    current(session) {
      const { usage, readAtMs, sums } = entryOf(session)
      const ageMs = Date.now() - readAtMs
      if (!usage || ageMs < 0 || ageMs > maxAgeMs) return undefined
      const timestamp = usage.asOf.timestamp + Math.floor(ageMs / 1_000)
      return { ...lessSent(usage, sums), asOf: { ...usage.asOf, timestamp } }
    },
    note(session, usage) {
      const entry = entryOf(session)
      // Two reads may come back in the wrong order.
      if (entry.usage && entry.usage.asOf.blockNumber > usage.asOf.blockNumber && Date.now() - entry.readAtMs <= maxAgeMs) return
      entry.usage = usage
      entry.readAtMs = Date.now()
      for (const one of entry.sent) {
        if (one.blockNumber !== undefined && one.blockNumber <= usage.asOf.blockNumber) drop(entry, one)
      }
    },
    less: (session, usage) => lessSent(usage, entryOf(session).sums),
    read(session, read) {
      const known = reads.get(session)
      if (known) return known
      const mine = read().finally(() => reads.delete(session))
      reads.set(session, mine)
      return mine
    },
    begin(session, taken) {
      const entry = entryOf(session)
      const one: Sent = { taken, blockNumber: undefined }
      entry.sent.add(one)
      count(entry, one, 1)
      return {
        happened(blockNumber) {
          one.blockNumber = blockNumber
          const { usage } = entry
          if (usage && blockNumber <= usage.asOf.blockNumber) drop(entry, one)
        },
        failed: () => drop(entry, one),
      }
    },
    forget(session) {
      entryOf(session).usage = undefined
    },
  }
}

function drop(entry: Entry, one: Sent): void {
  if (entry.sent.delete(one)) count(entry, one, -1)
}

function count({ sums }: Entry, { taken }: Sent, times: 1 | -1): void {
  for (const { permission, amount } of taken) {
    const sum = sums.get(permission) ?? { calls: 0, amount: 0n }
    sums.set(permission, { calls: sum.calls + times, amount: sum.amount + BigInt(times) * amount })
  }
}

function lessSent(usage: GetPermissionUsageReturnType, sums: ReadonlyMap<number, Sum>): GetPermissionUsageReturnType {
  const permissions = usage.permissions.map((permission, index) => {
    const sent = sums.get(index)
    if (!sent || sent.calls === 0) return permission
    const { calls, amount } = permission
    return {
      ...permission,
      ...(calls?.left === undefined ? {} : { calls: { ...calls, left: Math.max(0, calls.left - sent.calls) } }),
      ...(amount ? { amount: { ...amount, left: amount.left > sent.amount ? amount.left - sent.amount : 0n } } : {}),
    }
  })
  return { ...usage, permissions }
}
