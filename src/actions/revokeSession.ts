import { decodeContext } from '../delegation/context.js'
import { isDelegated, type GrantedPermission } from '../delegation/grantedPermission.js'
import { walletError, wasTurnedAway } from '../dialects/walletErrors.js'
import { SessionKeyError } from '../errors/SessionKeyError.js'
import { redactContexts } from '../execution/redactError.js'
import { knownGrant } from '../sessions/knownGrant.js'
import { sessionLock, withLock } from '../sessions/locks.js'
import type { Session } from '../sessions/session.js'
import { endedStatuses } from '../sessions/status.js'
import { confirmRevoked, type Confirmation, type RevokedAt } from './confirmRevoked.js'
import { getGrantingWallet } from './connectedWallet.js'
import type { SessionKeyConfig } from './createSessionKeyConfig.js'
import { NothingToRevokeError } from './errors.js'
import { readSessionUsage } from './getPermissionUsage.js'
import { requireSession } from './requireSession.js'
import { sendRevocation } from './sendRevocation.js'

export type RevokedSession = { session: Session; revokedAt: RevokedAt }

export type RevokeSessionParameters = {
  /** Of this device's clock, in ms. */
  deadline: number
  via?: 'wallet' | 'chain' | undefined
}

/** Ends one session, and resolves once the chain shows it. One tab at a time; who comes second finds it ended. */
export async function revokeSession(config: SessionKeyConfig, { id }: Pick<Session, 'id'>, parameters: RevokeSessionParameters): Promise<RevokedSession> {
  return withLock(sessionLock(id), async () => {
    const session = await requireSession(config, id)
    // What fails on the way may quote the request, and with it the permission.
    return revokeStored(config, session, parameters).catch((error: unknown) => Promise.reject(redactContexts(error, session.granted)))
  })
}

async function revokeStored(config: SessionKeyConfig, session: Session, parameters: RevokeSessionParameters): Promise<RevokedSession> {
  const { id } = session
  if (session.status === 'revoked') return { session, revokedAt: { blockNumber: session.revocation?.blockNumber ?? 0n, transactionHash: session.revocation?.transactionHash } }
  requireNamed(session)
  const wallet = await getGrantingWallet(config, session)
  const before = await readSessionUsage(config, session)
  const left = { ...knownGrant(session), granted: session.granted.filter((_, index) => !before.permissions[index]?.disabled) }
  const revoking = session.status === 'revoking' ? session : await config.sessions.transition(session, 'revoking')
  const { answers, failures } =
    left.granted.length > 0 ? await sendRevocation(wallet, left, { id, via: parameters.via }) : { answers: [], failures: [] }
  const [failure] = failures
  if (failure !== undefined) {
    // Back to what it was only where no part of it was sent, and never further: a quarantined session does not become
    // usable by a refused revocation, and a session of which a part is revoked does not pass for whole.
    const untouched = answers.length === 0 && failures.every(nothingWasSent)
    if (untouched && session.status !== 'revoking') await config.sessions.transition(revoking, session.status)
    throw failure instanceof SessionKeyError ? failure : walletError(failure, { method: 'the revocation', chainId: session.chainId })
  }
  return confirmAndRecord(config, revoking, { answers, sentAfter: before.asOf.blockNumber, deadline: parameters.deadline })
}

/** Waits until the chain shows it, then writes it down and deletes the key, as one. */
export async function confirmAndRecord(
  config: SessionKeyConfig,
  revoking: Session,
  confirmation: Confirmation,
): Promise<RevokedSession> {
  const revokedAt = await confirmRevoked(config, revoking, confirmation)
  const session = await config.sessions.transition(revoking, 'revoked', { revocation: revokedAt })
  config.usage.forget(session.id)
  config.sessions.noteUse(session.id)
  return { session, revokedAt }
}

/**
 * Without a context or a name nothing says what to revoke, and nothing could confirm it: the key must stay.
 * @throws {NothingToRevokeError}
 */
export function requireNamed({ id, status, granted, handle }: Session): void {
  const named = granted.length > 0 && (granted.every(isDelegated) ? granted.every(isReadable) : handle !== undefined)
  if (!named || endedStatuses.includes(status)) throw new NothingToRevokeError({ id })
}

function isReadable({ context }: GrantedPermission): boolean {
  try {
    return context !== undefined && decodeContext(context).length > 0
  } catch {
    return false
  }
}

export function nothingWasSent(error: unknown): boolean {
  return error instanceof SessionKeyError || wasTurnedAway(error)
}
