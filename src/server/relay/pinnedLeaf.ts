import { hexToBigInt, isAddressEqual, size, slice, type Hex } from 'viem'
import type { Delegation } from '../../delegation/delegation.js'
import { enforcers, type EnforcerName } from '../../delegation/framework.js'
import { encodeExecution, type Execution } from '../../delegation/redeem.js'
import { notSponsored } from './relayRpcError.js'

/**
 * A leaf that anyone may redeem has to say exactly what, once, and until when; then whoever redeems it does what was signed.
 * @returns its deadline, in unix seconds
 * @throws {RelayRpcError} when a pin is missing
 */
export function readPins(leaf: Delegation, execution: Execution): number {
  const pinned = encodeExecution(execution).toLowerCase()
  if (!terms(leaf, 'ExactExecutionEnforcer').some((exact) => exact.toLowerCase() === pinned)) {
    throw notSponsored('a leaf delegation to anyone must pin this very execution (ExactExecutionEnforcer).')
  }
  if (!terms(leaf, 'LimitedCallsEnforcer').some((limit) => size(limit) === 32 && hexToBigInt(limit) === 1n)) {
    throw notSponsored('a leaf delegation to anyone must be good for one call (LimitedCallsEnforcer 1).')
  }
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
