import type { ChainFees, Fees } from '../../execution/chainFees.js'
import { relayErrorCode } from '../../execution/relayWire.js'
import { RelayRpcError } from './relayRpcError.js'

/** What is offered per unit of gas at most. */
export function perGas(fees: Fees): bigint {
  return fees.type === 'legacy' ? fees.gasPrice : fees.maxFeePerGas
}

/** The chain's fees, and never more than `max` per unit of gas. @throws {RelayRpcError} the chain wants more right now */
export function capFees(fees: ChainFees, max: bigint | undefined): ChainFees {
  if (max === undefined) return fees
  const capped = (offered: Fees): Fees => {
    if (perGas(offered) <= max) return offered
    // Half of it is kept in hand for the blocks to come.
    if (offered.type === 'legacy' || (offered.maxFeePerGas + offered.maxPriorityFeePerGas) / 2n > max) throw tooDear(max)
    const { maxPriorityFeePerGas } = offered
    return { type: 'eip1559', maxFeePerGas: max, maxPriorityFeePerGas: maxPriorityFeePerGas < max ? maxPriorityFeePerGas : max }
  }
  return {
    current: async () => capped(await fees.current()),
    exact: async () => capped(await fees.exact()),
    learn: fees.learn,
  }
}

function tooDear(max: bigint): RelayRpcError {
  return new RelayRpcError(relayErrorCode.rateLimited, `The chain wants more per unit of gas than the ${max} wei that this relay offers.`, { httpStatus: 503, retryAfterSeconds: 15 })
}
