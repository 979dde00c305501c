/** Which of an origin's pages use a key right now. */
export type KeyLease = {
  /** Whether this page alone does. Says to the others that it does, until it has not for a while. */
  isAlone(): Promise<boolean>
  /** Runs `work` while no other page does the same. */
  exclusively<result>(work: () => Promise<result>): Promise<result>
}

/**
 * Web Locks know it: every page that uses the key holds one shared lock, which goes with the page. Without Web Locks (an old browser, a
 * server) each thinks that it is alone, and the chain sorts out who was first.
 * @param keepMs how long after its last use a page still counts as using the key
 */
export function createKeyLease(name: string, keepMs: number): KeyLease {
  const shared = `react-session-keys:key:${name}`
  let held: Promise<void> | undefined
  let letGo: () => void = () => undefined
  let timer: ReturnType<typeof setTimeout> | undefined

  function hold(locks: LockManager): Promise<void> {
    clearTimeout(timer)
    timer = setTimeout(() => {
      held = undefined
      letGo()
    }, keepMs)
    // In Node a timer would keep the process alive.
    if (typeof timer === 'object') (timer as { unref?: () => void }).unref?.()
    held ??= new Promise((granted, refused) => {
      locks
        .request(shared, { mode: 'shared' }, () => {
          granted()
          return new Promise<void>((resolve) => (letGo = resolve))
        })
        .catch(refused)
    })
    return held
  }

  return {
    async isAlone() {
      const { locks } = globalThis.navigator ?? {}
      if (!locks) return true
      try {
        await hold(locks)
        const { held: all = [] } = await locks.query()
        return all.filter((lock) => lock.name === shared).length <= 1
      } catch {
        // A page without an origin (a sandboxed frame) may not ask.
        return true
      }
    },
    exclusively(work) {
      const { locks } = globalThis.navigator ?? {}
      return locks ? (locks.request(`${shared}:turn`, work) as Promise<Awaited<ReturnType<typeof work>>>) : work()
    },
  }
}
