import type { SessionId } from '../sessions/session.js'
import type { GetPermissionUsageReturnType } from './permissionUsage.js'
import type { CountedUpTo } from './receiptUsage.js'

/** What one call takes from the limit of the permission that covers it. */
export type Taken = { permission: number; amount: bigint }

export type CountReceipt = (before: GetPermissionUsageReturnType, upTo: CountedUpTo) => GetPermissionUsageReturnType | undefined

/** A batch that is on its way. It counts as made until it is known that it was not. */
export type Use = {
  /** `isCounted`: what is left is known by its receipt (`noteReceipt`), and by a later read otherwise. */
  happened(blockNumber: bigint, options?: { isCounted?: boolean | undefined }): void
  failed(): void
}

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
  /**
   * A transaction of the session is in a block, and `count` says what is left after it, or that this takes a read. Returns what is left, where it
   * is known. What others did with the session since the last read is in it only where the receipt tells of it.
   */
  noteReceipt(session: SessionId, blockNumber: bigint, count: CountReceipt): GetPermissionUsageReturnType | undefined
  /** What is left by a receipt, where no read has come after it. */
  byReceipt(session: SessionId): GetPermissionUsageReturnType | undefined
  /** A read that several wait for. */
  read(session: SessionId, read: () => Promise<GetPermissionUsageReturnType>): Promise<GetPermissionUsageReturnType>
  begin(session: SessionId, taken: readonly Taken[]): Use
  /** Something came otherwise than expected: the next to ask reads. */
  forget(session: SessionId): void
}

/** About a block of the slower chains. What others do with a session in that time is left to the chain to refuse. */
const maxAgeMs = 15_000

type Sent = { taken: readonly Taken[]; blockNumber: bigint | undefined }
type Entry = {
  usage?: GetPermissionUsageReturnType | undefined
  /** Which block was read last. */
  readBlock: bigint
  readAtMs: number
  /** When the time of `usage` was the chain's. */
  timeAtMs: number
  /** What is known by receipts after that block; undefined where there was none, `incomplete` where one did not say enough. */
  upTo: CountedUpTo | 'incomplete' | undefined
  sent: Set<Sent>
  sums: Map<number, Sum>
}

/** What all that was sent takes of one permission. */
type Sum = { calls: number; amount: bigint }

export function createUsageLedger(): UsageLedger {
  const entries = new Map<SessionId, Entry>()
  const reads = new Map<SessionId, Promise<GetPermissionUsageReturnType>>()

  function entryOf(session: SessionId): Entry {
    const entry = entries.get(session) ?? { readBlock: 0n, readAtMs: 0, timeAtMs: 0, upTo: undefined, sent: new Set(), sums: new Map() }
    entries.set(session, entry)
    return entry
  }

  return {
    current(session) {
      const entry = entryOf(session)
      const { usage, timeAtMs, sums } = entry
      if (!usage || !isFresh(entry)) return undefined
      const timestamp = usage.asOf.timestamp + Math.floor((Date.now() - timeAtMs) / 1_000)
      return { ...lessSent(usage, sums), asOf: { ...usage.asOf, timestamp } }
    },
    note(session, usage) {
      const entry = entryOf(session)
      // Two reads may come back in the wrong order.
      if (entry.usage && entry.usage.asOf.blockNumber > usage.asOf.blockNumber && isFresh(entry)) return
      const nowMs = Date.now()
      Object.assign(entry, { usage, readBlock: usage.asOf.blockNumber, readAtMs: nowMs, timeAtMs: nowMs, upTo: undefined })
      for (const one of entry.sent) {
        if (one.blockNumber !== undefined && one.blockNumber <= usage.asOf.blockNumber) drop(entry, one)
      }
    },
    noteReceipt(session, blockNumber, count) {
      const entry = entryOf(session)
      const { usage: before, readBlock, upTo = new Map() } = entry
      if (!before || !isFresh(entry)) return undefined
      if (blockNumber <= readBlock) return before
      const usage = upTo === 'incomplete' ? undefined : count(before, upTo)
      if (!usage) {
        entry.upTo = 'incomplete'
        return undefined
      }
      Object.assign(entry, { usage, upTo })
      if (usage.asOf.timestamp > before.asOf.timestamp) entry.timeAtMs = Date.now()
      return usage
    },
    byReceipt(session) {
      const entry = entryOf(session)
      return entry.upTo && entry.upTo !== 'incomplete' && isFresh(entry) ? entry.usage : undefined
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
        happened(blockNumber, { isCounted = false } = {}) {
          one.blockNumber = blockNumber
          if (isCounted || (entry.usage && blockNumber <= entry.readBlock)) drop(entry, one)
        },
        failed: () => drop(entry, one),
      }
    },
    forget(session) {
      Object.assign(entryOf(session), { usage: undefined, upTo: undefined })
    },
  }
}

function isFresh({ readAtMs }: Entry): boolean {
  const ageMs = Date.now() - readAtMs
  return ageMs >= 0 && ageMs <= maxAgeMs
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
