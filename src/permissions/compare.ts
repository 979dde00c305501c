import { comparePermission } from './comparePermission.js'
import { pairPermissions } from './pairPermissions.js'
import type { Permission, UnixSeconds } from './permission.js'

export type Terms = { permissions: readonly Permission[]; expiry: UnixSeconds }

/** One way in which what was granted is not what was asked. What is equal is not listed. */
export type Difference = {
  /** Index in what was asked; undefined for the whole, and for something nobody asked for. */
  asked: number | undefined
  path: string
  /** `narrower` and `missing` may be used as they are; `broader` only as far as it was asked; `other` never. */
  kind: 'narrower' | 'broader' | 'missing' | 'other'
}

/** Compares what a wallet granted with what was asked. */
export function compare(asked: Terms, granted: Terms): readonly Difference[] {
  const differences: Difference[] = []
  if (granted.expiry !== asked.expiry) {
    // To the enforcer 0 means: no end.
    differences.push({ asked: undefined, path: 'expiry', kind: granted.expiry < asked.expiry && granted.expiry > 0 ? 'narrower' : 'broader' })
  }
  const pairs = pairPermissions(asked.permissions, granted.permissions)
  asked.permissions.forEach((permission, index) => {
    const answer = granted.permissions[pairs[index] ?? -1]
    if (!answer) differences.push({ asked: index, path: 'permission', kind: 'missing' })
    else differences.push(...comparePermission(permission, answer).map((difference) => ({ asked: index, ...difference })))
  })
  granted.permissions.forEach((_, index) => {
    if (!pairs.includes(index)) differences.push({ asked: undefined, path: `permissions[${index}]`, kind: 'broader' })
  })
  return differences
}

/** True when nothing that was granted goes beyond what was asked. */
export function isNotBroader(differences: readonly Difference[]): boolean {
  return differences.every(({ kind }) => kind === 'narrower' || kind === 'missing')
}
