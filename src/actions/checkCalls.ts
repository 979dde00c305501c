import type { Calls, Narrow } from 'viem'
import { readContractMetadata } from '../delegation/contractMetadata.js'
import { usablePermission, type GrantedPermission } from '../delegation/grantedPermission.js'
import { refusalError, SessionNotStartedError, SessionRevokedError, type CallRefusedError } from '../execution/errors.js'
import { check, type Cover, type Refusal } from '../permissions/check.js'
import type { UnixSeconds } from '../permissions/permission.js'
import { usablePermissions, type Session } from '../sessions/session.js'
import type { ActingConfig } from './actingConfig.js'
import { getChainClient, type SessionKeyConfig } from './createSessionKeyConfig.js'
import { readSessionUsage, type GetPermissionUsageErrorType, type GetPermissionUsageReturnType } from './getPermissionUsage.js'
import { noteUsage } from './noteUsage.js'
import type { SessionKeyParameters } from './getSessionKey.js'
import { requireActiveSession } from './requireSession.js'
import { encodeSessionCalls, type EncodedCall } from './sessionCalls.js'

export type CheckCallsParameters<calls extends readonly unknown[] = readonly unknown[]> = SessionKeyParameters & {
  calls: Calls<Narrow<calls>>
  /** What is left, where that is known already: then the chain is not asked. */
  usage?: GetPermissionUsageReturnType | undefined
}

export type CheckCallsReturnType =
  | { allowed: true; error: undefined }
  /** `error` is what sending them would throw. */
  | { allowed: false; error: CallRefusedError }

export type CheckCallsErrorType = GetPermissionUsageErrorType

/** Would the session be allowed to make these calls, in one atomic batch, now? Sends nothing. */
export async function checkCalls<const calls extends readonly unknown[]>(
  config: SessionKeyConfig,
  parameters: CheckCallsParameters<calls>,
): Promise<CheckCallsReturnType> {
  const session = await requireActiveSession(config, parameters)
  const plan = await planCalls(config, session, encodeSessionCalls(parameters.calls), parameters.usage)
  return 'error' in plan ? { allowed: false, error: plan.error } : { allowed: true, error: undefined }
}

/** Which permission covers each call, with the chain's counters as they are now; or why one is refused. */
export async function planCalls(
  config: ActingConfig,
  session: Session,
  calls: readonly EncodedCall[],
  known?: GetPermissionUsageReturnType,
): Promise<({ covers: readonly Cover[] } | { error: CallRefusedError }) & { now: UnixSeconds; blockNumber: bigint }> {
  const usage = known ?? (await readSessionUsage(config, session))
  void noteUsage(config, session, usage)
  const { timestamp: now, blockNumber } = usage.asOf
  const judged = judgeCalls(session, calls, usage)
  if ('covers' in judged) return { covers: judged.covers, now, blockNumber }
  return { error: await refusedBecause(config, session, calls, judged), now, blockNumber }
}

export type Judged =
  /** `isStarting`: a permission that is used begins only now, by this device's clock. */
  | { covers: readonly Cover[]; isStarting: boolean }
  | { refusal: Refusal }
  /** The index of the call whose permission was revoked, or does not hold yet. */
  | { revoked: number }
  | { waiting: number }

/** The verdict on calls by what is left of each limit. */
export function judgeCalls(session: Pick<Session, 'granted' | 'expiry'>, calls: readonly EncodedCall[], usage: GetPermissionUsageReturnType): Judged {
  const { timestamp: now } = usage.asOf
  const starting = session.granted.map((granted) => isStarting(granted, now))
  const permissions = usablePermissions(session).map((permission, index) => (starting[index] ? { ...permission, startTime: now } : permission))
  // Before its start a counter says that nothing is left.
  const counters = usage.permissions.map((counter, index) => (starting[index] ? undefined : counter))
  const asked = { permissions, expiry: session.expiry, calls, now, usage: counters }
  const dead = new Set(usage.permissions.flatMap(({ disabled, waiting }, index) => (disabled || waiting ? [index] : [])))
  const verdict = check({ ...asked, without: dead })
  if (verdict.allowed) return { covers: verdict.covers, isStarting: verdict.covers.some(({ permission }) => starting[permission]) }
  // Refused only because a permission was revoked, or does not hold yet?
  const unrevoked = dead.size === 0 ? verdict : check(asked)
  if (!unrevoked.allowed) return { refusal: unrevoked.refusals[0] as Refusal }
  const revoked = unrevoked.covers.findIndex(({ permission }) => usage.permissions[permission]?.disabled)
  if (revoked >= 0) return { revoked }
  return { waiting: unrevoked.covers.findIndex(({ permission }) => usage.permissions[permission]?.waiting) }
}

/** The typed error for calls that are not allowed. */
export async function refusedBecause(
  config: ActingConfig,
  session: Session,
  calls: readonly EncodedCall[],
  judged: Exclude<Judged, { covers: readonly Cover[] }>,
): Promise<CallRefusedError> {
  if ('refusal' in judged) return errorOf(config, session, judged.refusal, calls)
  if ('revoked' in judged) {
    return new SessionRevokedError({ call: judged.revoked, message: 'This session was revoked.', help: 'Ask for a new session: useGrantPermissions.' })
  }
  const message = 'The user’s wallet signed this permission for a later nonce of the account: it does not hold yet.'
  return new SessionNotStartedError({ call: judged.waiting, message, help: 'End it, and ask for a new session: useGrantPermissions.' })
}

/**
 * Begun by this device's clock, not yet by the newest block's: wallets fill in their own clock, and the next block is later. Let through;
 * if it is too early the chain says so. Not where the chain would let it through: a start that only the kit keeps is kept by the chain's time.
 */
function isStarting(granted: GrantedPermission, now: UnixSeconds): boolean {
  const { startTime } = usablePermission(granted)
  return startTime !== undefined && startTime > now && startTime <= Date.now() / 1_000 && granted.permission.startTime === startTime
}

/** Reads the names that the sentence needs; only a refusal costs these reads. */
async function errorOf(config: ActingConfig, session: Session, refusal: Refusal, calls: readonly EncodedCall[]): Promise<CallRefusedError> {
  const call = calls[refusal.call]
  const contract = refusal.reason === 'spend-limit-exceeded' ? refusal.token : call?.to
  const named = contract === undefined || contract === 'native' ? [] : [contract]
  const metadata = await readContractMetadata(getChainClient(config, session.chainId), named)
  return refusalError(refusal, { metadata, functionName: call?.functionName })
}
