import type { Client, LocalAccount } from 'viem'
import { framework } from '../delegation/framework.js'
import { encodeRedeemDelegations, type Redemption } from '../delegation/redeem.js'
import { estimateCall } from './estimateCall.js'
import type { KeyCall } from './keyTransactions.js'
import { createKnownGas, shapeOf } from './knownGas.js'

/** Redemptions that a session key makes, all or none. */
export type KeyRedemption = {
  chainId: number
  signer: LocalAccount
  redemptions: readonly Redemption[]
  /** Nothing has to be simulated. */
  checked: boolean
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
    const gas = await simulate(redemption)
    known.note(shape(redemption), gas)
    return gas
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

/** The call by which they are redeemed. */
export function redemptionCall({ chainId, signer, redemptions }: KeyRedemption): KeyCall {
  return { chainId, signer, to: framework.DelegationManager, data: encodeRedeemDelegations(redemptions) }
}
