import { hexToBigInt, isAddressEqual, size, slice, type Hex } from 'viem'
import type { Delegation } from '../../delegation/delegation.js'
import { enforcers, type EnforcerName } from '../../delegation/framework.js'
import { encodeExecution, type Execution } from '../../delegation/redeem.js'
import { notSponsored } from './relayRpcError.js'

/**
 * A leaf has to say exactly what, and once; then whoever brings it does what was signed. A permission that was granted
 * to the relay's own address names no call, and would be anyone's to use through the relay.
 *
 * @throws {RelayRpcError} when a pin is missing
 */
export function requirePins(leaf: Delegation, execution: Execution): void {
  const pinned = encodeExecution(execution).toLowerCase()
  if (!terms(leaf, 'ExactExecutionEnforcer').some((exact) => exact.toLowerCase() === pinned)) {
    throw notSponsored('the leaf delegation must pin this very execution (ExactExecutionEnforcer).')
  }
  if (!terms(leaf, 'LimitedCallsEnforcer').some((limit) => size(limit) === 32 && hexToBigInt(limit) === 1n)) {
    throw notSponsored('the leaf delegation must be good for one call (LimitedCallsEnforcer 1).')
  }
}

/**
 * Until when the leaf can be redeemed, in unix seconds.
 * @throws {RelayRpcError} when it does not say
 */
export function readDeadline(leaf: Delegation): number {
  const deadlines = terms(leaf, 'TimestampEnforcer')
    .filter((bounds) => size(bounds) === 32)
    .map((bounds) => hexToBigInt(slice(bounds, 16, 32)))
    .filter((before) => before > 0n)
  const [first, ...more] = deadlines
  if (first === undefined) throw notSponsored('a leaf delegation to anyone must have a deadline (TimestampEnforcer).')
  return Number(more.reduce((earliest, before) => (before < earliest ? before : earliest), first))
}

function terms(leaf: Delegation, enforcer: EnforcerName): readonly Hex[] {
  return leaf.caveats.filter((caveat) => isAddressEqual(caveat.enforcer, enforcers[enforcer])).map((caveat) => caveat.terms)
}
