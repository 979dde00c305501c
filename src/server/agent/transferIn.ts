import { getAddress, hexToBigInt, size, slice, type Address } from 'viem'
import { transferSelector, type Call } from '../../permissions/check.js'

/** What an ERC-20 `transfer(to, amount)` says; undefined for any other call. */
export function transferIn({ data, value }: Call): { to: Address; amount: bigint } | undefined {
  if (value > 0n || size(data) !== 68 || slice(data, 0, 4).toLowerCase() !== transferSelector) return undefined
  return { to: getAddress(slice(data, 16, 36)), amount: hexToBigInt(slice(data, 36, 68)) }
}
