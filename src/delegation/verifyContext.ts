import { isAddressEqual, type Address } from 'viem'
import type { UnixSeconds } from '../permissions/permission.js'
import { decodeContext } from './context.js'
import type { Caveat, Delegation } from './delegation.js'
import { framework, rootAuthority } from './framework.js'
import type { GrantedPermission } from './grantedPermission.js'
import { permissionCaveats } from './permissionCaveats.js'

type Parameters = { account: Address; delegate: Address; expiry: UnixSeconds }

/**
 * Does the signed context say what the wallet's answer says? Decodes it and compares every part with what the
 * permission compiles to.
 * @returns undefined when it does, else what differs
 */
export function contextMismatch(granted: GrantedPermission, { account, delegate, expiry }: Parameters): string | undefined {
  if (!isAddressEqual(granted.delegationManager, framework.DelegationManager)) return 'another delegation manager'
  const delegations = decoded(granted)
  const [delegation] = delegations
  if (!delegation || delegations.length !== 1) return 'not one delegation'
  if (!isAddressEqual(delegation.delegate, delegate)) return 'another delegate than the session key'
  if (!isAddressEqual(delegation.delegator, account)) return 'another account'
  if (delegation.authority !== rootAuthority) return 'another authority'
  if (!(expiry > 0)) return 'no end'
  if (!sameCaveats(delegation.caveats, permissionCaveats(granted.permission, expiry))) return 'other limits than described'
  return undefined
}

function decoded({ context }: GrantedPermission): readonly Delegation[] {
  try {
    return decodeContext(context)
  } catch {
    return []
  }
}

/** Caveats are conditions that all hold, so their order does not matter; their number does. */
function sameCaveats(a: readonly Caveat[], b: readonly Caveat[]): boolean {
  const texts = (list: readonly Caveat[]) => list.map(({ enforcer, terms }) => `${enforcer}${terms}`.toLowerCase()).sort()
  return JSON.stringify(texts(a)) === JSON.stringify(texts(b))
}
