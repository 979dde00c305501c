import type { Job, JobQueue } from './jobQueue.js'

export type WorkersParameters = {
  queue: JobQueue
  concurrency: number
  /** How long to wait for more, where there was nothing, in ms. */
  pollMs: number
  work: (job: Job) => Promise<void>
  onError: (error: Error, job?: Job) => void
}

/** Takes jobs as long as it has hands free. */
export type Workers = {
  /** There may be something to take. */
  wake(): void
  /** Takes no more, and resolves when what it has is done. */
  stop(): Promise<void>
}

export function startWorkers({ queue, concurrency, pollMs, work, onError }: WorkersParameters): Workers {
  const active = new Map<string, Promise<void>>()
  let isStopped = false
  let wake: () => void = () => undefined
  let isWoken = false

  /** Until somebody wakes it; something may be there by itself, too. */
  async function rest(): Promise<void> {
    if (isWoken || isStopped) return
    let timer: ReturnType<typeof setTimeout> | undefined
    await new Promise<void>((resolve) => {
      wake = resolve
      timer = setTimeout(resolve, pollMs)
    })
    clearTimeout(timer)
  }

  function begin(job: Job): void {
    // It takes longer than it may: this process is at it, and nobody else was given it.
    if (active.has(job.id)) return
    const done = work(job)
      .catch((error: Error) => onError(error, job))
      .finally(() => {
        active.delete(job.id)
        nudge()
      })
    active.set(job.id, done)
  }

  function nudge(): void {
    isWoken = true
    wake()
  }

  async function run(): Promise<void> {
    while (!isStopped) {
      isWoken = false
      const free = concurrency - active.size
      const jobs = free > 0 ? await queue.take(free).catch((error: Error) => (onError(error), [])) : []
      jobs.forEach(begin)
      if (jobs.length < free || free === 0) await rest()
    }
  }

  const running = run()
  return {
    wake: nudge,
    async stop() {
      isStopped = true
      nudge()
      await running
      await Promise.all(active.values())
    },
  }
}
