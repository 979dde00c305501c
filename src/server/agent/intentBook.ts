import { keccak256, stringToHex } from 'viem'
import type { EncodedCall } from '../../actions/sessionCalls.js'
import { onceNumber } from '../../execution/onceOnly.js'
import { sameMeaning } from '../../permissions/canonicalText.js'
import { toJsonText } from '../../sessions/jsonText.js'
import type { Session, SessionId } from '../../sessions/session.js'
import type { AgentRow, AgentStore } from '../store/agentStore.js'
import { allRows } from '../store/allRows.js'
import { IntentConflictError } from './errors.js'
import { readIntent, type Intent, type StoredIntent } from './intent.js'

/** The intents of a server, as they are stored. */
export type IntentBook = {
  get(session: SessionId, id: string): Promise<StoredIntent | undefined>
  /** Writes it down, or finds it. @throws {IntentConflictError} the id stands for other calls */
  open(session: Session, id: string, calls: readonly EncodedCall[]): Promise<StoredIntent>
  /** @throws {AgentRowChangedError} another process has changed it */
  save(intent: StoredIntent, change: Partial<Pick<Intent, 'state' | 'deadline' | 'fromBlock'>>): Promise<StoredIntent>
  /** Those that something has gone out for, or was about to. One that another version wrote, and this one cannot read, is that version's to settle. */
  unsettled(): AsyncGenerator<StoredIntent>
  /** The newest first; for showing them, and so without those that cannot be read. */
  ofSession(session: SessionId): Promise<readonly StoredIntent[]>
}

export function createIntentBook(store: AgentStore): IntentBook {
  async function put(intent: StoredIntent): Promise<StoredIntent> {
    const { rev, ...rest } = intent
    const { session, id, state } = intent
    const open = state.status === 'written' || state.status === 'sent'
    await store.put({ kind: 'intent', id: rowId(session, id), rev, group: session, open, body: toJsonText(rest) })
    return intent
  }

  const read = (row: AgentRow): StoredIntent => ({ ...readIntent(row.body), rev: row.rev })

  function readable(row: AgentRow): readonly StoredIntent[] {
    try {
      return [read(row)]
    } catch {
      return []
    }
  }

  async function get(session: SessionId, id: string): Promise<StoredIntent | undefined> {
    const row = await store.get('intent', rowId(session, id))
    return row && read(row)
  }

  return {
    get,
    async open({ id: session, chainId, address: key }, id, calls) {
      const stored = await get(session, id)
      if (stored) {
        if (!sameMeaning(stored.calls.map(meaning), calls.map(meaning))) throw new IntentConflictError({ session, intent: id })
        return stored
      }
      return put({ v: 1, id, session, chainId, key, number: onceNumber(session, id), calls, createdAt: Date.now(), state: { status: 'written' }, rev: 0 })
    },
    save: (intent, change) => put({ ...intent, ...change, rev: intent.rev + 1 }),
    async *unsettled() {
      for await (const row of allRows(store, 'intent', { open: true })) yield* readable(row)
    },
    async ofSession(session) {
      const intents: StoredIntent[] = []
      for await (const row of allRows(store, 'intent', { group: session })) intents.push(...readable(row))
      return intents.sort((a, b) => b.createdAt - a.createdAt)
    },
  }
}

function meaning({ to, value, data }: EncodedCall) {
  return { to, value, data }
}

/** An app's id may be of any length. */
function rowId(session: SessionId, id: string): string {
  return `${session}:${keccak256(stringToHex(id)).slice(2)}`
}
