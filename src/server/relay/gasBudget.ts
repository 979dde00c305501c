import { relayErrorCode } from '../../execution/relayWire.js'
import { RelayRpcError } from './relayRpcError.js'

/** What the relay may spend within the window. Transactions in flight count with their estimate. */
export type GasBudget = {
  /** Throws when the estimate does not fit. Settle every reservation: with what was paid, or with 0n. */
  reserve: (estimateWei: bigint) => { settle: (paidWei: bigint) => void }
}

export function createGasBudget(budget: { maxWei: bigint; windowSeconds: number } | undefined, now: () => number): GasBudget {
  if (!budget) return { reserve: () => ({ settle: () => undefined }) }
  const { maxWei, windowSeconds } = budget
  let inFlight = 0n
  let paid: { at: number; wei: bigint }[] = []

  return {
    reserve: (estimateWei) => {
      paid = paid.filter(({ at }) => at > now() - windowSeconds)
      const spent = paid.reduce((sum, { wei }) => sum + wei, inFlight)
      if (spent + estimateWei > maxWei) {
        throw new RelayRpcError(relayErrorCode.insufficientBalance, `The relay's gas budget for ${windowSeconds} seconds does not cover this transaction.`)
      }
      inFlight += estimateWei
      return {
        settle: (paidWei) => {
          inFlight -= estimateWei
          if (paidWei > 0n) paid.push({ at: now(), wei: paidWei })
        },
      }
    },
  }
}
