import { judgeCalls, type Judged } from '../../../src/actions/checkCalls.js'
import type { GetPermissionUsageReturnType } from '../../../src/actions/getPermissionUsage.js'
import type { DelegatedPermission } from '../../../src/delegation/grantedPermission.js'
import type { Call } from '../../../src/permissions/check.js'
import type { UnixSeconds } from '../../../src/permissions/permission.js'

/** What the kit says of calls before anything is sent. */
export type Judge = (session: { granted: readonly DelegatedPermission[]; expiry: UnixSeconds }, calls: readonly Call[], usage: GetPermissionUsageReturnType) => Judged

export const ourJudge: Judge = judgeCalls

/** In one word: allowed, or why not. */
export function wordOf(judged: Judged): string {
  if ('covers' in judged) return judged.isStarting ? 'starting' : 'allowed'
  if ('refusal' in judged) return judged.refusal.reason
  return 'revoked' in judged ? 'revoked' : 'waiting'
}
