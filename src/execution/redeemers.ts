import { isAddressEqual, type Address } from 'viem'
import { readExtraCaveats } from '../delegation/extraCaveats.js'
import type { Redemption } from '../delegation/redeem.js'
import { RedeemerNotAllowedError } from './errors.js'

/**
 * Whom the user's wallet lets redeem (MetaMask names its own for some sites), one list for each delegation that names any. The manager
 * shows every enforcer of a chain the same redeemer: whoever called `redeemDelegations` (DelegationManager `redeemDelegations`,
 * RedeemerEnforcer `beforeHook`).
 */
function redeemersOf({ delegations }: Redemption): readonly (readonly Address[])[] {
  return delegations.flatMap(({ caveats }) => {
    const { redeemers } = readExtraCaveats(caveats) ?? {}
    return redeemers ? [redeemers] : []
  })
}

/** The user's wallet left it open who redeems. */
export function namesNoRedeemer(redemption: Redemption): boolean {
  return redeemersOf(redemption).length === 0
}

export function mayRedeem(redemption: Redemption, redeemer: Address): boolean {
  return redeemersOf(redemption).every((allowed) => allowed.some((one) => isAddressEqual(one, redeemer)))
}

/**
 * Refuses what the chain would refuse whatever else holds.
 * @param candidates who could redeem; one of them has to be allowed
 * @throws {RedeemerNotAllowedError}
 */
export function requireRedeemer(redemptions: readonly Redemption[], candidates: readonly Address[]): void {
  const call = redemptions.findIndex((redemption) => !candidates.some((one) => mayRedeem(redemption, one)))
  const refused = redemptions[call]
  if (!refused) return
  const allowed = [...new Set(redeemersOf(refused).flat())]
  throw new RedeemerNotAllowedError({
    call,
    message: `The user's wallet lets only ${allowed.slice(0, 5).join(', ')}${allowed.length > 5 ? ', …' : ''} redeem this permission; here ${candidates.join(' or ')} would.`,
    help: 'Use a relay that sends from an address that the wallet names.',
  })
}
