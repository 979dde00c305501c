import { getAddress, hexToBigInt, isHex, maxUint256, numberToHex } from 'viem'
import type { Bending } from './decision.js'

/** Nobody asked for this one. */
export const otherAddress = getAddress('0x0000000000000000000000000000000000000bad')

/** Half or twice an amount, written as it was: hex or a number. One that cannot be halved stays. */
export function bendAmount(amount: unknown, how: Bending): unknown {
  if (typeof amount === 'number') return Number(scale(BigInt(amount), how))
  return isHex(amount) ? numberToHex(scale(hexToBigInt(amount), how)) : amount
}

/** The same for fields of an object, where they are there. */
export function bendAmounts<data extends object>(data: data, fields: readonly string[], how: Bending): data {
  return Object.fromEntries(Object.entries(data).map(([field, value]) => [field, fields.includes(field) ? bendAmount(value, how) : value])) as data
}

/** A moment that is half or twice as far away. */
export function bendMoment(moment: number, how: Bending): number {
  const now = Math.floor(Date.now() / 1000)
  return now + Number(scale(BigInt(moment - now), how))
}

/** Nothing in it had an amount. */
export function isUnchanged(before: unknown, after: unknown): boolean {
  return JSON.stringify(before) === JSON.stringify(after)
}

function scale(amount: bigint, how: Bending): bigint {
  if (how === 'narrow') return amount / 2n || amount
  return amount * 2n > maxUint256 ? maxUint256 : amount * 2n
}
