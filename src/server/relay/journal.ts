import type { Hex } from 'viem'

/** A task that is on its way: the transactions that were signed for it, under one number, the newest last. */
export type RelayJournalEntry = { id: Hex; createdAt: number; serialized: readonly Hex[] }

/**
 * Where a relay writes down what it sends, for the process that comes after it. One relay account has one journal. Entries are JSON, some
 * kilobytes each, and at most as many as there are transactions on their way.
 */
export type RelayJournal = {
  /** Takes the place of what has the same id. Resolves when it is durable: nothing goes out before. */
  write(entry: RelayJournalEntry): Promise<void>
  erase(id: Hex): Promise<void>
  read(): Promise<readonly RelayJournalEntry[]>
}
