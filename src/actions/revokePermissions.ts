import type { Hash, UserRejectedRequestError } from 'viem'
import type { WalletAccountMismatchError, WalletChainMismatchError } from '../dialects/errors.js'
import type { SessionRevokedError } from '../execution/errors.js'
import type { AmbiguousSessionError, SessionNotFoundError } from '../sessions/errors.js'
import type { Session, SessionId } from '../sessions/session.js'
import type { SessionKeyConfig } from './createSessionKeyConfig.js'
import { NothingToRevokeError, type OtherWalletError, type RevocationNotConfirmedError, type RevokeInWalletError } from './errors.js'
import type { SessionKeyParameters } from './getSessionKey.js'
import { getOpenSessions, requireActiveSession, requireSession } from './requireSession.js'
import { revokeSession, type RevokedSession } from './revokeSession.js'

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
  | WalletAccountMismatchError
  | OtherWalletError
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
  const ended: RevokedSession[] = []
  for (const session of open) ended.push(await revokeSession(config, session, { deadline: Date.now() + timeoutMs, via }))
  const [newest] = ended
  if (!newest) throw new NothingToRevokeError({ id: id ?? 'none' })
  return { ...newest, ended: ended.map(({ session }) => session) }
}
