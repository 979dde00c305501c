import { SessionKeyError } from '../../errors/SessionKeyError.js'
import { createOneAtATime, type OneAtATime } from '../../execution/oneAtATime.js'
import { AgentRowChangedError, type AgentStore } from './agentStore.js'

/** Another process does something with the key for longer than this one is ready to wait. Nothing was sent. */
export class KeyInUseError extends SessionKeyError {
  override readonly name = 'KeyInUseError'
  constructor({ lease, waitedMs }: { lease: string; waitedMs: number }) {
    super(`Another process has been using the key of ${lease} for ${Math.round(waitedMs / 1000)} seconds.`, {
      metaMessages: ['Try again later. A process that died lets go of it by itself, after `leaseMs`.'],
    })
  }
}

export type LeaseOptions = {
  /** How long a process that says nothing more keeps what it holds. */
  leaseMs: number
  /** How long to wait for one that does. */
  waitMs: number
}

/** Runs work while nobody else, in any process over the same store, runs work under the same name. */
export type Leases = { during<result>(name: string, work: () => Promise<result>): Promise<result> }

/**
 * Leases in the store, one row each. They go by the clocks of the machines: where those differ by more than `leaseMs`, or a process stands
 * still for that long, two may hold one at once. Nothing happens twice by that (`execution/onceOnly`); gas may be spent for nothing.
 */
export function createLeases(store: AgentStore, { leaseMs, waitMs }: LeaseOptions): Leases {
  // Those who wait in this process ask nobody.
  const turns = new Map<string, { run: OneAtATime; waiting: number }>()

  async function acquire(name: string): Promise<Held> {
    const holder = crypto.randomUUID()
    const startedAtMs = Date.now()
    for (;;) {
      const row = await store.get('lease', name)
      const { until } = row ? readBody(row.body) : { until: 0 }
      if (until <= Date.now()) {
        const rev = row ? row.rev + 1 : 0
        if (await write(store, name, rev, { holder, until: Date.now() + leaseMs })) return { holder, rev }
        continue
      }
      const waitedMs = Date.now() - startedAtMs
      if (waitedMs > waitMs) throw new KeyInUseError({ lease: name, waitedMs })
      await new Promise((resolve) => setTimeout(resolve, Math.min(until - Date.now() + 1, lookEveryMs)))
    }
  }

  async function hold<result>(name: string, work: () => Promise<result>): Promise<result> {
    const held = await acquire(name)
    let rev = held.rev
    let renewing: Promise<unknown> = Promise.resolve()
    const renew = setInterval(() => {
      renewing = renewing.then(async () => {
        if (await write(store, name, rev + 1, { holder: held.holder, until: Date.now() + leaseMs }).catch(() => false)) rev += 1
      })
    }, leaseMs / 3)
    try {
      return await work()
    } finally {
      clearInterval(renew)
      await renewing
      await write(store, name, rev + 1, { holder: '', until: 0 }).catch(() => false)
    }
  }

  return {
    async during(name, work) {
      const turn = turns.get(name) ?? { run: createOneAtATime(), waiting: 0 }
      turns.set(name, turn)
      turn.waiting += 1
      try {
        return await turn.run(() => hold(name, work))
      } finally {
        turn.waiting -= 1
        if (turn.waiting === 0) turns.delete(name)
      }
    },
  }
}

type Held = { holder: string; rev: number }

const lookEveryMs = 50

async function write(store: AgentStore, name: string, rev: number, body: { holder: string; until: number }): Promise<boolean> {
  try {
    await store.put({ kind: 'lease', id: name, rev, group: '', open: false, body: JSON.stringify(body) })
    return true
  } catch (error) {
    if (error instanceof AgentRowChangedError) return false
    throw error
  }
}

function readBody(body: string): { until: number } {
  const { until } = JSON.parse(body) as { until?: unknown }
  return { until: typeof until === 'number' ? until : 0 }
}
