import { decodeAbiParameters, encodeAbiParameters, type Hex } from 'viem'
import { delegationComponents } from './abis.js'
import type { Delegation } from './delegation.js'

const delegationArray = [{ type: 'tuple[]', components: delegationComponents }] as const

/** A permission context: the delegations from leaf to root. @see ERC-7710 `redeemDelegations` */
export function encodeContext(delegations: readonly Delegation[]): Hex {
  return encodeAbiParameters(delegationArray, [delegations])
}

/** @throws viem's ABI decoding errors on bytes that are not a list of delegations */
export function decodeContext(context: Hex): readonly Delegation[] {
  return decodeAbiParameters(delegationArray, context)[0]
}
