import type { UnixSeconds } from '../permissions/permission.js'

/** A quiet chain's latest block may be old while the next one is not. */
export function atLeastOurs(chainTime: UnixSeconds): UnixSeconds {
  return Math.max(chainTime, Math.floor(Date.now() / 1000))
}
