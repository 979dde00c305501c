/** An amount that counts against a limit, from the moment it is taken until the window has passed over it. */
export type CounterEntry = { key: string; amount: bigint; max: bigint; windowSeconds: number }

/** Which counter has no room, and when it has. */
export type CounterFull = { key: string; retryAfterSeconds: number }

/**
 * What a relay has given out lately, of requests, gas and money. Several processes that share one share their quotas and budgets. Keys are
 * ASCII, at most 200 characters; moments are unix seconds, as the relay's clock says.
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

type Taken = { at: number; amount: bigint }

const maxKeys = 50_000

/** A window is kept in at most so many parts; what is in one part counts from its latest moment on. */
const parts = 60

/** Of one process, gone when it is. */
export function createMemoryCounters(): RelayCounters {
  const counters = new Map<string, Taken[]>()

  function recent(key: string, windowSeconds: number, at: number): readonly Taken[] {
    return (counters.get(key) ?? []).filter((taken) => taken.at > at - windowSeconds)
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
    return undefined
  }

  function add({ key, amount, windowSeconds }: Pick<CounterEntry, 'key' | 'amount' | 'windowSeconds'>, at: number): void {
    const taken = [...recent(key, windowSeconds, at)]
    const last = taken.at(-1)
    const part = Math.ceil(windowSeconds / parts)
    if (last && Math.floor(last.at / part) === Math.floor(at / part)) taken[taken.length - 1] = { at: Math.max(last.at, at), amount: last.amount + amount }
    else taken.push({ at, amount })
    // Last in, so that the one thrown out is the one not used for longest.
    counters.delete(key)
    counters.set(key, taken)
    const [idlest] = counters.keys()
    if (counters.size > maxKeys && idlest !== undefined) counters.delete(idlest)
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
        const taken = counters.get(key)?.find((one) => Math.floor(one.at / part) === Math.floor(takenAt / part))
        // What is not there any more counts no longer, whatever it was.
        if (taken) taken.amount += amount
      }
    },
    async used({ key, windowSeconds }, at) {
      return recent(key, windowSeconds, at).reduce((sum, { amount }) => sum + amount, 0n)
    },
  }
}
