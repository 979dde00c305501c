import type { Client } from 'viem'
import type { SessionDefinition } from '../../permissions/defineSession.js'
import type { UnixSeconds } from '../../permissions/permission.js'
import type { Session } from '../../sessions/session.js'
import type { Effect } from '../agent/effects.js'

/** What a rule's functions are given. */
export type RuleContext = {
  session: Session
  client: Client
  /** By the automation's clock, which is the chain's unless the app gave another. */
  now: UnixSeconds
  /** Which time this is: unique for the rule and the session, and the same however often it is tried. */
  period: string
}

/** Back-off grows from one attempt to the next. After the last the run is a dead letter, which `retry` takes up again. */
export type RetryPolicy = { attempts: number; delaySeconds: number }

/** Per session, beside what the chain allows: so many runs within so many seconds of the automation's clock. */
export type RunBudget = { runs: number; perSeconds: number }

export type RuleCommon = {
  /** Unique. Part of what makes a run happen once: a rule of another name is another rule. `a-z`, `0-9` and `-`. */
  name: string
  /** Acts with every session that was enrolled for this definition. */
  session: SessionDefinition
  /** What to do. Asked once for each run; tries after the first make the same calls. None: there is nothing to do this time. */
  calls: (context: RuleContext) => readonly unknown[] | Promise<readonly unknown[]>
  /** What has to be seen on-chain afterwards, beside the transfers that the calls make. */
  effects?: ((context: RuleContext) => readonly Effect[]) | undefined
  /** How long `calls` may take, and the `when` of a condition, in ms. @default 30_000 */
  timeoutMs?: number | undefined
  retry?: RetryPolicy | undefined
  budget?: RunBudget | undefined
}
