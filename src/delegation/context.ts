import { decodeAbiParameters, encodeAbiParameters, type Hex } from 'viem'
import type { Delegation } from './delegation.js'

const delegationArray = [
  {
    type: 'tuple[]',
    components: [
      { name: 'delegate', type: 'address' },
      { name: 'delegator', type: 'address' },
      { name: 'authority', type: 'bytes32' },
      {
        name: 'caveats',
        type: 'tuple[]',
        components: [
          { name: 'enforcer', type: 'address' },
          { name: 'terms', type: 'bytes' },
          { name: 'args', type: 'bytes' },
        ],
      },
      { name: 'salt', type: 'uint256' },
      { name: 'signature', type: 'bytes' },
    ],
  },
] as const

/** A permission context: the delegations from leaf to root. @see ERC-7710 `redeemDelegations` */
export function encodeContext(delegations: readonly Delegation[]): Hex {
  return encodeAbiParameters(delegationArray, [delegations])
}

/** @throws viem's ABI decoding errors on bytes that are not a list of delegations */
export function decodeContext(context: Hex): readonly Delegation[] {
  return decodeAbiParameters(delegationArray, context)[0]
}
