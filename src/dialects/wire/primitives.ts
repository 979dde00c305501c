import { getAddress, hexToBigInt, hexToNumber, isAddress, isHex, type Address, type Hex } from 'viem'
import * as v from 'valibot'

/** Values as wallets send them: any letter case in an address, hex or number for counts. Never a float, never a string of digits. */
export const hex = v.custom<Hex>((value) => isHex(value), 'not hex')

export const bytes = v.pipe(hex, v.check((value) => value.length % 2 === 0 && value.length <= 200_000, 'not whole bytes'))

export const address = v.pipe(
  v.custom<Address>((value) => typeof value === 'string' && isAddress(value, { strict: false }), 'not an address'),
  v.transform((value) => getAddress(value)),
)

/** A uint256 in hex. */
export const amount = v.pipe(
  hex,
  v.check((value) => value.length > 2 && value.length <= 66, 'not a uint256'),
  v.transform((value) => hexToBigInt(value)),
)

const wholeNumber = v.union([
  v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  v.pipe(hex, v.check((value) => value.length > 2 && value.length <= 15, 'too large'), v.transform((value) => hexToNumber(value))),
])

export const count = v.pipe(wholeNumber, v.minValue(1))
export const unixSeconds = v.pipe(wholeNumber, v.maxValue(2 ** 47))
export const chainId = v.pipe(wholeNumber, v.minValue(1))

/** In all permissions of one answer: reading the text of a function takes about a millisecond, and nothing else happens meanwhile. */
const maxFunctions = 500

/** Not more `calls` in all than can be read without holding up the page. */
export function namesFewFunctions(data: readonly Record<string, unknown>[]): boolean {
  const counts = data.map(({ calls }) => (Array.isArray(calls) ? calls.length : 0))
  return counts.reduce((sum, count) => sum + count, 0) <= maxFunctions
}
