import { SendQueueFullError } from './errors.js'

/** One that waits for its transaction, and what was found out for it beforehand. */
export type Queued<item, ready, result> = { item: item; ready: ready; resolve(result: result): void; reject(error: Error): void }

export type SendQueueParameters<item, ready, result> = {
  /** Begins when an item comes, whatever stands before it. One for which it rejects does not go. */
  prepare(item: item): Promise<ready>
  /** How many of these, from the first on, go into one transaction. */
  countThatFits(waiting: readonly { item: item; ready: ready }[]): number
  /** Takes them on their way. The next ones follow as soon as their place in the order is taken; `landed` resolves when each of them has its outcome. */
  carry(batch: readonly Queued<item, ready, result>[]): Promise<{ landed: Promise<unknown> }>
  /** How long an item that may be joined waits at most for those that are on their way. */
  joinForMs: number
  maxInFlight: number
  maxWaiting: number
}

export type SendQueue<item, result> = {
  /**
   * First come, first gone. With nothing on its way an item goes at once, with whatever else comes in the same tick; else those that may be
   * joined are collected until that has landed, and go together.
   * @throws {SendQueueFullError}
   */
  add(item: item, options: { joins: boolean }): Promise<result>
}

type Entry<item, ready, result> = { item: item; joins: boolean; cameAtMs: number; prepared: Promise<void>; found?: { ready: ready }; resolve(result: result): void; reject(error: Error): void }

export function createSendQueue<item, ready, result>(parameters: SendQueueParameters<item, ready, result>): SendQueue<item, result> {
  const { prepare, countThatFits, carry, joinForMs, maxInFlight, maxWaiting } = parameters
  type Own = Entry<item, ready, result>
  const waiting: Own[] = []
  let inFlight = 0
  let isStarting = false
  /** The last transaction was full, and left some behind: there is nobody to wait for. */
  let isOverfull = false
  let timer: ReturnType<typeof setTimeout> | undefined

  async function prepareEntry(entry: Own): Promise<void> {
    try {
      entry.found = { ready: await prepare(entry.item) }
    } catch (error) {
      waiting.splice(waiting.indexOf(entry), 1)
      entry.reject(error as Error)
    }
  }

  function look(): void {
    const [first] = waiting
    if (!first || isStarting || inFlight >= maxInFlight) return
    const waitsForMs = inFlight === 0 || isOverfull || !first.joins ? 0 : first.cameAtMs + joinForMs - performance.now()
    if (waitsForMs <= 0) return void start()
    clearTimeout(timer)
    timer = setTimeout(look, waitsForMs)
  }

  async function start(): Promise<void> {
    isStarting = true
    clearTimeout(timer)
    await Promise.all(leading().map(({ prepared }) => prepared))
    const batch = take()
    if (batch.length > 0) {
      try {
        const { landed } = await carry(batch)
        inFlight += 1
        const goOn = () => {
          inFlight -= 1
          look()
        }
        landed.then(goOn, goOn)
      } catch (error) {
        for (const { reject } of batch) reject(error as Error)
      }
    }
    isStarting = false
    look()
  }

  /** The first, and those behind it that may be joined with it. */
  function leading(): readonly Own[] {
    const end = waiting.findIndex(({ joins }) => !joins)
    return waiting.slice(0, end < 0 ? waiting.length : Math.max(end, 1))
  }

  function take(): readonly Queued<item, ready, result>[] {
    const ready: Queued<item, ready, result>[] = []
    for (const { item, found, resolve, reject } of leading()) {
      // It came a moment ago: it goes with the next.
      if (!found) break
      ready.push({ item, ready: found.ready, resolve, reject })
    }
    const count = ready.length > 1 ? Math.max(1, countThatFits(ready)) : ready.length
    waiting.splice(0, count)
    isOverfull = count < ready.length
    return ready.slice(0, count)
  }

  return {
    add(item, { joins }) {
      if (waiting.length >= maxWaiting) return Promise.reject(new SendQueueFullError({ waiting: waiting.length }))
      return new Promise((resolve, reject) => {
        const entry: Own = { item, joins, cameAtMs: performance.now(), resolve, reject, prepared: Promise.resolve() }
        waiting.push(entry)
        entry.prepared = prepareEntry(entry)
        queueMicrotask(look)
      })
    },
  }
}
