import { encodePacked, keccak256, stringToHex, type Hex } from 'viem'
import { canonicalText, sameMeaning } from './canonicalText.js'
import { compareFunctions } from './compareFunctions.js'
import { pairPermissions } from './pairPermissions.js'
import type { ContractCallPermission, Permission, UnixSeconds } from './permission.js'

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

/** Fields where a smaller value allows less; left out, there is no bound. */
const bounds: readonly string[] = ['limit', 'callLimit', 'valueLimit', 'perSecond', 'initial', 'max']

function comparePermission(asked: Permission, granted: Permission): Omit<Difference, 'asked'>[] {
  if (asked.type !== granted.type) return [{ path: 'type', kind: 'other' }]
  const ask = asked as Record<string, unknown>
  const got = granted as Record<string, unknown>
  return [...new Set([...Object.keys(ask), ...Object.keys(got)])].flatMap((path) => {
    if (path === 'optional' || sameMeaning(ask[path], got[path])) return []
    const kind = compareField(path, ask[path], got[path])
    return kind ? [{ path, kind }] : []
  })
}

function compareField(path: string, ask: unknown, got: unknown): 'narrower' | 'broader' | 'other' | undefined {
  if (path === 'functions') {
    return compareFunctions(ask as ContractCallPermission['functions'], got as ContractCallPermission['functions'])
  }
  const bounded = bounds.includes(path)
  if (!bounded && path !== 'startTime' && path !== 'payee') return 'other'
  if (ask === undefined) return 'narrower'
  if (got === undefined) return 'broader'
  if (path === 'payee') return 'other'
  // A later start allows less.
  const less = path === 'startTime' ? (got as number) > (ask as number) : (got as bigint) < (ask as bigint)
  return less ? 'narrower' : 'broader'
}

/** Knows a set of permissions again, however its addresses are written. */
export function hashPermissions(permissions: readonly Permission[]): Hex {
  return keccak256(encodePacked(['bytes[]'], [permissions.map((permission) => stringToHex(canonicalText(permission)))]))
}
