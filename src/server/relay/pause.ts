/** A tenth of the time waited so far: quick on a local chain, no burden on a slow one. */
export function pauseBetweenLooks(waitedMs: number): Promise<void> {
  return pause(Math.min(Math.max(waitedMs / 10, minPauseMs), maxPauseMs))
}

const minPauseMs = 5
const maxPauseMs = 4_000

/** A relay that only waits keeps no process alive. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const timer: unknown = setTimeout(resolve, milliseconds)
    if (typeof timer === 'object' && timer !== null && 'unref' in timer && typeof timer.unref === 'function') timer.unref()
  })
}
