import { getBlock } from 'viem/actions'
import type { UnixSeconds } from '../../permissions/permission.js'
import type { Session, SessionId } from '../../sessions/session.js'
import { AgentSessionNotFoundError } from '../agent/errors.js'
import type { SessionAgent } from '../createSessionAgent.js'
import { attemptRun, type RunOutcome } from './attemptRun.js'
import type { AutomationRule } from './automationRule.js'
import { UnknownPeriodError } from './errors.js'
import { periodAt, periodNamed, timingOf, type Period } from './timing.js'

export type RunOnceParameters = {
  agent: SessionAgent
  rule: AutomationRule
  session: SessionId
  /** Which time it is: under one name it happens once, ever. Default, of a `recurring` rule: the period that the session is in now. */
  period?: string | undefined
  /** @default the time of the session's chain */
  clock?: (() => Promise<UnixSeconds>) | undefined
}

/**
 * One time of a rule, for one session, under whatever calls it: a queue, a workflow engine, a cron. However often it is called, at once or
 * again, from however many processes, it takes effect at most once; called again after a crash it says what became of it. Of budgets and
 * pauses it knows nothing.
 *
 * @returns `status: 'due'` where another try may help: throw its `error`, if that is how your scheduler tries again
 * @throws {UnknownPeriodError} {@link AgentSessionNotFoundError} nothing was sent
 */
export async function runOnce({ agent, rule, session: id, period, clock }: RunOnceParameters): Promise<RunOutcome> {
  const session = await agent.session(id)
  if (!session) throw new AgentSessionNotFoundError({ session: id })
  const now = await (clock ?? chainClock(agent, session.chainId))()
  return attemptRun({ agent, rule, session, now, ...periodOf(rule, session, period, now) })
}

/** The time of a chain's latest block. */
export function chainClock(agent: SessionAgent, chainId: number): () => Promise<UnixSeconds> {
  return async () => Number((await getBlock(agent.client(chainId), { includeTransactions: false })).timestamp)
}

function periodOf(rule: AutomationRule, session: Session, period: string | undefined, now: UnixSeconds): { period: string } & Partial<Period> {
  switch (rule.kind) {
    case 'recurring': {
      const found = period === undefined ? periodAt({ rule, session, now }) : periodNamed(timingOf(rule, session), period)
      if (!found) throw new UnknownPeriodError({ rule: rule.name, period: 'now' })
      return found
    }
    case 'condition':
      if (period === undefined) throw new UnknownPeriodError({ rule: rule.name, period: '' })
      return { period }
    default:
      return rule satisfies never
  }
}
