import type { Dialect, GrantAnswer, GrantRequest } from '../dialects/dialect.js'
import { reasonOf } from '../dialects/walletErrors.js'
import { GrantLostError } from './grantErrors.js'
import { SessionLostError } from './errors.js'
import { judgeGrant, type Judgement } from './judgeAnswer.js'
import { requestOf } from './requestOf.js'
import type { Session } from './session.js'
import type { SessionBook } from './sessionBook.js'

export type SettleAnswerParameters = {
  /** `requested`, or `unknown` where the answer was found later, or `granted` where it was written down already. */
  session: Session
  dialect: Dialect
  answer: unknown
  /** Rejects where the answer may be about something else than was asked, whatever it says. */
  stillOn?: (() => Promise<void>) | undefined
}

export type SettledAnswer = { session: Session; judgement: Judgement }

/**
 * Writes a wallet's answer down, then judges it: active, or quarantined. A page that dies in between leaves a `granted` session, which
 * is judged when it is next looked at.
 *
 * @throws {InvalidWalletResponseError} it cannot be read; the session is `unknown` and its key is kept
 * @throws {GrantLostError} the browser had deleted the session meanwhile
 */
export async function settleAnswer(book: SessionBook, { session, dialect, answer, stillOn }: SettleAnswerParameters): Promise<SettledAnswer> {
  return settle(book, { session, answer, stillOn, read: (request) => dialect.decodeGrant(answer, request) })
}

/** The same for what the wallet lists as granted. */
export async function settleListed(book: SessionBook, { session, said }: { session: Session; said: GrantAnswer }): Promise<SettledAnswer> {
  return settle(book, { session, answer: said, read: () => said })
}

type Settling = Pick<SettleAnswerParameters, 'session' | 'answer' | 'stillOn'> & { read: (request: GrantRequest) => GrantAnswer }

async function settle(book: SessionBook, { session, answer, stillOn, read }: Settling): Promise<SettledAnswer> {
  const granted = session.status === 'granted' ? session : await writeDown(book, { session, answer, read })
  const doubt = await stillOn?.().then(() => undefined, reasonOf)
  const judged = await judge(book, granted, read)
  const judgement: Judgement = doubt === undefined ? judged : { ...judged, problem: judged.problem ?? doubt, status: 'quarantined' }
  return { session: await book.transition(granted, judgement.status, changeOf(judgement)), judgement }
}

async function writeDown(book: SessionBook, { session, answer, read }: Settling): Promise<Session> {
  try {
    return await book.transition(session, 'granted', { answer: record(answer), problem: undefined })
  } catch (error) {
    if (!(error instanceof SessionLostError)) throw error
    // The wallet's word is all that is left of it, and enough to end it by.
    const said = judgeGrant({ ...about(session), said: read(requestOf(session)) })
    const problem = 'this browser deleted its key while the wallet was asked'
    const lost = await book.recover({ ...session, ...changeOf(said), status: 'quarantined', problem, answer: record(answer) })
    throw new GrantLostError({ session: lost, cause: error })
  }
}

async function judge(book: SessionBook, session: Session, read: Settling['read']): Promise<Judgement> {
  try {
    return judgeGrant({ ...about(session), said: read(requestOf(session)) })
  } catch (error) {
    await book.transition(session, 'unknown', { problem: reasonOf(error) })
    throw error
  }
}

function about(session: Session) {
  return { request: requestOf(session), asked: session.asked.permissions, onBroader: session.request?.onBroader }
}

function changeOf({ granted, expiry, grantedExpiry, handle, dependencies, problem }: Judgement): Partial<Session> {
  return { granted, expiry, grantedExpiry, handle, dependencies, problem }
}

const longestRecord = 100_000

function record(answer: unknown): string | undefined {
  try {
    const text = JSON.stringify(answer, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value))
    return typeof text === 'string' && text.length <= longestRecord ? text : undefined
  } catch {
    return undefined
  }
}
