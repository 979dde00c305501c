import { getAddress, isAddress, type Address } from 'viem'
import { formatAmount, formatInteger, isUnlimited, knownDecimals } from './formatAmount.js'
import { directionOf } from './direction.js'
import { permissionMessages, type PermissionMessages } from './messages.js'
import { metadataOf, type PermissionMetadata } from './metadata.js'
import type { Permission, UnixSeconds } from './permission.js'
import { nameInSentence } from './untrustedText.js'

export type DescriptionRow = {
  label: string
  value: string
  kind: 'function' | 'amount' | 'period' | 'payee' | 'contract' | 'limit' | 'start' | 'argument' | 'warning'
  /** The address that `value` speaks of; names are what a contract says of itself. */
  address?: Address
  /** The exact form: a signature with its selector, an amount in the smallest unit. */
  detail?: string
}

export type DescribeOptions = {
  /** Names, symbols and decimals, as read from the chain. */
  metadata?: PermissionMetadata | undefined
  nativeCurrency?: { symbol: string; decimals: number } | undefined
  /** Of numbers and dates. Default: the language of the messages. */
  locale?: string | undefined
  /** Default: the machine's own. */
  timeZone?: string | undefined
  /** Leaves out a start that has passed, and a year that is this one. */
  now?: UnixSeconds | undefined
  /** When the session ends: adds what can be spent until then. */
  expiry?: UnixSeconds | undefined
  /** The list that the permission stands in: says so where amounts of one token add up. */
  among?: readonly Permission[] | undefined
  messages?: Partial<PermissionMessages> | undefined
  /** Addresses that relays are paid at, as they say themselves: a permission to pay one of them is for network fees. */
  feeCollectors?: readonly Address[] | undefined
}

/** The options with every default filled in. */
export type DescriptionContext = Omit<DescribeOptions, 'messages' | 'locale'> & { messages: PermissionMessages; locale: string }

export function descriptionContext({ messages: given, locale, ...rest }: DescribeOptions): DescriptionContext {
  const messages = given ? withDirection({ ...permissionMessages, ...given }, given) : permissionMessages
  return { ...rest, messages, locale: locale ?? messages.locale }
}

/** Words in another language bring their direction along, said or not. */
export function withDirection<messages extends PermissionMessages>(messages: messages, given: Partial<PermissionMessages>): messages {
  return given.direction === undefined && given.locale !== undefined ? { ...messages, direction: directionOf(given.locale) } : messages
}

/** Something that has amounts. `decimals` undefined: amounts are shown in the smallest unit, and said to be. */
export type Token = { name: string; decimals: number | undefined }

export function tokenOf({ metadata, messages }: DescriptionContext, address: Address): Token {
  const { symbol, name, decimals } = metadataOf(metadata, address)
  return {
    name: nameInSentence(symbol, messages.quoted) ?? nameInSentence(name, messages.quoted) ?? shortAddress(address),
    decimals: knownDecimals(decimals),
  }
}

export function nativeTokenOf({ nativeCurrency, messages }: DescriptionContext): Token {
  return {
    name: nameInSentence(nativeCurrency?.symbol, messages.quoted) ?? messages.nativeToken,
    decimals: knownDecimals(nativeCurrency?.decimals),
  }
}

export function contractNameOf({ metadata, messages }: DescriptionContext, address: Address): string {
  const { name, symbol } = metadataOf(metadata, address)
  return nameInSentence(name, messages.quoted) ?? nameInSentence(symbol, messages.quoted) ?? shortAddress(address)
}

/** `0x7099…79C8`, in checksum case. */
export function shortAddress(address: Address): string {
  const whole = isAddress(address, { strict: false }) ? getAddress(address) : address
  return `${whole.slice(0, 6)}…${whole.slice(-4)}`
}

export function amountOf({ messages, locale }: DescriptionContext, { name, decimals }: Token, value: bigint): string {
  if (isUnlimited(value)) return messages.withoutLimit(name)
  return decimals === undefined
    ? messages.rawAmount({ value: formatInteger(value, locale), token: name })
    : messages.amount({ value: formatAmount(value, decimals, locale), symbol: name })
}

export function amountDetail({ messages, locale }: DescriptionContext, { decimals }: Token, value: bigint): string {
  return decimals === undefined && !isUnlimited(value) ? messages.unknownDecimals : messages.rawDetail(formatInteger(value, locale))
}
