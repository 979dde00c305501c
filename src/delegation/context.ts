import { decodeAbiParameters, encodeAbiParameters, type Hex } from 'viem'
import { delegationComponents } from './abis.js'
import type { Delegation } from './delegation.js'

const delegationArray = [{ type: 'tuple[]', components: delegationComponents }] as const

/** A session sends the same context with every call. */
const decoded = new Map<Hex, readonly Delegation[]>()
const encoded = new WeakMap<readonly Delegation[], Hex>()
const maxDecoded = 100

/** A permission context: the delegations from leaf to root. @see ERC-7710 `redeemDelegations` */
export function encodeContext(delegations: readonly Delegation[]): Hex {
  const known = encoded.get(delegations)
  if (known) return known
  const context = encodeAbiParameters(delegationArray, [delegations])
  encoded.set(delegations, context)
  return context
}

/** @throws viem's ABI decoding errors on bytes that are not a list of delegations */
export function decodeContext(context: Hex): readonly Delegation[] {
  const known = decoded.get(context)
  if (known) return known
  const delegations = decodeAbiParameters(delegationArray, context)[0]
  const [oldest] = decoded.keys()
  if (decoded.size >= maxDecoded && oldest !== undefined) decoded.delete(oldest)
  decoded.set(context, delegations)
  return delegations
}

/** The account's own delegation in a context, on which the others rest. For contexts that were verified: these hold one. */
export function rootOf(context: Hex): Delegation {
  const root = decodeContext(context).at(-1)
  if (!root) throw new Error('A granted context holds no delegation.')
  return root
}
