import { keccak256, stringToHex, type Hex } from 'viem'
import { rootOf } from '../delegation/context.js'
import { hashDelegation } from '../delegation/delegation.js'
import { isDelegated, type GrantedPermission } from '../delegation/grantedPermission.js'
import type { SessionId } from './session.js'

/** The id that a server gives to a grant: the same grant is the same session, however often it is handed over, and whatever order it is in. */
export function enrolledId(chainId: number, hashes: readonly Hex[]): SessionId {
  const digest = keccak256(stringToHex(JSON.stringify(['enrolled', chainId, [...hashes].sort()]))).slice(2)
  // The shape of a UUID of one's own making (RFC 9562, version 8).
  return [digest.slice(0, 8), digest.slice(8, 12), `8${digest.slice(13, 16)}`, `a${digest.slice(17, 20)}`, digest.slice(20, 32)].join('-')
}

/** The same for a session as the browser has it; undefined where its grant is no delegation. */
export function enrolledIdOf({ chainId, granted }: { chainId: number; granted: readonly GrantedPermission[] }): SessionId | undefined {
  try {
    return granted.length > 0 && granted.every(isDelegated) ? enrolledId(chainId, granted.map(({ context }) => hashDelegation(rootOf(context)))) : undefined
  } catch {
    return undefined
  }
}
