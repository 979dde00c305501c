import type { Hash } from 'viem'
import type { UnixSeconds } from '../../permissions/permission.js'
import type { SessionId } from '../../sessions/session.js'
import type { CallMade } from '../../sessions/sessionAction.js'

/**
 * `due` in the queue, or tried without success so far · `done` on-chain · `nothing` there was nothing to do · `missed` its period was over before
 * it happened · `over-budget` · `ended` the session had ended · `failed` tried as often as the rule says: a dead letter.
 */
export type RunStatus = 'due' | 'done' | 'nothing' | 'missed' | 'over-budget' | 'ended' | 'failed'

/** One time of a rule, for one session. */
export type Run = {
  rule: string
  session: SessionId
  period: string
  /** Since when it may happen. */
  dueAt: UnixSeconds
  /** Until when. Left out: as long as the session lasts. */
  until?: UnixSeconds | undefined
  status: RunStatus
  attempts: number
  /** As history shows them: no calldata. */
  calls: readonly CallMade[]
  transactionHash?: Hash | undefined
  /** When it came to its status, by the automation's clock. */
  at?: UnixSeconds | undefined
  /** Class and sentence of the last error. */
  error?: { name: string; message: string } | undefined
}
