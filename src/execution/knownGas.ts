import { size, slice } from 'viem'
import { hashDelegation } from '../delegation/delegation.js'
import type { Redemption } from '../delegation/redeem.js'

/** What calls of one shape took, by an estimate. Forgotten when such a call fails, so that the next is estimated again. */
export type KnownGas<estimate = bigint> = {
  get(shape: string): estimate | undefined
  note(shape: string, estimate: estimate): void
  forget(shape: string): void
}

const maxShapes = 500

export function createKnownGas<estimate = bigint>(): KnownGas<estimate> {
  const estimates = new Map<string, estimate>()
  return {
    get: (shape) => estimates.get(shape),
    note(shape, estimate) {
      estimates.delete(shape)
      estimates.set(shape, estimate)
      const [oldest] = estimates.keys()
      if (estimates.size > maxShapes && oldest !== undefined) estimates.delete(oldest)
    },
    forget: (shape) => void estimates.delete(shape),
  }
}

/** Calls of one shape take about the same: the same permissions, contracts and functions, in the same order, with arguments as long. */
export function shapeOf(redemptions: readonly Redemption[]): string {
  return redemptions
    .map(({ delegations, execution: { to, value, data } }) => {
      const selector = size(data) >= 4 ? slice(data, 0, 4) : '0x'
      return [...delegations.map(hashDelegation), to, selector, size(data), value > 0n].join(':')
    })
    .join('|')
    .toLowerCase()
}

/** A transaction with more gas is invalid. @see EIP-7825 */
const transactionGasCap = 16_777_216n

/** State moves between the estimate and the block: a slot that was in use may be empty then. What is not used is not paid. */
export function gasLimit(estimate: bigint): bigint {
  const wanted: bigint = estimate + (estimate * 3n) / 10n
  return wanted > transactionGasCap && estimate <= transactionGasCap ? transactionGasCap : wanted
}

/** Whether a reverted transaction may have failed for want of gas. Calls inside calls keep back a 64th each (EIP-150). */
export function ranOut({ gasUsed, gas }: { gasUsed: bigint; gas: bigint }): boolean {
  return gasUsed * 10n >= gas * 9n
}
