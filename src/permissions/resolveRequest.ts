import type { SessionDefinition } from './defineSession.js'
import { resolveExpiry } from './expiry.js'
import type { Permission, UnixSeconds } from './permission.js'

/** A definition with every moment absolute, on chain time. */
export type ResolvedRequest = { permissions: readonly Permission[]; expiry: UnixSeconds }

/** Periods and streams that name no start begin now. @throws {InvalidExpiryError} */
export function resolveRequest(
  { permissions, expiry }: Pick<SessionDefinition, 'permissions' | 'expiry'>,
  chainTime: UnixSeconds,
): ResolvedRequest {
  return {
    permissions: permissions.map((permission) =>
      ('period' in permission || 'perSecond' in permission) && permission.startTime === undefined
        ? { ...permission, startTime: chainTime }
        : permission,
    ),
    expiry: resolveExpiry(expiry, chainTime),
  }
}
