import type { Address } from 'viem'
import { InvalidRelayLimitsError } from './errors.js'

/** What an operator is ready to pay for. */
export type RelayLimits = {
  /** Gas of one transaction, at most 16_777_216 (EIP-7825). @default 5_000_000n */
  maxGas?: bigint | undefined
  /** @default 50 */
  maxCallsPerBatch?: number | undefined
  /** Native token that one call may move out of the user's account; never the relay's own. @default any amount */
  maxNativeValueWei?: bigint | undefined
  /** The contracts whose use is sponsored. @default any */
  targets?: readonly Address[] | undefined
  /** Transactions that one account may have sponsored within a window. @default any number */
  perSender?: { requests: number; windowSeconds: number } | undefined
  /** What the relay spends on gas within a window, in wei, transactions in flight included. @default no bound */
  spending?: { maxWei: bigint; windowSeconds: number } | undefined
  /** @default 524_288 */
  maxBodyBytes?: number | undefined
}

export type RelayRules = {
  relay: Address
  maxGas: bigint
  maxCallsPerBatch: number
  maxNativeValueWei: bigint | undefined
  targets: readonly Address[] | undefined
  maxBodyBytes: number
}

/** A transaction with more gas is invalid. @see EIP-7825 */
const transactionGasCap = 16_777_216n

/** @throws {InvalidRelayLimitsError} */
export function resolveLimits(relay: Address, limits: RelayLimits): RelayRules {
  const { maxGas = 5_000_000n, maxCallsPerBatch = 50, maxNativeValueWei, targets, maxBodyBytes = 524_288 } = limits
  if (maxGas <= 0n || maxGas > transactionGasCap) throw new InvalidRelayLimitsError({ limit: 'maxGas', must: `be between 1 and ${transactionGasCap}` })
  if (maxNativeValueWei !== undefined && maxNativeValueWei < 0n) throw new InvalidRelayLimitsError({ limit: 'maxNativeValueWei', must: 'not be negative' })
  for (const [limit, value] of Object.entries({
    maxCallsPerBatch,
    maxBodyBytes,
    'perSender.requests': limits.perSender?.requests ?? 1,
    'perSender.windowSeconds': limits.perSender?.windowSeconds ?? 1,
    'spending.windowSeconds': limits.spending?.windowSeconds ?? 1,
  })) {
    if (!Number.isSafeInteger(value) || value < 1) throw new InvalidRelayLimitsError({ limit, must: 'be a whole number, at least 1' })
  }
  if (limits.spending && limits.spending.maxWei <= 0n) throw new InvalidRelayLimitsError({ limit: 'spending.maxWei', must: 'be more than 0' })
  return { relay, maxGas, maxCallsPerBatch, maxNativeValueWei, targets, maxBodyBytes }
}
