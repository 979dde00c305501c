import { SessionKeyError } from '../../errors/SessionKeyError.js'

/**
 * What a server keeps: `key` a user's key, sealed · `address` whose key it is · `session` · `grant` a delegation that a session holds ·
 * `intent` what a session was told to do · `history` what it did, for people · `lease` who uses a key right now · `enrolled` that a session came,
 * by the time when it did.
 */
export type AgentRowKind = 'key' | 'address' | 'session' | 'grant' | 'intent' | 'history' | 'lease' | 'enrolled'

/** One row. Only the kit reads `body`; the rest is what a store finds it by. */
export type AgentRow = {
  kind: AgentRowKind
  /** Unique in its kind. At most 200 characters, all of them ASCII. */
  id: string
  /** 0 when it is new, one more with every change. */
  rev: number
  /** What it belongs to: the session of an intent, the account of a session. */
  group: string
  /** Something is left to do with it. */
  open: boolean
  /** JSON, some kilobytes. */
  body: string
}

/** All conditions hold. */
export type AgentRowQuery = {
  group?: string | undefined
  open?: boolean | undefined
  /** Only rows whose id comes later, by the order of ASCII. */
  after?: string | undefined
  /** At most so many. */
  limit?: number | undefined
}

/**
 * Where a server keeps its keys, sessions and intents: one table with a primary key of (kind, id). Every promise resolves only when the
 * change is durable, and every process reads what any process has written. `agentStoreCases` (`/testing`) says the same as tests.
 */
export type AgentStore = {
  /** `memory`: gone when the process is. */
  readonly persistence: 'durable' | 'memory'
  get(kind: AgentRowKind, id: string): Promise<AgentRow | undefined>
  /**
   * Adds a row with `rev` 0 where there is none with its id; replaces the one that has `row.rev - 1`. Of several at once one wins.
   * @throws {AgentRowChangedError} the stored one is another
   */
  put(row: AgentRow): Promise<void>
  /** Of one kind, by id, ascending. */
  list(kind: AgentRowKind, query?: AgentRowQuery): Promise<readonly AgentRow[]>
}

/** Somebody else wrote the row in between. Stores throw it; nothing was written. */
export class AgentRowChangedError extends SessionKeyError {
  override readonly name = 'AgentRowChangedError'
  constructor({ kind, id }: Pick<AgentRow, 'kind' | 'id'>) {
    super(`The ${kind} "${id}" was changed by another process meanwhile.`, { metaMessages: ['Read it again and repeat.'] })
  }
}
