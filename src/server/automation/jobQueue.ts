import type PgBoss from 'pg-boss'
import type { Database, DatabaseQuery } from './database.js'
import { jobId, type RunKey } from './jobId.js'
import { importOptional } from './importOptional.js'

export type Job = RunKey & { id: string }

/**
 * pg-boss as it is used here: who holds which run, when the next try is, and what was given up. Each change can be part of a transaction of
 * ours. Its cron is not used, for it goes by the database's clock; neither is its count of tries, which a process that was killed would use up.
 */
export type JobQueue = {
  /** Those that are in it already stay as they are. */
  add(query: DatabaseQuery, runs: readonly RunKey[]): Promise<void>
  /** Takes some. What is not ended in `expireSeconds` is given to somebody else as well. */
  take(most: number): Promise<readonly Job[]>
  end(query: DatabaseQuery, job: Job): Promise<void>
  /** Back into it, for later. */
  putBack(query: DatabaseQuery, job: Job, delaySeconds: number): Promise<void>
  /** Aside, as a dead letter. */
  bury(query: DatabaseQuery, job: Job): Promise<void>
  /** A dead letter back into it. */
  revive(query: DatabaseQuery, run: RunKey): Promise<void>
  /** Gives those to others that nobody ended in time. */
  expire(): Promise<void>
  close(): Promise<void>
}

export type OpenJobQueueParameters = { database: Database; expireSeconds: number; onError: (error: Error) => void }

export async function openJobQueue({ database, expireSeconds, onError }: OpenJobQueueParameters): Promise<JobQueue> {
  const { default: Boss } = await importOptional(() => import('pg-boss'), { packageName: 'pg-boss', neededBy: 'The queue of an automation', install: 'pg-boss' })
  // Where PgBoss would open a connection of its own.
  const boss: PgBoss = new Boss({ db: { executeSql: (text, values) => ask(database.query, text, values) }, schema, schedule: false, supervise: true, maintenanceIntervalSeconds })
  let isClosed = false
  boss.on('error', (error) => {
    if (!isClosed) onError(error)
  })
  await boss.start()
  for (const name of [queue, deadLetters]) await boss.createQueue(name, { name, policy: 'standard', retryLimit: endless, retryDelay: 0, retryBackoff: false, retentionMinutes: endless })

  const within = (query: DatabaseQuery) => ({ db: { executeSql: (text: string, values: unknown[]) => ask(query, text, values) } })
  const insert = (query: DatabaseQuery, name: string, runs: readonly RunKey[], startAfter?: string) =>
    boss.insert(runs.map((run) => ({ id: jobId(run), name, data: { rule: run.rule, session: run.session, period: run.period }, expireInSeconds: expireSeconds, ...(startAfter ? { startAfter } : {}) })), within(query))

  return {
    async add(query, runs) {
      if (runs.length > 0) await insert(query, queue, runs)
    },
    async take(most) {
      const jobs = await boss.fetch<RunKey>(queue, { batchSize: most, priority: false })
      return jobs.map(({ id, data }) => ({ id, ...data }))
    },
    end: (query, { id }) => boss.deleteJob(queue, id, within(query)),
    async putBack(query, job, delaySeconds) {
      await boss.deleteJob(queue, job.id, within(query))
      await insert(query, queue, [job], `${delaySeconds} seconds`)
    },
    async bury(query, job) {
      await boss.deleteJob(queue, job.id, within(query))
      await insert(query, deadLetters, [job])
    },
    async revive(query, run) {
      await boss.deleteJob(deadLetters, jobId(run), within(query))
      await insert(query, queue, [run])
    },
    expire: () => boss.expire(),
    async close() {
      isClosed = true
      await boss.stop({ graceful: false })
    },
  }
}

const schema = 'session_keys_jobs'
const queue = 'runs'
const deadLetters = 'dead-letters'
const maintenanceIntervalSeconds = 15
/** Tries are counted with the run. A job leaves the queue when its run is decided, and not before. */
const endless = 10_000_000

/** The same values for every driver: not each of them takes `undefined`. */
function ask(query: DatabaseQuery, text: string, values: readonly unknown[] = []): Promise<{ rows: Record<string, unknown>[] }> {
  return query(text, values.map((value) => value ?? null))
}
