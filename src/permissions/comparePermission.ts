import { sameMeaning } from './canonicalText.js'
import { compareFunctions } from './compareFunctions.js'
import type { ContractCallPermission, Permission } from './permission.js'

export type FieldDifference = { path: string; kind: 'narrower' | 'broader' | 'other' }

/** Everything that the second one allows, the first one allows too. */
export function isWithinPermission(outer: Permission, inner: Permission): boolean {
  return comparePermission(outer, inner).every(({ kind }) => kind === 'narrower')
}

/** Fields where a smaller value allows less; left out, there is no bound. */
const bounds: readonly string[] = ['limit', 'callLimit', 'valueLimit', 'perSecond', 'initial', 'max']

/** How one permission stands to another, field by field. What is equal is not listed. */
export function comparePermission(asked: Permission, granted: Permission): FieldDifference[] {
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
