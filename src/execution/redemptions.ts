import { groupArgs } from '../delegation/caveats.js'
import { decodeContext } from '../delegation/context.js'
import type { Delegation } from '../delegation/delegation.js'
import { enforcers } from '../delegation/framework.js'
import type { GrantedPermission } from '../delegation/grantedPermission.js'
import { groupCaveats } from '../delegation/permissionCaveats.js'
import type { Redemption } from '../delegation/redeem.js'
import type { Call, Cover } from '../permissions/check.js'
import { functionGroups } from '../permissions/functionGroups.js'

/** Each call with the granted context that covers it. */
export function redemptionsFor(
  granted: readonly GrantedPermission[],
  calls: readonly Call[],
  covers: readonly Cover[],
): readonly Redemption[] {
  return calls.map((call, index) => {
    const cover = covers[index] as Cover
    const { context, permission } = granted[cover.permission] as GrantedPermission
    const [leaf, ...rest] = decodeContext(context)
    if (!leaf) throw new Error('A granted context holds no delegation.')
    const functions = permission.type === 'contract-call' ? permission.functions : undefined
    const groups = functions ? functionGroups(functions) : []
    const group = groups.length > 1 && cover.group !== undefined ? groups[cover.group] : undefined
    const first = group && cover.group !== undefined ? withGroup(leaf, cover.group, groupCaveats(group).length) : leaf
    return { delegations: [first, ...rest], execution: call }
  })
}

/** `args` say which group of functions the call falls under; they are not part of what was signed. */
function withGroup(delegation: Delegation, group: number, caveatCount: number): Delegation {
  return {
    ...delegation,
    caveats: delegation.caveats.map((caveat) =>
      caveat.enforcer.toLowerCase() === enforcers.LogicalOrWrapperEnforcer.toLowerCase()
        ? { ...caveat, args: groupArgs(group, caveatCount) }
        : caveat,
    ),
  }
}
