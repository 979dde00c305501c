import { hexToBigInt, isAddressEqual, size, slice, type Address } from 'viem'
import type { Delegation } from '../../delegation/delegation.js'
import type { Execution } from '../../delegation/redeem.js'
import type { RelayRules } from './limits.js'
import { notAllowed, notSponsored } from './relayRpcError.js'

/** Below this address chains keep what is no contract: precompiles, and room for more. */
const firstContract = 0x10000n

/**
 * Whether the relay pays for calls of this contract, and of this function of it.
 * @throws {RelayRpcError}
 */
export function checkContract({ to, data }: Execution, { relay, targets, denied }: RelayRules): void {
  if (isAddressEqual(to, relay)) throw notSponsored("the call is to the relay's own account.")
  if (hexToBigInt(to) < firstContract) throw notSponsored(`${to} is no contract but a part of the chain.`)
  if (denied.has(to.toLowerCase())) throw notAllowed(`calls to ${to} are among those this relay does not pay for.`)
  if (!targets) return
  const functions = targets.get(to.toLowerCase())
  if (!functions) throw notAllowed(`calls to ${to} are not among those this relay pays for.`)
  const selector = size(data) >= 4 ? slice(data, 0, 4).toLowerCase() : '0x'
  if (functions !== 'all' && !functions.has(selector)) throw notAllowed(`function ${selector} of ${to} is not among those this relay pays for.`)
}

/**
 * Whether what checks these delegations is code that the relay is ready to run.
 * @throws {RelayRpcError}
 */
export function checkEnforcers(delegations: readonly Delegation[], { enforcers, denied }: RelayRules): void {
  for (const { enforcer } of delegations.flatMap(({ caveats }) => caveats)) {
    const isKnown = !enforcers || enforcers.has(enforcer.toLowerCase())
    if (!isKnown || denied.has(enforcer.toLowerCase())) throw notAllowed(`the permission is checked by ${enforcer}, which is not among the enforcers this relay pays for.`)
  }
}

/**
 * Whether the relay has anything to do with those who take part.
 * @throws {RelayRpcError}
 */
export function checkAccounts(parties: readonly Address[], { relay, denied }: RelayRules): void {
  for (const party of parties) {
    if (isAddressEqual(party, relay)) throw notSponsored("the relay's own account gives no permissions and is no session.")
    if (denied.has(party.toLowerCase())) throw notAllowed(`${party} is among those this relay does not pay for.`)
  }
}

/**
 * Whether the relay pays for these accounts.
 * @throws {RelayRpcError}
 */
export async function checkMayUse(accounts: readonly Address[], { mayUse }: RelayRules): Promise<void> {
  for (const account of accounts) {
    if (!(await mayUse(account))) throw notAllowed(`${account} is not among the accounts this relay pays for.`)
  }
}
