import { enforcerName } from '../delegation/framework.js'
import type { Redemption } from '../delegation/redeem.js'

/**
 * Whether a redemption means the same beside others in one transaction: each of its limits looks at its own call only. NativeTokenPayment
 * asks for its payment after all calls (`afterAllHook`), and what the kit does not know may do likewise. What LogicalOrWrapper wraps are the
 * kit's own groups of targets, functions and arguments.
 */
export function isIndependent({ delegations }: Redemption): boolean {
  return delegations.length > 0 && delegations.every(({ caveats }) => caveats.every(({ enforcer }) => ![undefined, 'NativeTokenPaymentEnforcer'].includes(enforcerName(enforcer))))
}
