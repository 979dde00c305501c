import { EstimateGasExecutionError, type Client, type LocalAccount } from 'viem'
import { framework } from '../delegation/framework.js'
import { encodeRedeemDelegations, type Redemption } from '../delegation/redeem.js'
import { findRevertData } from '../delegation/revertReason.js'
import { GasCapExceededError } from './errors.js'
import { estimateCall } from './estimateCall.js'
import type { KeyCall } from './keyTransactions.js'
import { createKnownGas, shapeOf } from './knownGas.js'
import type { LaneRequest } from './lane.js'
import { transactionGasCap } from './transactionGasCap.js'

/** Redemptions that a session key makes, all or none. */
export type KeyRedemption = {
  chainId: number
  signer: LocalAccount
  redemptions: readonly Redemption[]
  /** Nothing has to be simulated. */
  checked: boolean
  /** Of one that shares its transaction with no other. */
  onOutgoing?: LaneRequest['onOutgoing']
}

/** What redemptions take, and whether the contracts let them through. */
export type RedemptionGas = {
  /** As known of its shape, where nothing has to be simulated; several of one shape at once share one estimate. Else {@link RedemptionGas.estimate}. */
  of(redemption: KeyRedemption): Promise<bigint>
  /** Runs the contracts, so what they refuse surfaces here, before anything is sent. */
  estimate(redemption: KeyRedemption): Promise<bigint>
  /** The same, and nothing is kept of it. */
  simulate(redemption: KeyRedemption): Promise<bigint>
  /** The next of its shape is simulated, by itself or with what it is joined with. */
  failed(redemption: KeyRedemption): void
  /** The next that are joined with one of its shape are simulated together. */
  doubt(redemption: KeyRedemption): void
  isDoubted(redemption: KeyRedemption): boolean
}

export function createRedemptionGas(client: Client): RedemptionGas {
  const known = createKnownGas()
  const shapes = new WeakMap<KeyRedemption, string>()
  const estimating = new Map<string, Promise<bigint>>()

  function shape(redemption: KeyRedemption): string {
    const seen = shapes.get(redemption)
    if (seen !== undefined) return seen
    const fresh = shapeOf(redemption.redemptions)
    shapes.set(redemption, fresh)
    return fresh
  }

  function simulate(redemption: KeyRedemption): Promise<bigint> {
    const { signer, to, data } = redemptionCall(redemption)
    return estimateCall(client, { from: signer.address, to, data })
  }

  async function estimate(redemption: KeyRedemption): Promise<bigint> {
    try {
      const gas = await simulate(redemption)
      known.note(shape(redemption), gas)
      return gas
    } catch (error) {
      throw await tooMuchGas(redemption, error as Error)
    }
  }

  /** Where a call runs out of gas inside another, nodes say that it reverts, and nothing more. Then its parts tell whether it was too much. */
  async function tooMuchGas(redemption: KeyRedemption, refusal: Error): Promise<Error> {
    if (redemption.redemptions.length < 2 || !revertsWithoutData(refusal)) return refusal
    const gas = await gasOfParts(redemption).catch(() => 0n)
    return gas > transactionGasCap ? new GasCapExceededError({ gas, cause: refusal }) : refusal
  }

  async function gasOfParts(redemption: KeyRedemption): Promise<bigint> {
    const middle = Math.ceil(redemption.redemptions.length / 2)
    const parts = [redemption.redemptions.slice(0, middle), redemption.redemptions.slice(middle)].map((redemptions) => ({ ...redemption, redemptions }))
    const [first = 0n, second = 0n] = await Promise.all(
      parts.map((part) =>
        simulate(part).catch((error: Error) => {
          if (part.redemptions.length < 2 || !revertsWithoutData(error)) throw error
          return gasOfParts(part)
        }),
      ),
    )
    return first + second
  }

  async function of(redemption: KeyRedemption): Promise<bigint> {
    if (!redemption.checked) return estimate(redemption)
    const own = shape(redemption)
    const gas = known.get(own)
    if (gas !== undefined) return gas
    const another = estimating.get(own)
    // What is refused of another one says nothing of this one.
    if (another) return another.catch(() => estimate(redemption))
    const mine = estimate(redemption).finally(() => estimating.delete(own))
    estimating.set(own, mine)
    return mine
  }

  return {
    of,
    estimate,
    simulate,
    failed(redemption) {
      known.forget(shape(redemption))
      known.doubt(shape(redemption))
    },
    doubt: (redemption) => known.doubt(shape(redemption)),
    isDoubted: (redemption) => known.isDoubted(shape(redemption)),
  }
}

function revertsWithoutData(error: Error): boolean {
  return error instanceof EstimateGasExecutionError && findRevertData(error) === undefined && /revert/i.test(error.details)
}

/** The call by which they are redeemed. */
export function redemptionCall({ chainId, signer, redemptions, onOutgoing }: KeyRedemption): KeyCall {
  return { chainId, signer, to: framework.DelegationManager, data: encodeRedeemDelegations(redemptions), onOutgoing }
}
