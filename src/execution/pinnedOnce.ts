import { caveats } from '../delegation/caveats.js'
import { delegationTypedData, hashDelegation } from '../delegation/delegation.js'
import { rootAuthority } from '../delegation/framework.js'
import type { Redemption } from '../delegation/redeem.js'
import type { LaneRequest } from './lane.js'

/**
 * The first of them stands on a leaf from the session key to itself, of which the chain takes one. They are one transaction, so the others happen
 * when it does, and no second time either. What the calls are is the transaction's to say: nobody else can redeem the leaf.
 */
export async function pinnedOnce({ redemptions, signer, chainId, once }: LaneRequest): Promise<readonly Redemption[]> {
  const [first, ...others] = redemptions
  if (!once || !first) return redemptions
  const { delegations, execution } = first
  const [granted] = delegations
  const leaf = {
    delegate: signer.address,
    delegator: signer.address,
    authority: granted ? hashDelegation(granted) : rootAuthority,
    caveats: [caveats.time({ until: once.deadline }), caveats.id(once.number)],
    salt: once.number,
  }
  const signature = await signer.signTypedData(delegationTypedData(leaf, chainId))
  return [{ delegations: [{ ...leaf, signature }, ...delegations], execution }, ...others]
}
