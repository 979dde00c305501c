import type { Hash, UserRejectedRequestError } from 'viem'
import type { Provider } from '../dialects/dialect.js'
import { detectDialect } from '../dialects/detectDialect.js'
import { isUserRejection } from '../sessions/grantSession.js'
import type { SessionNotFoundError } from '../sessions/errors.js'
import type { Session, SessionId } from '../sessions/session.js'
import { requireConnection, type SessionKeyConfig } from './createSessionKeyConfig.js'
import { NothingToRevokeError, RevocationNotConfirmedError, type ConnectionChangedError } from './errors.js'
import { readSessionUsage, type GetPermissionUsageReturnType } from './getPermissionUsage.js'
import { requireActiveSession, requireSession, type SessionKeyParameters } from './getSessionKey.js'

export type RevokePermissionsParameters = SessionKeyParameters & {
  /** The id of one stored session, of whatever status; else the live one that fits `session`. */
  id?: SessionId | undefined
  /** How long to wait for the chain to show it. Default 60 000. */
  timeoutMs?: number | undefined
}

export type RevokePermissionsReturnType = {
  session: Session
  revokedAt: { blockNumber: bigint; transactionHash: Hash | undefined }
}

export type RevokePermissionsErrorType =
  | SessionNotFoundError
  | ConnectionChangedError
  | NothingToRevokeError
  | RevocationNotConfirmedError
  | UserRejectedRequestError

/**
 * Ends a session for good: asks the wallet, and resolves once the chain shows every permission disabled. The key is
 * deleted in the same store transaction that records it.
 *
 * @throws {NothingToRevokeError} the wallet never said what it granted
 * @throws {RevocationNotConfirmedError} sent, but not seen on-chain in time; the session stays `revoking`
 * @see ERC-7715 `wallet_revokeExecutionPermission`; DelegationManager `disableDelegation`
 */
export async function revokePermissions(
  config: SessionKeyConfig,
  parameters: RevokePermissionsParameters = {},
): Promise<RevokePermissionsReturnType> {
  const { id, timeoutMs = 60_000 } = parameters
  const session = id ? await requireSession(config, id) : await requireActiveSession(config, parameters)
  // Without a context nothing says what to revoke, and nothing could confirm it: the key must stay.
  if (session.granted.length === 0) throw new NothingToRevokeError({ id: session.id })
  const { connector } = requireConnection(config)
  const provider = (await connector.getProvider({ chainId: session.chainId })) as Provider
  const { dialect } = await detectDialect(provider, { chainId: session.chainId, wallet: connector.name })
  const revoking = session.status === 'revoking' ? session : await config.sessions.transition(session, 'revoking')

  const already = await readSessionUsage(config, revoking)
  const left = revoking.granted.filter((_, index) => !already.permissions[index]?.disabled)
  const answers = await Promise.all(left.map((granted) => provider.request(dialect.encodeRevoke(granted)))).catch(async (error) => {
    // Back to what it was, and never further: a quarantined session does not become usable by a refused revocation.
    if (isUserRejection(error) && session.status !== 'revoking') await config.sessions.transition(revoking, session.status)
    throw error
  })
  const { asOf } = await confirmRevoked(config, revoking, Date.now() + timeoutMs)
  const transactionHash = answers.map(hashOf).find((hash) => hash !== undefined)
  const revokedAt = { blockNumber: asOf.blockNumber, transactionHash }
  const revoked = await config.sessions.transition(revoking, 'revoked', { revocation: revokedAt })
  config.sessions.noteUse(session.id)
  return { session: revoked, revokedAt }
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
