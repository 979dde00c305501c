import type { AbiParameter, Address } from 'viem'
import { contractNameOf, shortAddress, type DescriptionContext, type DescriptionRow } from './description.js'
import { formatInteger } from './formatAmount.js'
import { metadataOf } from './metadata.js'
import { untrustedText } from './untrustedText.js'

/** A name is what a contract says of itself, so the address always stands beside it. */
export function partyOf(context: DescriptionContext, address: Address): string {
  const { name, symbol } = metadataOf(context.metadata, address)
  return name || symbol
    ? context.messages.party({ name: contractNameOf(context, address), address: shortAddress(address) })
    : shortAddress(address)
}

/** A pinned value as it stands: what is too long to be read comes shortened, and whole in `detail`. */
export function describeValue(context: DescriptionContext, { type }: AbiParameter, value: unknown): Pick<DescriptionRow, 'value' | 'address' | 'detail'> {
  const { messages, locale } = context
  if (type === 'address') return { value: partyOf(context, value as Address), address: value as Address }
  if (typeof value === 'boolean') return { value: messages.truth(value) }
  if (typeof value === 'bigint' || typeof value === 'number') {
    const bits = BigInt(/\d+$/.exec(type)?.[0] ?? 256)
    const largest = type.startsWith('uint') && bits >= 96n && BigInt(value) === (1n << bits) - 1n
    return largest ? { value: messages.largestValue, detail: String(value) } : { value: formatInteger(value, locale) }
  }
  if (type === 'string') return { value: messages.quoted(untrustedText(value as string, 60) ?? ''), detail: untrustedText(value as string, 2000) ?? '' }
  const text = typeof value === 'string' ? value : JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? inner.toString() : inner))
  const short = text.length > 26 && text.startsWith('0x') ? `${text.slice(0, 10)}…${text.slice(-8)}` : (untrustedText(text, 60) ?? '')
  return { value: short, ...(short === text ? {} : { detail: untrustedText(text, 2000) ?? '' }) }
}
