import { decodeAbiParameters, toFunctionSelector, type AbiFunction, type AbiParameter, type Address } from 'viem'
import { amountDetail, amountOf, contractNameOf, shortAddress, tokenOf, type DescriptionContext, type DescriptionRow } from './description.js'
import { formatInteger, isUnlimited } from './formatAmount.js'
import { functionSignature, parseFunctionSignature } from './functionSignature.js'
import { controlsContract, isApproval, knownFunction, runsOtherCalls, type KnownFunction } from './knownFunctions.js'
import { metadataOf } from './metadata.js'
import type { FunctionScope } from './permission.js'
import { untrustedText } from './untrustedText.js'

export type FunctionDescription = {
  /** A verb that stands alone (`approve 0x7099…79C8 to spend exactly 20 USDC`), or one that needs its contract (`mint`). */
  act: { whole: string } | { onContract: string }
  rows: readonly DescriptionRow[]
  warnings: readonly string[]
}

/** One pinned argument per position; undefined where any value is allowed. */
type Pins = readonly (Pin | undefined)[]
type Pin = { input: AbiParameter; value: unknown }

/** What one function of a contract may do, pinned arguments in words. Never throws: what cannot be read is said to be so. */
export function describeFunction(context: DescriptionContext, contract: Address, scope: FunctionScope): FunctionDescription {
  const { messages } = context
  let item: AbiFunction
  let pins: Pins
  try {
    item = parseFunctionSignature(scope.signature)
    pins = decodePins(item, scope.args)
  } catch {
    const name = messages.quoted(untrustedText(scope.signature) ?? '')
    return {
      act: { onContract: name },
      rows: [{ kind: 'function', label: messages.rows.function, value: name }],
      warnings: [messages.unreadable],
    }
  }
  const known = knownFunction(item)
  return {
    act: knownAct(context, contract, item, known, pins) ?? { onContract: genericAct(context, item, pins) },
    rows: [
      {
        kind: 'function',
        label: messages.rows.function,
        value: item.name,
        detail: `${functionSignature(item)} · ${toFunctionSelector(item)}`,
      },
      ...argumentRows(context, contract, item, known, pins),
    ],
    warnings: functionWarnings(context, contract, item, known, pins),
  }
}

function decodePins({ inputs }: AbiFunction, args: FunctionScope['args']): Pins {
  if (!args) return []
  if (args.length !== inputs.length) throw new Error('Pinned arguments do not fit the signature.')
  return inputs.map((input, index) => {
    const encoded = args[index]
    return encoded ? { input, value: decodeAbiParameters([input], encoded)[0] } : undefined
  })
}

/**
 * Words of the functions that every token has. `approve` of an NFT collection looks the same, so a number
 * without decimals is taken for an amount only where the signature does not call it an id.
 */
function knownAct(
  context: DescriptionContext,
  contract: Address,
  item: AbiFunction,
  known: KnownFunction | undefined,
  pins: Pins,
): { whole: string } | undefined {
  if (!known) return undefined
  const { messages } = context
  const party = (position: number) => {
    const pin = pins[position]
    return pin ? partyOf(context, pin.value as Address) : messages.anyone
  }
  if (known.type === 'approve-all') {
    const words = { operator: party(known.operator), contract: contractNameOf(context, contract) }
    return { whole: pins[known.approved]?.value === false ? messages.unapproveAll(words) : messages.approveAll(words) }
  }
  const token = tokenOf(context, contract)
  const pinned = pins[known.amount]
  const mayBeId = token.decimals === undefined && (!pinned || /id$/i.test(item.inputs[known.amount]?.name ?? ''))
  if (mayBeId) return undefined
  const value = pinned?.value as bigint | undefined
  const amount =
    value === undefined ? messages.anyAmount(token.name) : isUnlimited(value) ? amountOf(context, token, value) : messages.exactly(amountOf(context, token, value))
  switch (known.type) {
    case 'approve':
      return { whole: messages.approve({ spender: party(known.spender), amount }) }
    case 'raise-approval':
      return { whole: messages.raiseApproval({ spender: party(known.spender), amount }) }
    case 'transfer':
      return { whole: messages.transfer({ receiver: party(known.receiver), amount }) }
    case 'transfer-from':
      return { whole: messages.transferFrom({ owner: party(known.owner), receiver: party(known.receiver), amount }) }
    default:
      return known satisfies never
  }
}

function genericAct(context: DescriptionContext, item: AbiFunction, pins: Pins): string {
  const { messages } = context
  const name = untrustedText(item.name) ?? ''
  const args = pins.flatMap((pin, index) =>
    pin ? [{ label: argumentLabel(context, item, index), value: valueOf(context, pin.input, pin.value).value }] : [],
  )
  return args.length > 0 ? messages.withArguments({ name, args }) : name
}

function argumentLabel({ messages }: DescriptionContext, { inputs }: AbiFunction, index: number): string {
  return untrustedText(inputs[index]?.name) ?? messages.argument(index + 1)
}

function argumentRows(
  context: DescriptionContext,
  contract: Address,
  item: AbiFunction,
  known: KnownFunction | undefined,
  pins: Pins,
): DescriptionRow[] {
  const token = tokenOf(context, contract)
  return pins.flatMap((pin, index): DescriptionRow[] => {
    if (!pin) return []
    const label = knownLabel(context, known, index) ?? argumentLabel(context, item, index)
    if (known && 'amount' in known && known.amount === index && token.decimals !== undefined) {
      const amount = pin.value as bigint
      return [{ kind: 'argument', label, value: amountOf(context, token, amount), detail: amountDetail(context, token, amount) }]
    }
    return [{ kind: 'argument', label, ...valueOf(context, pin.input, pin.value) }]
  })
}

function knownLabel({ messages }: DescriptionContext, known: KnownFunction | undefined, index: number): string | undefined {
  const role = Object.entries(known ?? {}).find(([, position]) => position === index)?.[0]
  return role && role in messages.rows ? messages.rows[role as keyof typeof messages.rows] : undefined
}

function functionWarnings(
  context: DescriptionContext,
  contract: Address,
  { name }: AbiFunction,
  known: KnownFunction | undefined,
  pins: Pins,
): string[] {
  const { messages, locale } = context
  const warnings: string[] = []
  if (isApproval(name) && !takesBack(known, pins)) {
    warnings.push(messages.approvalOutlives)
    const amount = known && 'amount' in known ? pins[known.amount]?.value : undefined
    if (typeof amount === 'bigint' && isUnlimited(amount)) warnings.push(messages.unlimitedApproval(tokenOf(context, contract).name))
  }
  if (known && !takesBack(known, pins)) {
    const free = [
      ...('amount' in known && !pins[known.amount] ? [messages.freeAmount] : []),
      ...('receiver' in known && !pins[known.receiver] ? [messages.freeReceiver] : []),
      ...('spender' in known && !pins[known.spender] ? [messages.freeSpender] : []),
      ...('operator' in known && !pins[known.operator] ? [messages.freeSpender] : []),
    ]
    if (free.length > 0) {
      warnings.push(messages.freeArguments({ name, free: new Intl.ListFormat(locale, { type: 'disjunction' }).format(free) }))
    }
  }
  if (controlsContract(name)) warnings.push(messages.controlsContract(name))
  if (runsOtherCalls(name)) warnings.push(messages.runsOtherCalls(name))
  return warnings
}

/** `approve(…, 0)` and `setApprovalForAll(…, false)` end an approval. */
function takesBack(known: KnownFunction | undefined, pins: Pins): boolean {
  if (known?.type === 'approve') return pins[known.amount]?.value === 0n
  if (known?.type === 'approve-all') return pins[known.approved]?.value === false
  return false
}

/** A name is what a contract says of itself, so the address always stands beside it. */
export function partyOf(context: DescriptionContext, address: Address): string {
  const { name, symbol } = metadataOf(context.metadata, address)
  return name || symbol
    ? context.messages.party({ name: contractNameOf(context, address), address: shortAddress(address) })
    : shortAddress(address)
}

function valueOf(context: DescriptionContext, { type }: AbiParameter, value: unknown): Pick<DescriptionRow, 'value' | 'address' | 'detail'> {
  const { messages, locale } = context
  if (type === 'address') return { value: partyOf(context, value as Address), address: value as Address }
  if (typeof value === 'boolean') return { value: String(value) }
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
