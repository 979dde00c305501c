import { quietly } from '../../errors/quietly.js'
import type { UnixSeconds } from '../../permissions/permission.js'
import type { SessionAgent } from '../createSessionAgent.js'
import { AgentSessionNotFoundError } from '../agent/errors.js'
import { attemptRun, type RunOutcome } from './attemptRun.js'
import type { AutomationRule } from './automationRule.js'
import type { Database } from './database.js'
import type { Job, JobQueue } from './jobQueue.js'
import { runAttributes, type AutomationErrorContext, type AutomationObserver } from './observe.js'
import { admitRun, holdRun } from './openRuns.js'
import { errorWords } from './outcome.js'
import type { Run } from './run.js'
import type { RetryPolicy } from './rule.js'
import { keyOf, readRun, writeResult, type OpenRun, type RunResult } from './runBook.js'
import { defaultRetry } from './ruleCommon.js'
import { dropSession } from './schedule.js'

export type WorkParameters = {
  agent: SessionAgent
  database: Database
  queue: JobQueue
  rules: ReadonlyMap<string, AutomationRule>
  clock: () => Promise<UnixSeconds>
  observe: AutomationObserver
  onError: (error: Error, about: AutomationErrorContext) => void
}

/** One delivery of a job: one try of its run. Whatever it ends with, run and queue are changed as one. */
export async function workJob(parameters: WorkParameters, job: Job): Promise<void> {
  const { database, queue, rules, clock, onError } = parameters
  // As one: whoever takes a dead letter up again finds its job ended, or not yet.
  const run = await database.transaction(async (query) => {
    const found = await readRun(query, job, { lock: true })
    if (found?.status === 'due') return found
    await queue.end(query, job)
    return undefined
  })
  if (!run) return undefined
  const rule = rules.get(job.rule)
  // Another process of the app, of another version, may know it.
  if (!rule) return database.transaction((query) => queue.putBack(query, job, strangeRuleSeconds))
  const now = await clock()
  const isOver = run.until !== undefined && run.until <= now
  if (run.isPaused && !isOver) {
    const held = await database.transaction(async (query) => {
      const held = await holdRun(query, job)
      if (held) await queue.end(query, job)
      return held
    })
    if (held) return undefined
  }
  const { budget } = rule
  if (budget && !(await database.transaction((query) => admitRun(query, job, budget, now)))) {
    const message = `Its rule may run ${budget.runs} times in ${budget.perSeconds} seconds for a session.`
    return decide(parameters, job, run, { status: 'over-budget', attempts: run.attempts, calls: [], at: now, error: { name: 'OverBudget', message } })
  }
  const outcome = await attempt(parameters, job, { rule, run, now })
  if (outcome.error && outcome.status !== 'ended' && outcome.status !== 'missed') onError(outcome.error, keyOf(job))
  return decide(parameters, job, run, resultOf(run, outcome, { now: await clock().catch(() => now), retry: rule.retry ?? defaultRetry }))
}

const strangeRuleSeconds = 5

type Attempt = { rule: AutomationRule; run: OpenRun; now: UnixSeconds }

async function attempt({ agent, observe }: WorkParameters, job: Job, { rule, run, now }: Attempt): Promise<RunOutcome> {
  const session = await agent.session(job.session)
  if (!session) return { ...keyOf(job), status: 'failed', isUnknown: false, calls: [], error: new AgentSessionNotFoundError({ session: job.session }) }
  const { period, dueAt, until } = run
  const work = () => attemptRun({ agent, rule, session, period, dueAt, until, now })
  return observe.run ? observe.run(runAttributes(job, { attempt: run.attempts + 1, chainId: session.chainId }), work) : work()
}

function resultOf(run: OpenRun, { status, isUnknown, calls, transactionHash, error }: RunOutcome, { now, retry }: { now: UnixSeconds; retry: RetryPolicy }): RunResult {
  const attempts = run.attempts + 1
  const paused = status === 'missed' && run.isPaused ? { name: 'Paused', message: 'It was paused until its period was over.' } : undefined
  const result = { attempts, calls, transactionHash, at: now, error: error ? errorWords(error) : (paused ?? (status === 'missed' ? run.error : undefined)) }
  if (status !== 'due') return { ...result, status }
  // Whether it happened has to be found out, however often it takes.
  if (attempts >= retry.attempts && !isUnknown) return { ...result, status: 'failed' }
  return { ...result, status: 'due', delaySeconds: Math.min(retry.delaySeconds * 2 ** Math.min(attempts - 1, 16), mostDelaySeconds) }
}

const mostDelaySeconds = 3_600

async function decide({ database, queue, observe }: WorkParameters, job: Job, before: Run, result: RunResult): Promise<void> {
  await database.transaction(async (query) => {
    // Whoever had the same job may have decided it.
    if (!(await writeResult(query, job, result))) return queue.end(query, job)
    if (result.status === 'ended') await dropSession(query, job.session)
    if (result.status === 'due') return queue.putBack(query, job, result.delaySeconds ?? 0)
    if (result.status === 'failed') return queue.bury(query, job)
    return queue.end(query, job)
  })
  const { status, attempts, calls, transactionHash, at, error } = result
  quietly(() => observe.onRun?.({ ...keyOf(before), dueAt: before.dueAt, until: before.until, status, attempts, calls, transactionHash, at, error }))
}
