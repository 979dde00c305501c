export type PollTaskParameters<task, open extends task> = {
  first: task
  isOpen: (task: task) => task is open
  look: (task: open) => Promise<task>
  /** The first wait between two looks; each is half as long again, up to 2 seconds. */
  pollingIntervalMs: number
  totalTimeoutMs: number
  timedOut: (task: open, waitedMs: number) => Error
}

/** Looks at a task until it is at its end; once at least, however late it is already. */
export async function pollTask<task, open extends task>({
  first,
  isOpen,
  look,
  pollingIntervalMs,
  totalTimeoutMs,
  timedOut,
}: PollTaskParameters<task, open>): Promise<Exclude<task, open>> {
  const startedAt = Date.now()
  let task = first
  for (let waitMs = pollingIntervalMs; isOpen(task); waitMs = Math.min(waitMs * 1.5, maxWaitMs)) {
    await delay(Math.max(0, Math.min(waitMs, totalTimeoutMs - (Date.now() - startedAt))))
    task = await look(task)
    const waitedMs = Date.now() - startedAt
    if (isOpen(task) && waitedMs >= totalTimeoutMs) throw timedOut(task, waitedMs)
  }
  return task as Exclude<task, open>
}

const maxWaitMs = 2_000

const delay = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds))
