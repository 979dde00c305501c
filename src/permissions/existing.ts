import { sameMeaning } from './canonicalText.js'
import { pairPermissions, targetOf } from './pairPermissions.js'
import type { Permission, UnixSeconds } from './permission.js'

export type PermissionStatus =
  | { status: 'new' }
  /** `before`: what the session that exists allows of the same thing. Starts that have passed are left out of both. */
  | { status: 'changed'; before: Permission; after: Permission }
  | { status: 'unchanged'; before: Permission }

export type ExistingComparison = {
  /** One for each permission asked for. */
  statuses: readonly PermissionStatus[]
  /** What exists and is not asked for again. */
  removed: readonly Permission[]
}

/** How what is asked for stands to what exists already, permission by permission. Pure. */
export function compareWithExisting(existing: readonly Permission[], asked: readonly Permission[], now: UnixSeconds): ExistingComparison {
  const before = existing.map((permission) => begun(permission, now))
  const after = asked.map((permission) => begun(permission, now))
  const pairs = pairPermissions(before, after)
  const kept = new Set<number>()
  const statuses = after.map((permission, index): PermissionStatus => {
    const position = pairs.indexOf(index)
    const old = before[position]
    // What is left over is paired by its place; that is no relation.
    if (!old || targetOf(old) !== targetOf(permission)) return { status: 'new' }
    kept.add(position)
    return sameMeaning(old, permission) ? { status: 'unchanged', before: old } : { status: 'changed', before: old, after: permission }
  })
  return { statuses, removed: before.filter((_, index) => !kept.has(index)) }
}

/** When it began does not matter once it has, nor whether the app could do without it. */
function begun(permission: Permission, now: UnixSeconds): Permission {
  const plain = { ...permission }
  delete plain.optional
  if (plain.startTime !== undefined && plain.startTime <= now) delete plain.startTime
  return plain
}
