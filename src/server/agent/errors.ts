import type { Hash } from 'viem'
import { SessionKeyError } from '../../errors/SessionKeyError.js'
import type { SessionId } from '../../sessions/session.js'

/** Why a session acts no more. */
export type EndReason = 'revoked' | 'expired' | 'exhausted'

/** The session has ended, for good. Nothing took effect. */
export class SessionEndedError extends SessionKeyError {
  override readonly name = 'SessionEndedError'
  readonly reason: EndReason
  /** It was sent before the end was seen, and came too late: this transaction reverted, and cost gas. */
  readonly lostRace: { transactionHash: Hash | undefined } | undefined
  constructor({ session, reason, lostRace, cause }: { session: SessionId; reason: EndReason; lostRace?: { transactionHash: Hash | undefined } | undefined; cause?: Error | undefined }) {
    super(`Session ${session} is ${words[reason]}, so nothing more is sent for it.`, {
      cause,
      metaMessages: lostRace ? [`It ended while a transaction was on its way, which reverted: ${lostRace.transactionHash ?? 'not known which'}.`] : ['Nothing was sent.'],
    })
    this.reason = reason
    this.lostRace = lostRace
  }
}

const words: Record<EndReason, string> = { revoked: 'revoked', expired: 'over', exhausted: 'used up' }

/** The server has no session with this id that it could act with. */
export class AgentSessionNotFoundError extends SessionKeyError {
  override readonly name = 'AgentSessionNotFoundError'
  constructor({ session }: { session: SessionId }) {
    super(`This server has no session ${session} to act with.`, { metaMessages: ['A page enrols one: createEnrolment, useServerSession.'] })
  }
}

/** One id stands for one thing that a session does. Nothing was sent. */
export class IntentConflictError extends SessionKeyError {
  override readonly name = 'IntentConflictError'
  constructor({ session, intent }: { session: SessionId; intent: string }) {
    super(`Intent "${intent.slice(0, 80)}" of session ${session} stands for other calls.`, { metaMessages: ['Give what is another intent another id.'] })
  }
}

/** The moment until which it was to happen has passed, and it has not. Nothing was sent. */
export class IntentTooLateError extends SessionKeyError {
  override readonly name = 'IntentTooLateError'
  constructor({ intent, deadline }: { intent: string; deadline: number }) {
    super(`Intent "${intent.slice(0, 80)}" was to happen before ${new Date(deadline * 1000).toISOString()}, and has not.`)
  }
}

/** It is in a block and succeeded, and the chain does not show what it was for. It is not sent again. */
export class EffectMissingError extends SessionKeyError {
  override readonly name = 'EffectMissingError'
  readonly transactionHash: Hash | undefined
  readonly missing: readonly string[]
  constructor({ transactionHash, missing }: { transactionHash: Hash | undefined; missing: readonly string[] }) {
    super(`Transaction ${transactionHash ?? '(not found)'} succeeded, and the chain does not show: ${missing.join('; ')}.`, {
      metaMessages: ['The called contract did something else than was expected of it. It counts as done, and is not sent again.'],
    })
    this.transactionHash = transactionHash
    this.missing = missing
  }
}
