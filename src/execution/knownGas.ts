import { size, slice } from 'viem'
import { hashDelegation } from '../delegation/delegation.js'
import type { Redemption } from '../delegation/redeem.js'
import { transactionGasCap } from './transactionGasCap.js'

/** What calls of one shape took, by an estimate. Forgotten when such a call fails, so that the next is estimated again. */
export type KnownGas<estimate = bigint> = {
  get(shape: string): estimate | undefined
  note(shape: string, estimate: estimate): void
  forget(shape: string): void
  /** Calls of that shape did not go together with others, or one of them failed: for a minute what holds such a call is simulated as a whole. */
  doubt(shape: string): void
  isDoubted(shape: string): boolean
}

const maxShapes = 500
const doubtForMs = 60_000

export function createKnownGas<estimate = bigint>(): KnownGas<estimate> {
  const estimates = new Map<string, estimate>()
  const doubtedAtMs = new Map<string, number>()
  return {
    get: (shape) => estimates.get(shape),
    note: (shape, estimate) => keepLast(estimates, shape, estimate),
    forget: (shape) => void estimates.delete(shape),
    doubt: (shape) => keepLast(doubtedAtMs, shape, Date.now()),
    isDoubted: (shape) => Date.now() - (doubtedAtMs.get(shape) ?? -Infinity) < doubtForMs,
  }
}

function keepLast<value>(values: Map<string, value>, shape: string, value: value): void {
  values.delete(shape)
  values.set(shape, value)
  const [oldest] = values.keys()
  if (values.size > maxShapes && oldest !== undefined) values.delete(oldest)
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

/** State moves between the estimate and the block: a slot that was in use may be empty then. What is not used is not paid. */
export function gasLimit(estimate: bigint): bigint {
  const wanted: bigint = estimate + (estimate * 3n) / 10n
  return wanted > transactionGasCap && estimate <= transactionGasCap ? transactionGasCap : wanted
}

/** Whether a reverted transaction may have failed for want of gas. Calls inside calls keep back a 64th each (EIP-150). */
export function ranOut({ gasUsed, gas }: { gasUsed: bigint; gas: bigint }): boolean {
  return gasUsed * 10n >= gas * 9n
}
