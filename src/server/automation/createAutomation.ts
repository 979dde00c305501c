import { createOneAtATime } from '../../execution/oneAtATime.js'
import { quietly } from '../../errors/quietly.js'
import type { UnixSeconds } from '../../permissions/permission.js'
import type { SessionAgent } from '../createSessionAgent.js'
import type { AutomationRule } from './automationRule.js'
import type { ConditionRule } from './condition.js'
import type { Database } from './database.js'
import { createRuleEnrolment } from './enrolRules.js'
import { AutomationNotRunningError, ClockNotNamedError, InvalidRuleError, RunNotFailedError, UnknownRuleError } from './errors.js'
import { openJobQueue, type JobQueue } from './jobQueue.js'
import type { RunKey } from './jobId.js'
import { lookAtConditions } from './lookAtConditions.js'
import { migrated } from './migrate.js'
import type { AutomationErrorContext, AutomationObserver } from './observe.js'
import { isBusy, queuedRuns, releaseRuns, reopenRun } from './openRuns.js'
import { lift, pause, type PauseWords } from './pauses.js'
import { queueDue } from './queueDue.js'
import type { Run } from './run.js'
import { countRuns, listRuns, type RunCounts, type RunsQuery } from './runBook.js'
import { chainClock } from './runOnce.js'
import { listNext, type NextQuery, type NextRun } from './schedule.js'
import { startWorkers, type Workers } from './workers.js'
import { workJob } from './workJob.js'

export type CreateAutomationParameters = {
  agent: SessionAgent
  /** Where schedule, queue and history are. All processes of one server use the same. */
  database: Database
  rules: readonly AutomationRule[]
  /** Whose time things are due by. @default the agent's chain, where it has one */
  chainId?: number | undefined
  /** By another time than a chain's: tests, and what has to be due before the chain's next block. */
  clock?: (() => Promise<UnixSeconds>) | undefined
  /** How many runs this process does at once. @default 10 */
  concurrency?: number | undefined
  /** How often to look at the clock, in ms of this machine's. @default 15_000 */
  tickMs?: number | undefined
  /** How often to look for what other processes put into the queue, in ms. @default 1_000 */
  pollMs?: number | undefined
  /** A run that a process has for longer is given to another as well, for the first may be dead: harmless where it is not. @default 60 */
  expireSeconds?: number | undefined
  observe?: AutomationObserver | undefined
  /** What went wrong beside the runs, and in a try of one. A run's own last error is in `runs`, too. */
  onError?: ((error: Error, about: AutomationErrorContext) => void) | undefined
}

export type Automation = {
  /** Finds out what was left open, does what is in the queue, and looks at the clock from now on. */
  start(): Promise<void>
  /** Looks at the clock now. Resolves with how many runs came into the queue by that. */
  tick(): Promise<number>
  /** Resolves when nothing is due and nothing is being done, in any process; what waits for its next try is not waited for. */
  idle(): Promise<void>
  /** Nothing of it begins any more, until it is resumed; it lasts beyond this process. What is over by then is missed. */
  pause(words: PauseWords): Promise<void>
  /** Lifts what was paused by these words or by narrower ones; what is due goes on at once. */
  resume(words: PauseWords): Promise<void>
  /** What was due and what became of it, the newest first. */
  runs(query?: RunsQuery): Promise<readonly Run[]>
  /** How many runs there are of each status. */
  counts(query?: Pick<RunsQuery, 'session' | 'rule'>): Promise<RunCounts>
  /** When something is due next, the nearest first. */
  next(query?: NextQuery): Promise<readonly NextRun[]>
  /** Tries a dead letter again, under the same name: what happened by then does not happen again. @throws {RunNotFailedError} */
  retry(run: RunKey): Promise<void>
  /** Begins nothing more, and resolves when what it is doing is done. */
  stop(): Promise<void>
}

/**
 * Does what is due, for all sessions of its rules: once, whatever crashes, and from however many processes over the same database.
 *
 * @throws {InvalidRuleError} two rules of one name
 * @throws {ClockNotNamedError} several chains, and neither `chainId` nor `clock`
 */
export function createAutomation(parameters: CreateAutomationParameters): Automation {
  const { agent, database, rules, concurrency = 10, tickMs = 15_000, pollMs = 1_000, expireSeconds = 60, observe = {}, onError } = parameters
  const byName = new Map(rules.map((rule) => [rule.name, rule]))
  const twice = rules.find((rule) => byName.get(rule.name) !== rule)
  if (twice) throw new InvalidRuleError({ rule: twice.name, problem: 'is not the only one of its name', help: 'A name is part of what makes a run happen once.' })
  const clock = parameters.clock ?? chainClock(agent, parameters.chainId ?? onlyChain(agent))
  const names = [...byName.keys()]
  const recurring = rules.flatMap((rule) => (rule.kind === 'recurring' ? [rule.name] : []))
  const conditions = new Map(rules.flatMap((rule): [string, ConditionRule][] => (rule.kind === 'condition' ? [[rule.name, rule]] : [])))
  const tell = (error: Error, about: AutomationErrorContext = {}) => void quietly(() => onError?.(error, about))
  const enrol = createRuleEnrolment({ agent, database, rules, onError: tell })
  const oneTick = createOneAtATime()
  let opening: Promise<JobQueue> | undefined
  let starting: Promise<void> | undefined
  let running: { workers: Workers; timer: ReturnType<typeof setInterval>; recovering: Promise<unknown> } | undefined

  function open(): Promise<JobQueue> {
    opening ??= migrated(database)
      .then(() => openJobQueue({ database, expireSeconds, onError: tell }))
      .catch((error: unknown) => {
        opening = undefined
        throw error
      })
    return opening
  }

  async function release(queue: JobQueue, now: UnixSeconds): Promise<void> {
    await database.transaction(async (query) => queue.add(query, await releaseRuns(query, now)))
  }

  async function lookNow(): Promise<number> {
    const startedAtMs = Date.now()
    const queue = await open()
    const now = await clock()
    await enrol(now)
    await queue.expire()
    await release(queue, now)
    const queued = (await queueDue({ database, queue, rules: recurring, now, onError: tell })) + (await lookAtConditions({ agent, database, queue, rules: conditions, now, onError: tell }))
    running?.workers.wake()
    quietly(() => observe.onTick?.({ now, queued, ms: Date.now() - startedAtMs }))
    return queued
  }

  const tick = () => oneTick(lookNow)

  async function startNow(): Promise<void> {
    if (running) return
    const queue = await open()
    await database.transaction(async (query) => queue.add(query, await queuedRuns(query, names)))
    const work = { agent, database, queue, rules: byName, clock, observe, onError: tell }
    const workers = startWorkers({ queue, concurrency, pollMs, work: (job) => workJob(work, job), onError: tell })
    let looking: Promise<unknown> | undefined
    // A slow one is not joined by more.
    const look = () => void (looking ??= tick().catch(tell).finally(() => (looking = undefined)))
    running = { workers, timer: setInterval(look, tickMs), recovering: agent.recover().catch(tell) }
    look()
  }

  return {
    async start() {
      starting ??= startNow().finally(() => (starting = undefined))
      await starting
    },
    tick,
    async idle() {
      if (!running) throw new AutomationNotRunningError()
      await running.recovering
      for (;;) {
        const queued = await tick()
        while (running && (await isBusy(database.query, names))) await new Promise((resolve) => setTimeout(resolve, idleMs))
        if (!running) throw new AutomationNotRunningError()
        if (queued === 0) return
      }
    },
    async pause(words) {
      requireRule(words.rule)
      await migrated(database)
      await pause(database.query, words)
    },
    async resume(words) {
      requireRule(words.rule)
      const queue = await open()
      await lift(database.query, words)
      await release(queue, await clock())
      running?.workers.wake()
    },
    async runs(query = {}) {
      await migrated(database)
      return listRuns(database.query, query)
    },
    async counts(query = {}) {
      await migrated(database)
      return countRuns(database.query, query)
    },
    async next(query = {}) {
      await migrated(database)
      return (await listNext(database.query, query)).map((one) => ({ ...one, kind: byName.get(one.rule)?.kind }))
    },
    async retry(run) {
      requireRule(run.rule)
      const queue = await open()
      await database.transaction(async (query) => {
        const { reopened, status } = await reopenRun(query, run)
        if (!reopened) throw new RunNotFailedError({ ...run, status })
        await queue.revive(query, run)
      })
      running?.workers.wake()
    },
    async stop() {
      const stopping = running
      running = undefined
      if (stopping) {
        clearInterval(stopping.timer)
        await oneTick(async () => undefined)
        await stopping.workers.stop()
        await stopping.recovering
      }
      const queue = await opening?.catch(() => undefined)
      opening = undefined
      await queue?.close()
    },
  }

  function requireRule(rule: string | undefined): void {
    if (rule !== undefined && !byName.has(rule)) throw new UnknownRuleError({ rule, rules: names })
  }
}

const idleMs = 20

function onlyChain({ chainIds }: SessionAgent): number {
  const [chainId] = chainIds
  if (chainId === undefined || chainIds.length > 1) throw new ClockNotNamedError({ chainIds })
  return chainId
}
