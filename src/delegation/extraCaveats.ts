import { getAddress, hexToBigInt, size, slice, type Address, type Hex } from 'viem'
import type { Caveat } from './delegation.js'
import { enforcerName } from './framework.js'

/** What a wallet may add to what was described, because it only takes away. */
export type ExtraCaveats = {
  /** The delegation is dead once the delegator's number in `NonceEnforcer` is another one. */
  nonce?: bigint | undefined
  /** Nobody else may send the redemption, the session key included. */
  redeemers?: readonly Address[] | undefined
}

export function isExtraCaveat({ enforcer }: Caveat): boolean {
  return ['NonceEnforcer', 'RedeemerEnforcer'].includes(enforcerName(enforcer) ?? '')
}

/** Reads the extras among caveats; undefined where one is there twice, or holds what its enforcer could not read. */
export function readExtraCaveats(caveats: readonly Caveat[]): ExtraCaveats | undefined {
  const [nonce, ...moreNonces] = termsOf(caveats, 'NonceEnforcer')
  const [redeemers, ...moreRedeemers] = termsOf(caveats, 'RedeemerEnforcer')
  if (moreNonces.length > 0 || moreRedeemers.length > 0) return undefined
  if (nonce !== undefined && size(nonce) !== 32) return undefined
  if (redeemers !== undefined && (size(redeemers) === 0 || size(redeemers) % 20 !== 0)) return undefined
  return {
    ...(nonce === undefined ? {} : { nonce: hexToBigInt(nonce) }),
    ...(redeemers === undefined ? {} : { redeemers: addressesIn(redeemers) }),
  }
}

function termsOf(caveats: readonly Caveat[], name: 'NonceEnforcer' | 'RedeemerEnforcer'): readonly Hex[] {
  return caveats.filter(({ enforcer }) => enforcerName(enforcer) === name).map(({ terms }) => terms)
}

function addressesIn(terms: Hex): readonly Address[] {
  return Array.from({ length: size(terms) / 20 }, (_, index) => getAddress(slice(terms, index * 20, index * 20 + 20)))
}
