/** An amount that counts against a limit, from the moment it is taken until the window has passed over it. */
export type CounterEntry = { key: string; amount: bigint; max: bigint; windowSeconds: number }

/** Which counter has no room, and when it has. */
export type CounterFull = {
  key: string
  retryAfterSeconds: number
  /** Nothing is used up: as many keys of that kind count as can be kept, and none of them may be forgotten for this one. */
  tooManyKeys?: true | undefined
}

/**
 * What a relay has given out lately, of requests, gas and money. Several processes that share one share their quotas and budgets. Keys are
 * ASCII, at most 200 characters, and begin with the chain and the kind: `8453:sender:…`; moments are unix seconds, as the relay's clock says.
 * A counter may be forgotten once its window is over, and not before; but those of the kind `client`, which anybody can make many of.
 */
export type RelayCounters = {
  /** Adds to all of them; or, where one would go past its `max` within its window, to none. Of several at once each sees the others. */
  take(entries: readonly CounterEntry[], at: number): Promise<CounterFull | undefined>
  /** The same, and adds nothing. */
  look(entries: readonly CounterEntry[], at: number): Promise<CounterFull | undefined>
  /** Changes by `amount`, up or down, what was taken at that moment. */
  correct(entries: readonly Pick<CounterEntry, 'key' | 'amount' | 'windowSeconds'>[], takenAt: number): Promise<void>
  used(entry: Pick<CounterEntry, 'key' | 'windowSeconds'>, at: number): Promise<bigint>
}

export type CreateMemoryCountersParameters = {
  /** So many keys of each kind are kept. Beyond them a new caller takes the place of the idlest one, and any other new key is refused. @default 100_000 */
  maxKeys?: number | undefined
}

type Taken = { at: number; amount: bigint }
type Counter = { taken: readonly Taken[]; windowSeconds: number }

/** The counters of one kind, the idlest first. */
type Shelf = {
  counters: Map<string, Counter>
  /** Before this moment none of their windows is over. */
  nextEnd: number
}

/** A window is kept in at most so many parts; what is in one part counts from its latest moment on. */
const parts = 60

/** Of one process, gone when it is. */
export function createMemoryCounters({ maxKeys = 100_000 }: CreateMemoryCountersParameters = {}): RelayCounters {
  const shelves = new Map<string, Shelf>()

  function shelfOf(key: string): Shelf {
    const kind = kindOf(key)
    const shelf = shelves.get(kind) ?? { counters: new Map(), nextEnd: Infinity }
    shelves.set(kind, shelf)
    return shelf
  }

  function recent(key: string, windowSeconds: number, at: number): readonly Taken[] {
    return (shelfOf(key).counters.get(key)?.taken ?? []).filter((taken) => taken.at > at - windowSeconds)
  }

  function full(entries: readonly CounterEntry[], at: number): CounterFull | undefined {
    for (const { key, amount, max, windowSeconds } of entries) {
      const taken = recent(key, windowSeconds, at)
      let total = taken.reduce((sum, one) => sum + one.amount, amount)
      if (total <= max) continue
      for (const one of taken) {
        total -= one.amount
        if (total <= max) return { key, retryAfterSeconds: one.at + windowSeconds - at }
      }
      return { key, retryAfterSeconds: windowSeconds }
    }
    return withoutPlace(entries, at)
  }

  /** A key that there is no place for. One that counts is forgotten for no other: whoever makes many keys would have their own forgotten so. */
  function withoutPlace(entries: readonly CounterEntry[], at: number): CounterFull | undefined {
    const fresh = new Map<Shelf, Set<string>>()
    for (const { key } of entries) {
      const shelf = shelfOf(key)
      if (kindOf(key) === callers || shelf.counters.has(key)) continue
      const keys = (fresh.get(shelf) ?? new Set()).add(key)
      fresh.set(shelf, keys)
      if (shelf.counters.size + keys.size > maxKeys) forgetEnded(shelf, at)
      if (shelf.counters.size + keys.size > maxKeys) return { key, retryAfterSeconds: Math.max(1, shelf.nextEnd - at), tooManyKeys: true }
    }
    return undefined
  }

  /** Goes through all of them, and so only when one has ended. */
  function forgetEnded(shelf: Shelf, at: number): void {
    if (at < shelf.nextEnd) return
    shelf.nextEnd = Infinity
    for (const [key, counter] of shelf.counters) {
      const end = endOf(counter)
      if (end <= at) shelf.counters.delete(key)
      else shelf.nextEnd = Math.min(shelf.nextEnd, end)
    }
  }

  function add({ key, amount, windowSeconds }: Pick<CounterEntry, 'key' | 'amount' | 'windowSeconds'>, at: number): void {
    const taken = [...recent(key, windowSeconds, at)]
    const last = taken.at(-1)
    const part = Math.ceil(windowSeconds / parts)
    if (last && Math.floor(last.at / part) === Math.floor(at / part)) taken[taken.length - 1] = { at: Math.max(last.at, at), amount: last.amount + amount }
    else taken.push({ at, amount })
    const shelf = shelfOf(key)
    const counter = { taken, windowSeconds }
    // Last in, so that the first one is the one not used for longest.
    shelf.counters.delete(key)
    shelf.counters.set(key, counter)
    shelf.nextEnd = Math.min(shelf.nextEnd, endOf(counter))
    const [idlest] = shelf.counters.keys()
    if (kindOf(key) === callers && shelf.counters.size > maxKeys && idlest !== undefined) shelf.counters.delete(idlest)
  }

  return {
    async look(entries, at) {
      return full(entries, at)
    },
    async take(entries, at) {
      const refused = full(entries, at)
      if (!refused) for (const entry of entries) add(entry, at)
      return refused
    },
    async correct(entries, takenAt) {
      for (const { key, amount, windowSeconds } of entries) {
        const part = Math.ceil(windowSeconds / parts)
        const taken = shelfOf(key).counters.get(key)?.taken.find((one) => Math.floor(one.at / part) === Math.floor(takenAt / part))
        // What is not there any more counts no longer, whatever it was.
        if (taken) taken.amount += amount
      }
    },
    async used({ key, windowSeconds }, at) {
      return recent(key, windowSeconds, at).reduce((sum, { amount }) => sum + amount, 0n)
    },
  }
}

/** Anybody makes one by a request; that one is forgotten lets nobody have what costs anything. */
const callers = 'client'

function kindOf(key: string): string {
  return key.split(':', 2)[1] ?? ''
}

function endOf({ taken, windowSeconds }: Counter): number {
  return (taken.at(-1)?.at ?? -Infinity) + windowSeconds
}
