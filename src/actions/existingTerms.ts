import type { Address } from 'viem'
import type { ExistingTerms } from '../consent/consentRequest.js'
import { usablePermissions, type SessionId } from '../sessions/session.js'
import type { SessionKeyConfig } from './createSessionKeyConfig.js'

/** The session that a new one takes the place of, or else the newest live one of the same name. */
export async function existingTerms(
  config: SessionKeyConfig,
  { account, chainId, name, replaces, now }: { account: Address; chainId: number; name: string; replaces: SessionId | undefined; now: number },
): Promise<ExistingTerms | undefined> {
  const live = await config.sessions.find({ account, statuses: ['active', 'exhausted'] })
  const [newest] = live
    .filter((session) => session.chainId === chainId && session.expiry > now && (replaces === undefined ? session.name === name : session.id === replaces))
    .sort((a, b) => b.createdAt - a.createdAt)
  return newest && { terms: { permissions: usablePermissions(newest), expiry: newest.expiry }, ends: replaces !== undefined }
}
