import type { Address } from 'viem'
import { ConsentNotMountedError } from '../consent/consentQueue.js'
import type { Dialect, GrantRequest, Loss, Provider, WireRequest } from '../dialects/dialect.js'
import { requestWallet } from '../dialects/requestWallet.js'
import { causesOf, reasonOf, walletError, wasTurnedAway } from '../dialects/walletErrors.js'
import { SessionKeyError } from '../errors/SessionKeyError.js'
import type { KeyKind } from '../keys/storedKey.js'
import type { Difference } from '../permissions/compare.js'
import type { Permission, UnixSeconds } from '../permissions/permission.js'
import { judgeAnswer, type Judgement } from './judgeAnswer.js'
import type { Session } from './session.js'
import type { NewSession, SessionBook } from './sessionBook.js'

export type GrantSessionParameters = Pick<NewSession, 'name' | 'permissionsHash' | 'origin' | 'chainId' | 'account' | 'expiry'> & {
  /** What the app asked for, without what is left out. */
  asked: readonly Permission[]
  /** The same in the wallet's words (`planGrant`). */
  expressed: readonly Permission[]
  losses: readonly Loss[]
  adjustable?: boolean | undefined
  onBroader?: 'quarantine' | 'clamp' | undefined
  /** The address of a key held elsewhere; left out, one is made here. */
  external?: Address | undefined
  /** Of the key that is made here. Default `secp256k1`. */
  kind?: KeyKind | undefined
  retryDelaysMs?: readonly number[] | undefined
}

export type GrantSessionReturnType = {
  session: Session
  asked: { permissions: readonly Permission[]; expiry: UnixSeconds }
  granted: { permissions: readonly Permission[]; expiry: UnixSeconds }
  /** How the answer differs from the request; `broader` only where the app clamps, and then the session stays within the request. */
  diff: readonly Difference[]
}

/** The wallet did not answer with a grant or a refusal; it may or may not have granted. */
export class GrantFailedError extends SessionKeyError {
  override readonly name = 'GrantFailedError'
  constructor({ address, cause }: { address: Address; cause: Error }) {
    super('The wallet did not complete the grant.', {
      cause,
      metaMessages: [`Whether it granted is not known; the key ${address} is kept.`, reasonOf(cause)],
    })
  }
}

/** The wallet granted something else than it was asked for. It is kept aside, and never used. */
export class GrantMismatchError extends SessionKeyError {
  override readonly name = 'GrantMismatchError'
  readonly session: Session
  readonly diff: readonly Difference[]
  constructor({ session, reason, diff }: { session: Session; reason: string; diff: readonly Difference[] }) {
    super(`The wallet granted something else than was asked: ${reason}.`, {
      metaMessages: ['The session is kept as "quarantined" and never used.', `End it: useRevokePermissions, mutate({ id: '${session.id}' }).`],
    })
    this.session = session
    this.diff = diff
  }
}

/**
 * Writes the key, asks the wallet, reads the answer, and keeps it only if it says no more than was asked.
 * The order is what makes a crash at any point harmless: the key is durable before the wallet is asked.
 */
export async function grantSession(
  book: SessionBook,
  wallet: { provider: Provider; dialect: Dialect },
  parameters: GrantSessionParameters,
): Promise<GrantSessionReturnType> {
  const { name, permissionsHash, origin, chainId, account, expiry, asked, expressed, losses, adjustable, onBroader, external, kind } = parameters
  const { dialect } = wallet
  const terms = { permissions: asked, expiry }
  const requested = await book.open(
    { id: crypto.randomUUID(), name, permissionsHash, dialect: dialect.id, origin, chainId, account, asked: terms, expiry, losses },
    external,
    kind,
  )
  const request: GrantRequest = { chainId, account, delegate: requested.address, permissions: expressed, expiry, adjustable }
  const answer = await ask(book, wallet, requested, request, parameters.retryDelaysMs)
  const judgement = await judge(book, requested, () => judgeAnswer({ dialect, request, asked, answer, onBroader }), answer)
  const { status, granted, problem, diff, handle, dependencies, grantedExpiry } = judgement
  const session = await book.transition(requested, status, {
    ...{ granted, expiry: judgement.expiry, grantedExpiry, handle, dependencies, problem },
    answer: record(answer),
  })
  if (problem !== undefined) throw new GrantMismatchError({ session, reason: problem, diff })
  return { session, asked: terms, granted: { permissions: granted.map(({ permission }) => permission), expiry: judgement.expiry }, diff }
}

async function ask(
  book: SessionBook,
  { provider, dialect }: { provider: Provider; dialect: Dialect },
  session: Session,
  request: GrantRequest,
  retryDelaysMs: readonly number[] | undefined,
): Promise<unknown> {
  // Encoded at the last moment: some wallets count the time from when they are asked.
  const encode = () => dialect.encodeGrant(request, Math.floor(Date.now() / 1000))
  let method = 'a request for permissions'
  try {
    method = encode().method
  } catch (error) {
    await book.transition(session, 'rejected', { problem: reasonOf(error) })
    throw error
  }
  try {
    const wire: Provider = { request: (wireRequest) => (dialect.request ?? passOn)(provider, wireRequest as WireRequest) }
    return await requestWallet(wire, encode, { retryDelaysMs })
  } catch (cause) {
    const unasked = causesOf(cause).find((one) => one instanceof ConsentNotMountedError)
    if (unasked ?? wasTurnedAway(cause)) {
      await book.transition(session, 'rejected', { problem: reasonOf(cause) })
      throw unasked ?? walletError(cause, { method, chainId: session.chainId })
    }
    // Any other failure may have come after the user said yes, so the key stays.
    await book.transition(session, 'unknown', { problem: reasonOf(cause) })
    throw new GrantFailedError({ address: session.address, cause: walletError(cause, { method, chainId: session.chainId }) })
  }
}

function passOn(provider: Provider, request: WireRequest): Promise<unknown> {
  return provider.request(request)
}

async function judge(book: SessionBook, session: Session, decide: () => Judgement, answer: unknown): Promise<Judgement> {
  try {
    return decide()
  } catch (error) {
    await book.transition(session, 'unknown', { problem: reasonOf(error), answer: record(answer) })
    throw error
  }
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
