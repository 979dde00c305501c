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

/** The account's own delegation in a context, on which the others rest. For contexts that were verified: these hold one. */
export function rootOf(context: Hex): Delegation {
  const root = decodeContext(context).at(-1)
  if (!root) throw new Error('A granted context holds no delegation.')
  return root
}
