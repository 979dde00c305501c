import { UserRejectedRequestError, isAddressEqual, type Address } from 'viem'
import { ConsentNotMountedError } from '../consent/consentQueue.js'
import { contextMismatch } from '../delegation/verifyContext.js'
import type { Dialect, GrantRequest, Provider } from '../dialects/dialect.js'
import { SessionKeyError } from '../errors/SessionKeyError.js'
import { compare, hashPermissions, isNotWider, type Difference } from '../permissions/compare.js'
import type { Permission, UnixSeconds } from '../permissions/permission.js'
import type { Session } from './session.js'
import type { SessionBook } from './sessionBook.js'

export type GrantSessionParameters = {
  name: string
  chainId: number
  account: Address
  origin: string
  permissions: readonly Permission[]
  expiry: UnixSeconds
  /** The address of a key held elsewhere; left out, one is made here. */
  external?: Address | undefined
  /** What the definition asked for, before anything was left out. */
  asked: readonly Permission[]
}

export type GrantSessionReturnType = {
  session: Session
  asked: { permissions: readonly Permission[]; expiry: UnixSeconds }
  granted: { permissions: readonly Permission[]; expiry: UnixSeconds }
  /** How the answer differs from the request; never wider. */
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
  constructor({ session, reason }: { session: Session; reason: string }) {
    super(`The wallet granted something else than was asked: ${reason}.`, {
      metaMessages: ['The session is kept as "quarantined" and never used; revoke it in the wallet.'],
    })
    this.session = session
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
  const { name, chainId, account, origin, permissions, expiry, external, asked } = parameters
  const terms = { permissions, expiry }
  const requested = await book.open(
    {
      id: crypto.randomUUID(),
      name,
      permissionsHash: hashPermissions(asked),
      dialect: wallet.dialect.id,
      origin,
      chainId,
      account,
      asked: terms,
      expiry,
    },
    external,
  )
  const request: GrantRequest = { chainId, account, delegate: requested.address, permissions, expiry }
  const answer = await ask(book, wallet, requested, request)
  const granted = await read(book, wallet.dialect, requested, request, answer)

  const answered = { permissions: granted.granted.map(({ permission }) => permission), expiry: granted.expiry }
  const diff = compare(terms, answered)
  const problem =
    (granted.account && !isAddressEqual(granted.account, account) && 'another account answered') ||
    (!isAddressEqual(granted.delegate, requested.address) && 'another key was granted to') ||
    (!isNotWider(diff) && `${diff.find(({ kind }) => kind === 'wider' || kind === 'other')?.path} goes beyond the request`) ||
    granted.granted
      .map((item) => contextMismatch(item, { account, delegate: requested.address, expiry: granted.expiry }))
      .find((mismatch) => mismatch !== undefined)
  if (problem) {
    const session = await book.transition(requested, 'quarantined', { granted: granted.granted, expiry: granted.expiry, problem })
    throw new GrantMismatchError({ session, reason: problem })
  }
  const session = await book.transition(requested, 'active', { granted: granted.granted, expiry: granted.expiry })
  return { session, asked: terms, granted: answered, diff }
}

async function ask(book: SessionBook, { provider, dialect }: { provider: Provider; dialect: Dialect }, session: Session, request: GrantRequest) {
  try {
    return await provider.request(dialect.encodeGrant(request))
  } catch (cause) {
    if (isUserRejection(cause)) {
      await book.transition(session, 'rejected')
      throw new UserRejectedRequestError(cause as Error)
    }
    const unasked = causeOf(cause, ConsentNotMountedError)
    if (unasked) {
      await book.transition(session, 'rejected')
      throw unasked
    }
    // Any other failure may have come after the user said yes, so the key stays.
    await book.transition(session, 'unknown', { problem: reasonOf(cause) })
    throw new GrantFailedError({ address: session.address, cause: cause as Error })
  }
}

async function read(book: SessionBook, dialect: Dialect, session: Session, request: GrantRequest, answer: unknown) {
  try {
    return dialect.decodeGrant(answer, request)
  } catch (error) {
    await book.transition(session, 'unknown', { problem: reasonOf(error) })
    throw error
  }
}

/** EIP-1193 4001, however deep a connector wrapped it. */
export function isUserRejection(error: unknown): boolean {
  return causesOf(error).some((cause) => (cause as { code?: unknown }).code === UserRejectedRequestError.code)
}

function causeOf<ErrorType extends Error>(error: unknown, Type: new () => ErrorType): ErrorType | undefined {
  return causesOf(error).find((cause): cause is ErrorType => cause instanceof Type)
}

function causesOf(error: unknown): readonly unknown[] {
  const causes: unknown[] = []
  for (let current = error; current && causes.length < 10; current = (current as { cause?: unknown }).cause) causes.push(current)
  return causes
}

function reasonOf(error: unknown): string {
  const { shortMessage, message } = error as { shortMessage?: string; message?: string }
  return (shortMessage ?? message ?? String(error)).slice(0, 300)
}

