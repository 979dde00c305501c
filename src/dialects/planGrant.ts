import type { Permission } from '../permissions/permission.js'
import type { Dialect, Loss, WalletAbilities } from './dialect.js'
import { PermissionNotSupportedError, PermissionWidenedError, UnknownLossError } from './errors.js'

export type PlanGrantParameters = {
  dialect: Dialect
  abilities: WalletAbilities
  permissions: readonly Permission[]
  /** Paths at which the app takes more than it asked for. */
  acceptLosses?: readonly string[] | undefined
  chainId: number
  wallet: string
}

export type GrantPlan = {
  /** What was asked, without what is left out. */
  asked: readonly Permission[]
  /** What the wallet will enforce, in the same order. */
  expressed: readonly Permission[]
  losses: readonly Loss[]
}

/**
 * What will be asked of the wallet. More than was asked only where the app accepted that very loss; an `optional`
 * permission that cannot be said is left out.
 *
 * @throws {PermissionNotSupportedError} a required one cannot be said
 * @throws {PermissionWidenedError} a required one could only be said with more than was asked
 * @throws {UnknownLossError} `acceptLosses` names what was not asked
 */
export function planGrant({ dialect, abilities, permissions, acceptLosses = [], chainId, wallet }: PlanGrantParameters): GrantPlan {
  const expressions = dialect.express(permissions, abilities)
  const asked: Permission[] = []
  const expressed: Permission[] = []
  const losses: Loss[] = []
  const notAccepted: Loss[] = []
  permissions.forEach((permission, index) => {
    const path = `permissions[${index}]`
    const expression = expressions[index] ?? { impossible: 'the wallet has no words for it' }
    if ('impossible' in expression) {
      const loss: Loss = { path, kind: 'dropped', reason: expression.impossible }
      if (!permission.optional) throw new PermissionNotSupportedError({ type: permission.type, chainId, losses: [loss] })
      losses.push(loss)
      return
    }
    const found = expression.losses.map(({ field, kind, reason }): Loss => ({ path: field ? `${path}.${field}` : path, kind, reason }))
    const refused = found.filter((loss) => loss.kind === 'widened' && !acceptLosses.includes(loss.path))
    if (refused.length > 0 && permission.optional) {
      losses.push({ path, kind: 'dropped', reason: refused.map(({ reason }) => reason).join('; ') })
      return
    }
    notAccepted.push(...refused)
    losses.push(...found)
    asked.push(permission)
    expressed.push(expression.permission)
  })
  if (notAccepted.length > 0) throw new PermissionWidenedError({ wallet, losses: notAccepted })
  const [first] = permissions
  if (asked.length === 0 && first) throw new PermissionNotSupportedError({ type: first.type, chainId, losses })
  // The same definition goes to wallets that lose nothing, so an unused path is fine; one that points nowhere is a typing error.
  const unknown = acceptLosses.find((path) => !/^permissions\[\d+\](\.|$)/.test(path) || Number(/\d+/.exec(path)) >= permissions.length)
  if (unknown !== undefined) throw new UnknownLossError({ path: unknown, losses })
  return { asked, expressed, losses }
}
