import { AgentSessionNotFoundError, EffectMissingError, IntentTooLateError, SessionEndedError } from '../agent/errors.js'
import { CallRefusedError, GasCapExceededError, SessionNotStartedError, SignedCallExpiredError, SpendLimitExceededError, TransactionOutcomeUnknownError } from '../../execution/errors.js'
import { RelayOutcomeUnknownError } from '../../execution/relayErrors.js'
import type { Session } from '../../sessions/session.js'
import { usablePermissions } from '../../sessions/session.js'
import { InvalidRuleError, UnknownPeriodError } from './errors.js'
import type { RunStatus } from './run.js'

/** What an error means for a run. `again`: another try may help; `unknown`: only another try tells whether it happened. */
export type Judgement = { status: Exclude<RunStatus, 'due'> } | { status: 'due'; again: 'later' | 'unknown' }

export type JudgedRun = {
  session: Session
  /** The chain, or some of its nodes, may not have come to the moment yet from which on the run is due, as the automation's clock has. */
  early: boolean
  /** Something that went out for it may still happen. */
  isOpen: boolean
}

export function judgeError(error: unknown, { session, early, isOpen }: JudgedRun): Judgement {
  if (isOpen) return { status: 'due', again: 'unknown' }
  if (error instanceof SessionEndedError) return { status: 'ended' }
  if (error instanceof IntentTooLateError) return { status: 'missed' }
  // It did happen, and did something else: that is for people.
  if (error instanceof EffectMissingError) return { status: 'failed' }
  if (error instanceof TransactionOutcomeUnknownError || error instanceof RelayOutcomeUnknownError) return { status: 'due', again: 'unknown' }
  return isForGood(error, session, early) ? { status: 'failed' } : { status: 'due', again: 'later' }
}

/** Whether the same calls would be refused each time. What the called contract refuses, a node or a relay, may be otherwise later. */
function isForGood(error: unknown, session: Session, early: boolean): boolean {
  if (error instanceof AgentSessionNotFoundError || error instanceof InvalidRuleError || error instanceof UnknownPeriodError || error instanceof GasCapExceededError) return true
  if (!(error instanceof CallRefusedError)) return false
  if (error instanceof SessionNotStartedError || error instanceof SignedCallExpiredError) return false
  // An allowance of this period that is used up comes back in the next one, which is another run's; a stream goes on.
  if (error instanceof SpendLimitExceededError) return !early && !usablePermissions(session).some((permission) => 'perSecond' in permission)
  return !early
}

/** What a run keeps of an error: what a person needs, without what it was made of. */
export function errorWords(error: Error): { name: string; message: string } {
  const message = 'shortMessage' in error && typeof error.shortMessage === 'string' ? error.shortMessage : error.message
  const lost = error instanceof SessionEndedError ? error.lostRace : undefined
  const race = lost ? ` A transaction was on its way, and reverted: ${lost.transactionHash ?? 'not known which'}.` : ''
  return { name: error.name, message: `${message}${race}`.slice(0, mostLetters) }
}

const mostLetters = 500
