import { UserRejectedRequestError, type Hash } from 'viem'
import { decodeContext } from '../delegation/context.js'
import type { GrantedPermission } from '../delegation/grantedPermission.js'
import type { UnsupportedWalletError } from '../dialects/errors.js'
import type { SessionRevokedError } from '../execution/errors.js'
import type { Provider } from '../dialects/dialect.js'
import { detectDialect } from '../dialects/detectDialect.js'
import { isUserRejection } from '../sessions/grantSession.js'
import type { AmbiguousSessionError, SessionNotFoundError } from '../sessions/errors.js'
import type { Session, SessionId } from '../sessions/session.js'
import { requireConnection, type SessionKeyConfig } from './createSessionKeyConfig.js'
import { NothingToRevokeError, RevocationNotConfirmedError } from './errors.js'
import { readSessionUsage, type GetPermissionUsageReturnType } from './getPermissionUsage.js'
import { getOpenSessions, requireActiveSession, requireSession, type SessionKeyParameters } from './getSessionKey.js'

export type RevokePermissionsParameters = SessionKeyParameters & {
  /** One stored session, of whatever status. Left out: every session that fits `session` and has not ended. */
  id?: SessionId | undefined
  /** How long to wait for the chain to show it. Default 60 000. */
  timeoutMs?: number | undefined
}

export type RevokePermissionsReturnType = {
  /** The newest of those that were ended. */
  session: Session
  revokedAt: { blockNumber: bigint; transactionHash: Hash | undefined }
  /** All that were ended: a renewal leaves the older grant alive until it is revoked or expires. */
  ended: readonly Session[]
}

export type RevokePermissionsErrorType =
  | SessionNotFoundError
  | SessionRevokedError
  | AmbiguousSessionError
  | NothingToRevokeError
  | RevocationNotConfirmedError
  | UnsupportedWalletError
  | UserRejectedRequestError

/**
 * Ends a session for good: asks the wallet, and resolves once the chain shows every permission disabled. The key is
 * deleted in the same store transaction that records it.
 *
 * @throws {UserRejectedRequestError} the user said no; the session is as it was
 * @throws {NothingToRevokeError} the wallet never said, readably, what it granted
 * @throws {RevocationNotConfirmedError} sent, but not seen on-chain in time; the session stays `revoking`
 * @see ERC-7715 `wallet_revokeExecutionPermission`; DelegationManager `disableDelegation`
 */
export async function revokePermissions(
  config: SessionKeyConfig,
  parameters: RevokePermissionsParameters = {},
): Promise<RevokePermissionsReturnType> {
  const { id, timeoutMs = 60_000 } = parameters
  const open = id ? [await requireSession(config, id)] : await getOpenSessions(config, parameters)
  // With none to end, or several names to choose from, the error is the same as for acting.
  if (!id && new Set(open.map(({ name }) => name)).size !== 1) await requireActiveSession(config, parameters)
  const ended: (RevokedSession & { session: Session })[] = []
  for (const session of open) ended.push(await revokeSession(config, session, Date.now() + timeoutMs))
  const [newest] = ended
  if (!newest) throw new NothingToRevokeError({ id: id ?? 'none' })
  return { ...newest, ended: ended.map(({ session }) => session) }
}

type RevokedSession = Pick<RevokePermissionsReturnType, 'session' | 'revokedAt'>

async function revokeSession(config: SessionKeyConfig, session: Session, deadline: number): Promise<RevokedSession> {
  // Without a context nothing says what to revoke, and nothing could confirm it: the key must stay.
  if (session.granted.length === 0 || !session.granted.every(isReadable)) throw new NothingToRevokeError({ id: session.id })
  const { connector } = requireConnection(config)
  const provider = (await connector.getProvider({ chainId: session.chainId })) as Provider
  const { dialect } = await detectDialect(provider, { chainId: session.chainId, wallet: connector.name })
  const already = await readSessionUsage(config, session)
  const left = session.granted.filter((_, index) => !already.permissions[index]?.disabled)
  const revoking = session.status === 'revoking' ? session : await config.sessions.transition(session, 'revoking')

  const outcomes = await Promise.allSettled(left.map((granted) => provider.request(dialect.encodeRevoke(granted))))
  const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []))
  if (failures.length > 0) {
    // Back to what it was only where no part of it was sent, and never further: a quarantined session does not become
    // usable by a refused revocation, and a session of which a part is revoked does not pass for whole.
    const untouched = failures.length === outcomes.length && failures.every(nothingWasSent)
    if (untouched && session.status !== 'revoking') await config.sessions.transition(revoking, session.status)
    const [error] = failures
    throw isUserRejection(error) ? new UserRejectedRequestError(error as Error) : error
  }
  const { asOf } = await confirmRevoked(config, revoking, deadline)
  const answers = outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : undefined))
  const transactionHash = answers.map(hashOf).find((hash) => hash !== undefined)
  const revokedAt = { blockNumber: asOf.blockNumber, transactionHash }
  const revoked = await config.sessions.transition(revoking, 'revoked', { revocation: revokedAt })
  config.sessions.noteUse(session.id)
  return { session: revoked, revokedAt }
}

function isReadable({ context }: GrantedPermission): boolean {
  try {
    return decodeContext(context).length > 0
  } catch {
    return false
  }
}

/** Unauthorized, unsupported, unknown method, bad parameters: the wallet turned the request away at the door. */
const turnedAwayCodes = [4100, 4200, -32601, -32602]

function nothingWasSent(error: unknown): boolean {
  return isUserRejection(error) || turnedAwayCodes.includes((error as { code?: number } | null)?.code ?? 0)
}

async function confirmRevoked(config: SessionKeyConfig, session: Session, deadline: number): Promise<GetPermissionUsageReturnType> {
  const { pollingInterval } = config.wagmi.getClient({ chainId: session.chainId })
  for (;;) {
    const usage = await readSessionUsage(config, session)
    if (usage.permissions.every(({ disabled }) => disabled)) return usage
    if (Date.now() >= deadline) throw new RevocationNotConfirmedError({ id: session.id })
    await new Promise((resolve) => setTimeout(resolve, Math.min(pollingInterval, 1_000)))
  }
}

/** Some wallets say which transaction it was; the ERC asks for an empty answer. */
function hashOf(answer: unknown): Hash | undefined {
  const hash = (answer as { transactionHash?: unknown } | null)?.transactionHash
  return typeof hash === 'string' && /^0x[0-9a-f]{64}$/i.test(hash) ? (hash as Hash) : undefined
}
