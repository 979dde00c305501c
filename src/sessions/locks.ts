import type { SessionId } from './session.js'

/** Held while a session is asked for, settled or ended: one tab at a time does that. */
export function sessionLock(id: SessionId): string {
  return `react-session-keys:session:${id}`
}

/** Held while a wallet is asked one thing: a tab that is to ask the same waits, and takes the first one's answer. */
export function grantLock(request: string): string {
  return `react-session-keys:grant:${request}`
}

/** Keeps other tabs out while `work` runs, and tells it whether it had to wait for one; this page sees to itself. */
export async function withLockAcrossTabs<result>(name: string, work: (waited: boolean) => Promise<result>): Promise<result> {
  const { locks } = globalThis.navigator ?? {}
  if (!locks) return work(false)
  const atOnce = await locks.request(name, { ifAvailable: true }, async (lock) => lock && { result: await work(false) })
  return atOnce ? atOnce.result : locks.request(name, () => work(true))
}

/**
 * Runs `work` while nobody else, in any tab of this origin, holds the lock of that name. Locks go with the page that holds them.
 * Without Web Locks (an old browser, a server) the lock holds inside this page only, and the store's revisions do the rest.
 */
export function withLock<result>(name: string, work: () => Promise<result>): Promise<result> {
  const { locks } = globalThis.navigator ?? {}
  return locks ? (locks.request(name, work) as Promise<result>) : withPageLock(name, work)
}

/** The same, but where somebody holds the lock, nothing is done and `undefined` is the answer. */
export async function withFreeLock<result>(name: string, work: () => Promise<result>): Promise<result | undefined> {
  const { locks } = globalThis.navigator ?? {}
  if (locks) return locks.request(name, { ifAvailable: true }, async (lock) => (lock ? work() : undefined)) as Promise<result | undefined>
  return held.has(name) ? undefined : withPageLock(name, work)
}

const held = new Map<string, Promise<unknown>>()

function withPageLock<result>(name: string, work: () => Promise<result>): Promise<result> {
  const before = held.get(name) ?? Promise.resolve()
  const mine = before.then(work, work)
  const done = mine.catch(() => undefined)
  held.set(name, done)
  void done.then(() => held.get(name) === done && held.delete(name))
  return mine
}
