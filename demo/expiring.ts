export type ExpiringMap<value> = {
  /** False where there is no room: one that counts is forgotten for no other. */
  set: (key: string, value: value) => boolean
  get: (key: string) => value | undefined
  /** Gets it for the last time. */
  take: (key: string) => value | undefined
}

/** A map whose entries end, at most so many at once. */
export function createExpiringMap<value>({ most, lifetimeMs, now }: { most: number; lifetimeMs: number; now: () => number }): ExpiringMap<value> {
  // All live equally long, so the first in is the first to end.
  const entries = new Map<string, { value: value; endsAt: number }>()

  function get(key: string): value | undefined {
    const entry = entries.get(key)
    return entry && entry.endsAt > now() ? entry.value : undefined
  }

  return {
    get,
    set(key, value) {
      for (const [old, { endsAt }] of entries) {
        if (endsAt > now()) break
        entries.delete(old)
      }
      if (entries.size >= most) return false
      entries.set(key, { value, endsAt: now() + lifetimeMs })
      return true
    },
    take(key) {
      const value = get(key)
      entries.delete(key)
      return value
    },
  }
}
