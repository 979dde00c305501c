import type { SessionKeyEvent } from '../../actions/observeSessionKeys.js'

export type EventLog = {
  /** Oldest first. The same list until something is added. */
  events(): readonly SessionKeyEvent[]
  /** What is told again under the same id takes its own place. */
  add(event: SessionKeyEvent): void
  clear(): void
  subscribe(listener: () => void): () => void
}

/** The last events of each kind, so that a wallet that is asked all the time pushes no change of status out. */
export function createEventLog({ limit }: { limit: number }): EventLog {
  const listeners = new Set<() => void>()
  let events: readonly SessionKeyEvent[] = []

  function set(next: readonly SessionKeyEvent[]) {
    events = next
    for (const listener of listeners) listener()
  }

  return {
    events: () => events,
    add(event) {
      const place = events.findIndex((one) => isSame(one, event))
      if (place >= 0) return set(events.map((one, index) => (index === place ? event : one)))
      const ofKind = events.filter(({ kind }) => kind === event.kind)
      const oldest = ofKind.length >= limit ? ofKind[0] : undefined
      set([...events.filter((one) => one !== oldest), event])
    },
    clear: () => set([]),
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

function isSame(one: SessionKeyEvent, other: SessionKeyEvent): boolean {
  if (one.kind === 'wallet') return other.kind === 'wallet' && one.id === other.id
  return other.kind === 'status' && one.id === other.id && one.rev === other.rev
}
