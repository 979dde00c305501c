import { ConsentNotMountedError } from '../consent/consentQueue.js'
import type { Dialect, GrantRequest, Loss, Provider, WalletAbilities, WireRequest } from '../dialects/dialect.js'
import { requestWallet } from '../dialects/requestWallet.js'
import { causesOf, isUserRejection, reasonOf, walletError, wasTurnedAway } from '../dialects/walletErrors.js'
import type { Difference } from '../permissions/compare.js'
import { hashPermissions } from '../permissions/hashPermissions.js'
import type { Permission, UnixSeconds } from '../permissions/permission.js'
import { GrantFailedError, GrantMismatchError } from './grantErrors.js'
import { sessionLock, withLock } from './locks.js'
import type { KeyChoice, NewSession } from './openSession.js'
import type { Session } from './session.js'
import type { SessionBook } from './sessionBook.js'
import { requestOf } from './requestOf.js'
import { settleAnswer } from './settleAnswer.js'

export type GrantSessionParameters = Pick<NewSession, 'name' | 'permissionsHash' | 'origin' | 'chainId' | 'account' | 'expiry' | 'connector' | 'peer' | 'replaces'> & {
  /** What the app asked for, without what is left out. */
  asked: readonly Permission[]
  /** The same in the wallet's words (`planGrant`). */
  expressed: readonly Permission[]
  losses: readonly Loss[]
  adjustable?: boolean | undefined
  onBroader?: 'quarantine' | 'clamp' | undefined
  key?: KeyChoice | undefined
  /** How long it is to last, by the chain's time. */
  lifetimeSeconds: number
  retryDelaysMs?: readonly number[] | undefined
  /** Rejects where the wallet is not, or not any more, on the account and chain that it is asked for. */
  stillOn?: (() => Promise<void>) | undefined
}

export type GrantSessionReturnType = {
  session: Session
  asked: { permissions: readonly Permission[]; expiry: UnixSeconds }
  granted: { permissions: readonly Permission[]; expiry: UnixSeconds }
  /** How the answer differs from the request; `broader` only where the app clamps, and then the session stays within the request. */
  diff: readonly Difference[]
}

/**
 * Writes the key, asks the wallet, writes down the answer, judges it, and keeps it only if it says no more than was asked. The order is
 * what makes a crash at any point harmless: what is not written down is not acted on, and what was written is settled later
 * (`actions/reconcileSessions`).
 */
export async function grantSession(
  book: SessionBook,
  wallet: { provider: Provider; dialect: Dialect; abilities?: WalletAbilities | undefined },
  { asked, expressed, losses, adjustable, onBroader, key, lifetimeSeconds, retryDelaysMs, stillOn, ...about }: GrantSessionParameters,
): Promise<GrantSessionReturnType> {
  const { dialect, abilities } = wallet
  const id = crypto.randomUUID()
  return withLock(sessionLock(id), async () => {
    const terms = { permissions: asked, expiry: about.expiry }
    const request = { ...(hashPermissions(expressed) === hashPermissions(asked) ? {} : { permissions: expressed }), ...(onBroader ? { onBroader } : {}) }
    const requested = await book.open({ ...about, id, dialect: dialect.id, asked: terms, request, losses }, { ...key, lifetimeSeconds })
    const answer = await ask(book, wallet, requested, { request: { ...requestOf(requested), adjustable, abilities }, stillOn, retryDelaysMs })
    const { session, judgement } = await settleAnswer(book, { session: requested, dialect, answer, stillOn })
    const { problem, granted, expiry, diff } = judgement
    if (problem !== undefined) throw new GrantMismatchError({ session, reason: problem, diff })
    return { session, asked: terms, granted: { permissions: granted.map(({ permission }) => permission), expiry }, diff }
  })
}

async function ask(
  book: SessionBook,
  { provider, dialect }: { provider: Provider; dialect: Dialect },
  session: Session,
  { request, stillOn, retryDelaysMs }: Pick<GrantSessionParameters, 'stillOn' | 'retryDelaysMs'> & { request: GrantRequest },
): Promise<unknown> {
  // Encoded at the last moment: some wallets count the time from when they are asked.
  const encode = () => dialect.encodeGrant(request, Math.floor(Date.now() / 1000))
  let method = 'a request for permissions'
  try {
    method = encode().method
    await stillOn?.()
  } catch (error) {
    await book.transition(session, 'rejected', { problem: reasonOf(error) })
    throw error
  }
  try {
    const wire: Provider = { request: (wireRequest) => (dialect.request ?? passOn)(provider, wireRequest as WireRequest) }
    return await requestWallet(wire, encode, { retryDelaysMs, busyBy: 'known' })
  } catch (cause) {
    const meant = walletError(cause, { method, chainId: session.chainId })
    const unasked = causesOf(cause).find((one) => one instanceof ConsentNotMountedError)
    if (unasked ?? isUserRejection(cause)) {
      await book.transition(session, 'rejected', { problem: reasonOf(cause) })
      throw unasked ?? meant
    }
    // Whatever else a wallet says, it may have said it after the user's yes; only the user's no is taken for one.
    await book.transition(session, 'unknown', { problem: reasonOf(cause) })
    throw wasTurnedAway(cause) ? meant : new GrantFailedError({ address: session.address, cause: meant })
  }
}

function passOn(provider: Provider, request: WireRequest): Promise<unknown> {
  return provider.request(request)
}
