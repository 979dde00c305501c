import { groupArgs, readGroups } from '../delegation/caveats.js'
import { decodeContext } from '../delegation/context.js'
import type { Delegation } from '../delegation/delegation.js'
import { enforcers } from '../delegation/framework.js'
import type { DelegatedPermission } from '../delegation/grantedPermission.js'
import type { Redemption } from '../delegation/redeem.js'
import type { Call, Cover } from '../permissions/check.js'
import { findFunctionGroup, functionGroups, type FunctionGroup } from '../permissions/functionGroups.js'

/** Each call with the granted context that covers it. */
export function redemptionsFor(
  granted: readonly DelegatedPermission[],
  calls: readonly Call[],
  covers: readonly Cover[],
): readonly Redemption[] {
  return calls.map((call, index) => {
    const cover = covers[index] as Cover
    const { context, permission, within } = granted[cover.permission] as DelegatedPermission
    const delegations = decodeContext(context)
    const [leaf, ...rest] = delegations
    if (!leaf) throw new Error('A granted context holds no delegation.')
    const functions = permission.type === 'contract-call' ? permission.functions : undefined
    const groups = functions ? functionGroups(functions) : []
    // The cover was found in what the kit holds itself to, whose groups may be others than the signed ones.
    const position = within ? groupOf(groups, call) : cover.group
    if (groups.length <= 1 || position === undefined) return { delegations, execution: call }
    return { delegations: [withGroup(leaf, position), ...rest], execution: call }
  })
}

function groupOf(groups: readonly FunctionGroup[], call: Call): number | undefined {
  const found = findFunctionGroup(groups, call.data)
  return 'index' in found ? found.index : undefined
}

/** `args` say which group of functions the call falls under, as it was signed; they are not part of what was signed. */
function withGroup(delegation: Delegation, group: number): Delegation {
  return {
    ...delegation,
    caveats: delegation.caveats.map((caveat) =>
      caveat.enforcer.toLowerCase() === enforcers.LogicalOrWrapperEnforcer.toLowerCase()
        ? { ...caveat, args: groupArgs(group, readGroups(caveat.terms)[group]?.length ?? 0) }
        : caveat,
    ),
  }
}
