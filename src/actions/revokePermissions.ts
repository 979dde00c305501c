import type { Hash, UserRejectedRequestError } from 'viem'
import { decodeContext } from '../delegation/context.js'
import { isDelegated, type GrantedPermission } from '../delegation/grantedPermission.js'
import type { Provider } from '../dialects/dialect.js'
import type { WalletChainMismatchError } from '../dialects/errors.js'
import { walletError, wasTurnedAway } from '../dialects/walletErrors.js'
import { SessionKeyError } from '../errors/SessionKeyError.js'
import type { SessionRevokedError } from '../execution/errors.js'
import { knownGrant } from '../sessions/knownGrant.js'
import type { AmbiguousSessionError, SessionNotFoundError } from '../sessions/errors.js'
import type { Session, SessionId } from '../sessions/session.js'
import { confirmRevoked } from './confirmRevoked.js'
import { dialectById } from './connectedWallet.js'
import { requireConnection, type SessionKeyConfig } from './createSessionKeyConfig.js'
import { NothingToRevokeError, type RevocationNotConfirmedError, type RevokeInWalletError } from './errors.js'
import { readSessionUsage } from './getPermissionUsage.js'
import { getOpenSessions, requireActiveSession, requireSession, type SessionKeyParameters } from './getSessionKey.js'
import { sendRevocation } from './sendRevocation.js'

export type RevokePermissionsParameters = SessionKeyParameters & {
  /** One stored session, of whatever status. Left out: every session that fits `session` and has not ended. */
  id?: SessionId | undefined
  /**
   * `wallet`: by its own method only · `chain`: by a transaction of the user's only. Default: the wallet's method, and where it has
   * none, the transaction.
   */
  via?: 'wallet' | 'chain' | undefined
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
  | RevokeInWalletError
  | WalletChainMismatchError
  | UserRejectedRequestError

/**
 * Ends a session for good, whatever its status: asks the wallet in the dialect that it granted in, or the chain where the wallet has
 * no method, and resolves once the chain shows that it has ended. The key is deleted in the same store transaction that records it.
 *
 * @throws {UserRejectedRequestError} the user said no; the session is as it was
 * @throws {RevokeInWalletError} only the wallet's own screen can end it; the session is as it was
 * @throws {NothingToRevokeError} the wallet never said, readably, what it granted
 * @throws {RevocationNotConfirmedError} sent, but not seen on-chain in time; the session stays `revoking`
 * @see ERC-7715 `wallet_revokeExecutionPermission`; DelegationManager `disableDelegation`
 */
export async function revokePermissions(
  config: SessionKeyConfig,
  parameters: RevokePermissionsParameters = {},
): Promise<RevokePermissionsReturnType> {
  const { id, timeoutMs = 60_000, via } = parameters
  const open = id ? [await requireSession(config, id)] : await getOpenSessions(config, parameters)
  // With none to end, or several names to choose from, the error is the same as for acting.
  if (!id && new Set(open.map(({ name }) => name)).size !== 1) await requireActiveSession(config, parameters)
  const ended: (RevokedSession & { session: Session })[] = []
  for (const session of open) ended.push(await revokeSession(config, session, { deadline: Date.now() + timeoutMs, via }))
  const [newest] = ended
  if (!newest) throw new NothingToRevokeError({ id: id ?? 'none' })
  return { ...newest, ended: ended.map(({ session }) => session) }
}

type RevokedSession = Pick<RevokePermissionsReturnType, 'session' | 'revokedAt'>
type Manner = { deadline: number; via: RevokePermissionsParameters['via'] }

async function revokeSession(config: SessionKeyConfig, session: Session, { deadline, via }: Manner): Promise<RevokedSession> {
  // Without a context or a name nothing says what to revoke, and nothing could confirm it: the key must stay.
  if (!isNamed(session)) throw new NothingToRevokeError({ id: session.id })
  const { connector } = requireConnection(config)
  const provider = (await connector.getProvider({ chainId: session.chainId })) as Provider
  const before = await readSessionUsage(config, session)
  const left = { ...knownGrant(session), granted: session.granted.filter((_, index) => !before.permissions[index]?.disabled) }
  const revoking = session.status === 'revoking' ? session : await config.sessions.transition(session, 'revoking')
  const wallet = { provider, name: connector.name, dialect: dialectById(config, session.dialect) }
  const { answers, failures } = left.granted.length > 0 ? await sendRevocation(wallet, left, { id: session.id, via }) : { answers: [], failures: [] }
  const [failure] = failures
  if (failure !== undefined) {
    // Back to what it was only where no part of it was sent, and never further: a quarantined session does not become
    // usable by a refused revocation, and a session of which a part is revoked does not pass for whole.
    const untouched = answers.length === 0 && failures.every(nothingWasSent)
    if (untouched && session.status !== 'revoking') await config.sessions.transition(revoking, session.status)
    throw walletError(failure, { method: 'the revocation', chainId: session.chainId })
  }
  const revokedAt = await confirmRevoked(config, revoking, { answers, deadline })
  const revoked = await config.sessions.transition(revoking, 'revoked', { revocation: revokedAt })
  config.sessions.noteUse(session.id)
  return { session: revoked, revokedAt }
}

function isNamed({ granted, handle }: Session): boolean {
  if (granted.length === 0) return false
  return granted.every(isDelegated) ? granted.every(isReadable) : handle !== undefined
}

function isReadable({ context }: GrantedPermission): boolean {
  try {
    return context !== undefined && decodeContext(context).length > 0
  } catch {
    return false
  }
}

function nothingWasSent(error: unknown): boolean {
  return error instanceof SessionKeyError || wasTurnedAway(error)
}
