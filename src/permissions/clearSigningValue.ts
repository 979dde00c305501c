import type { Address } from 'viem'
import { atReference, own, type FieldWords, type ClearSigningDescriptor } from './clearSigning.js'
import { addressOf, integerOf, type Found } from './clearSigningPath.js'
import { amountOf, nativeTokenOf, shortAddress, tokenOf, type DescriptionContext, type Token } from './description.js'
import { durationText, momentText } from './describeMoment.js'
import { describeValue, partyOf } from './describeValue.js'
import { formatAmount, formatInteger } from './formatAmount.js'
import { untrustedText } from './untrustedText.js'

/** One value, and what its format may ask for. */
export type ValueWords = {
  field: FieldWords
  at: Found
  file: ClearSigningDescriptor
  chainId: number
  context: DescriptionContext
  /** What a path of the parameters leads to, for this value. */
  follow: (path: string) => Found | undefined
}

/**
 * A value as the file wants it shown, as far as that adds nothing to it and takes nothing from it; otherwise, and where anything is not
 * understood, as it stands. Where the file says how a number is to be scaled or called, the number itself stands beside it.
 */
export function valueInWords(given: ValueWords): string {
  const { field, at, context } = given
  const format = field.format !== undefined && Object.hasOwn(formats, field.format) ? formats[field.format] : undefined
  return format?.(given) ?? describeValue(context, { type: at.type }, at.value).value
}

/** Undefined where it cannot be shown so. @see ERC-7730, "Field formats" */
type Format = (given: ValueWords) => string | undefined

const formats: Readonly<Record<string, Format>> = {
  raw: () => undefined,

  amount: ({ at, context }) => {
    const value = integerOf(at)
    return value === undefined || value < 0n ? undefined : amountOf(context, nativeTokenOf(context), value)
  },

  tokenAmount: (given) => {
    const value = integerOf(given.at)
    const token = tokenMeant(given)
    if (value === undefined || value < 0n || !token) return undefined
    const amount = amountOf(given.context, token, value)
    const threshold = integerParameter(given, 'threshold')
    if (threshold === undefined || value < threshold) return amount
    return beside(given, saidBy(given, parameter(given, 'message')) ?? given.context.messages.withoutLimit(token.name), amount)
  },

  addressName: (given) => {
    const address = addressOf(given.at)
    if (!address) return undefined
    // Which sources are good enough is the file's to say, and the contract's own word is none of them.
    return parameter(given, 'sources') === undefined ? partyOf(given.context, address) : shortAddress(address)
  },

  date: ({ context, ...given }) => {
    const value = integerOf(given.at)
    const encoding = parameter(given, 'encoding')
    if (value === undefined || value < 0n) return undefined
    // When a block will come, nobody knows exactly; its number is exact.
    if (encoding === 'blockheight') return context.messages.block(formatInteger(value, context.locale))
    return encoding === 'timestamp' && value <= lastSecond ? momentText(context, Number(value), { zone: true }) : undefined
  },

  duration: ({ at, context }) => {
    const value = integerOf(at)
    return value === undefined || value < 0n || value > longestDuration ? undefined : durationText(context.locale, Number(value))
  },

  unit: (given) => {
    const value = integerOf(given.at)
    const base = parameter(given, 'base')
    const decimals = parameter(given, 'decimals') ?? 0
    const prefix = parameter(given, 'prefix') ?? false
    if (value === undefined || typeof base !== 'string' || typeof prefix !== 'boolean' || typeof decimals !== 'number' || !Number.isInteger(decimals) || decimals < 0 || decimals > 77) return undefined
    const unit = plainUnit.test(base) ? base : saidBy(given, base)
    const { locale } = given.context
    return unit && beside(given, prefix ? prefixed(value, decimals, unit, locale) : `${signed(value, decimals, locale)} ${unit}`, formatInteger(value, locale))
  },

  enum: (given) => {
    const value = integerOf(given.at) ?? (typeof given.at.value === 'boolean' || typeof given.at.value === 'string' ? given.at.value : undefined)
    const names = atReference(given.file, ownParameter(given, '$ref'), 'metadata', 'enums')
    const name = value === undefined ? undefined : saidBy(given, own(names, String(value)))
    return name && beside(given, name, describeValue(given.context, { type: given.at.type }, given.at.value).value)
  },

  nftName: (given) => {
    const id = integerOf(given.at)
    const collection = addressParameter(given, 'collection')
    return id === undefined || !collection ? undefined : given.context.messages.nft({ collection: partyOf(given.context, collection), id: String(id) })
  },

  /** A call inside the call is never shown as if it were understood. */
  calldata: ({ at, context }) => (/^(bytes|slice)$/.test(at.type) ? context.messages.innerCall : undefined),
}

/** 31 December 9999. */
const lastSecond = 253_402_300_799n
/** Thirty years. */
const longestDuration = 946_080_000n
/** No digits, which would be read with the number, and nothing that is longer than a unit's sign. */
const plainUnit = /^(%|‰|bps|[A-Za-zµ°]{1,3})$/

/** A parameter, a constant of the file in its place followed once. */
function parameter(given: Pick<ValueWords, 'field' | 'file'>, name: string): unknown {
  const found = ownParameter(given, name)
  return typeof found === 'string' && found.startsWith('$.') ? atReference(given.file, found, 'metadata', 'constants') : found
}

function ownParameter({ field }: Pick<ValueWords, 'field'>, name: string): unknown {
  return field.params.map((some) => own(some, name)).find((found) => found !== undefined)
}

/** `token`, or where `tokenPath` leads. Where both are said, or neither, it is not understood. */
function addressParameter(given: ValueWords, name: string): Address | undefined {
  const constant = parameter(given, name)
  const path = ownParameter(given, `${name}Path`)
  if ((constant === undefined) === (path === undefined)) return undefined
  if (constant !== undefined) return asAddress(constant)
  if (typeof path !== 'string') return undefined
  if (path.startsWith('$.')) return asAddress(parameter(given, `${name}Path`))
  const found = given.follow(path)
  return found && addressOf(found)
}

function asAddress(given: unknown): Address | undefined {
  return typeof given === 'string' ? addressOf({ type: 'address', value: given }) : undefined
}

function integerParameter(given: ValueWords, name: string): bigint | undefined {
  const found = parameter(given, name)
  if (typeof found === 'number') return Number.isSafeInteger(found) && found >= 0 ? BigInt(found) : undefined
  return typeof found === 'string' && /^(0x[0-9a-fA-F]{1,64}|\d{1,78})$/.test(found) ? BigInt(found) : undefined
}

/** By what the chain says of it, never by what the file does. */
function tokenMeant(given: ValueWords): Token | undefined {
  const address = addressParameter(given, 'token')
  if (!address || ownParameter(given, 'chainIdPath') !== undefined) return undefined
  const chain = parameter(given, 'chainId')
  if (chain !== undefined && chain !== given.chainId) return undefined
  const native = parameter(given, 'nativeCurrencyAddress')
  const natives = (Array.isArray(native) ? native.slice(0, 10) : [native]).map((one: unknown) =>
    asAddress(typeof one === 'string' && one.startsWith('$.') ? atReference(given.file, one, 'metadata', 'constants') : one),
  )
  return natives.some((one) => one?.toLowerCase() === address.toLowerCase()) ? nativeTokenOf(given.context) : tokenOf(given.context, address)
}

/** Words of the file in quotation marks, which they cannot close themselves. */
function saidBy({ context }: ValueWords, words: unknown): string | undefined {
  return typeof words === 'string' ? quotedWords(context, words) : undefined
}

export function quotedWords({ messages }: DescriptionContext, words: string | undefined, maxLength?: number): string | undefined {
  const clean = words === undefined || words.length > 200 ? undefined : untrustedText(words.replace(/["“”„«»]/g, ''), maxLength)
  return clean && messages.quoted(clean)
}

function beside({ context }: ValueWords, words: string, exact: string): string {
  return words === exact ? exact : context.messages.beside({ words, exact })
}

function signed(value: bigint, decimals: number, locale: string): string {
  return value < 0n ? `-${formatAmount(-value, decimals, locale)}` : formatAmount(value, decimals, locale)
}

const prefixes = [
  [24, 'Y'],
  [21, 'Z'],
  [18, 'E'],
  [15, 'P'],
  [12, 'T'],
  [9, 'G'],
  [6, 'M'],
  [3, 'k'],
  [0, ''],
  [-3, 'm'],
  [-6, 'µ'],
  [-9, 'n'],
  [-12, 'p'],
] as const

/** With the largest prefix that leaves at least 1 in front of it. Exact. */
function prefixed(value: bigint, decimals: number, unit: string, locale: string): string {
  const magnitude = value < 0n ? -value : value
  const power = (exponent: number) => 10n ** BigInt(Math.max(0, exponent))
  const [exponent, prefix] = (value === 0n ? undefined : prefixes.find(([exponent]) => magnitude * power(-decimals - exponent) >= power(decimals + exponent))) ?? [0, '']
  const shift = decimals + exponent
  return `${signed(value * power(-shift), Math.max(0, shift), locale)} ${prefix}${unit}`
}
