import { toFunctionSelector, type AbiFunction, type Address } from 'viem'
import { amountDetail, amountOf, contractNameOf, tokenOf, type DescriptionContext, type DescriptionRow } from './description.js'
import { describeValue, partyOf } from './describeValue.js'
import { isUnlimited } from './formatAmount.js'
import { isTakingBack, pinOf, readFunction, type Pins } from './functionPins.js'
import { functionSignature } from './functionSignature.js'
import { controlsContract, impersonated, isApproval, runsOtherCalls, type KnownFunction, type Role } from './knownFunctions.js'
import type { FunctionScope } from './permission.js'
import { untrustedText } from './untrustedText.js'

export type FunctionDescription = {
  /** A verb that stands alone (`approve 0x7099…79C8 to spend exactly 20 USDC`), or one that needs its contract (`mint`). */
  act: { whole: string } | { onContract: string }
  rows: readonly DescriptionRow[]
  warnings: readonly string[]
  /** What one call moves or approves: a pinned amount of the contract's own token. */
  amount?: bigint | undefined
}

/** What one function of a contract may do, pinned arguments in words. Never throws: what cannot be read is said to be so. */
export function describeFunction(context: DescriptionContext, contract: Address, scope: FunctionScope): FunctionDescription {
  const { messages } = context
  const read = readFunction(scope)
  if (!read || impersonated(read.item)) {
    const name = messages.quoted(untrustedText(scope.signature) ?? '')
    return {
      act: { onContract: name },
      rows: [{ kind: 'function', label: messages.rows.function, value: name }],
      warnings: [messages.unreadable],
    }
  }
  const { item, pins, known } = read
  return {
    act: knownAct(context, contract, item, known, pins) ?? { onContract: genericAct(context, contract, item, known, pins) },
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
    amount: known && pinnedAmount(context, contract, item, known, pins),
  }
}

/** Words of the functions that every token has. */
function knownAct(
  context: DescriptionContext,
  contract: Address,
  item: AbiFunction,
  known: KnownFunction | undefined,
  pins: Pins,
): { whole: string } | undefined {
  if (!known?.act) return undefined
  const { messages } = context
  const party = (role: Role) => {
    const pin = pinOf(known, pins, role)
    return pin ? partyOf(context, pin.value as Address) : messages.anyone
  }
  if (known.act === 'approve-all') {
    const words = { operator: party('operator'), contract: contractNameOf(context, contract) }
    return { whole: isTakingBack(known, pins) ? messages.unapproveAll(words) : messages.approveAll(words) }
  }
  if (mayBeId(context, contract, item, known, pins)) return undefined
  const token = tokenOf(context, contract)
  const value = pinOf(known, pins, 'amount')?.value as bigint | undefined
  const amount =
    value === undefined ? messages.anyAmount(token.name) : isUnlimited(value) ? amountOf(context, token, value) : messages.exactly(amountOf(context, token, value))
  switch (known.act) {
    case 'approve':
      return { whole: messages.approve({ spender: party('spender'), amount }) }
    case 'raise-approval':
      return { whole: messages.raiseApproval({ spender: party('spender'), amount }) }
    case 'transfer':
      return { whole: messages.transfer({ receiver: party('receiver'), amount }) }
    case 'transfer-from':
      return { whole: messages.transferFrom({ owner: party('owner'), receiver: party('receiver'), amount }) }
    default:
      return known.act satisfies never
  }
}

/**
 * `approve` of an NFT collection looks like that of a token, so a number without decimals is taken for an amount only
 * where the signature does not call it an id.
 */
function mayBeId(context: DescriptionContext, contract: Address, item: AbiFunction, known: KnownFunction, pins: Pins): boolean {
  if (known.roles.includes('tokenId')) return false
  const position = known.roles.indexOf('amount')
  return tokenOf(context, contract).decimals === undefined && (!pins[position] || /id$/i.test(item.inputs[position]?.name ?? ''))
}

function pinnedAmount(context: DescriptionContext, contract: Address, item: AbiFunction, known: KnownFunction, pins: Pins): bigint | undefined {
  const value = pinOf(known, pins, 'amount')?.value
  return typeof value === 'bigint' && !mayBeId(context, contract, item, known, pins) ? value : undefined
}

function genericAct(context: DescriptionContext, contract: Address, item: AbiFunction, known: KnownFunction | undefined, pins: Pins): string {
  const { messages } = context
  const name = messages.functionName(untrustedText(item.name) ?? '')
  const args = argumentRows(context, contract, item, known, pins)
  return args.length > 0 ? messages.withArguments({ name, args }) : name
}

function argumentRows(
  context: DescriptionContext,
  contract: Address,
  item: AbiFunction,
  known: KnownFunction | undefined,
  pins: Pins,
): DescriptionRow[] {
  const { messages } = context
  const token = tokenOf(context, contract)
  const idPosition = known && mayBeId(context, contract, item, known, pins) ? known.roles.indexOf('amount') : undefined
  return pins.flatMap((pin, index): DescriptionRow[] => {
    if (!pin) return []
    const role = known && (index === idPosition ? undefined : known.roles[index])
    const label = (role && messages.rows[role]) ?? untrustedText(item.inputs[index]?.name) ?? messages.argument(index + 1)
    if (role === 'amount' && token.decimals !== undefined && typeof pin.value === 'bigint') {
      return [{ kind: 'argument', label, value: amountOf(context, token, pin.value), detail: amountDetail(context, token, pin.value) }]
    }
    return [{ kind: 'argument', label, ...describeValue(context, pin.input, pin.value) }]
  })
}

function functionWarnings(
  context: DescriptionContext,
  contract: Address,
  item: AbiFunction,
  known: KnownFunction | undefined,
  pins: Pins,
): string[] {
  const { messages, locale } = context
  const { name } = item
  const warnings: string[] = []
  if (isApproval(name) && !isTakingBack(known, pins)) {
    warnings.push(messages.approvalOutlives)
    const amount = known && pinOf(known, pins, 'amount')?.value
    if (typeof amount === 'bigint' && isUnlimited(amount)) warnings.push(messages.unlimitedApproval(tokenOf(context, contract).name))
  }
  if (known && !isTakingBack(known, pins)) {
    const freeRole = {
      amount: mayBeId(context, contract, item, known, pins) ? messages.freeAmountOrTokenId : messages.freeAmount,
      tokenId: messages.freeTokenId,
      receiver: messages.freeReceiver,
      spender: messages.freeSpender,
      operator: messages.freeSpender,
    }
    const free = Object.entries(freeRole).flatMap(([role, words]) => {
      const position = known.roles.indexOf(role as Role)
      return position >= 0 && !pins[position] ? [words] : []
    })
    if (free.length > 0) {
      warnings.push(messages.freeArguments({ name, free: new Intl.ListFormat(locale, { type: 'disjunction' }).format(free), each: free }))
    }
  }
  if (controlsContract(name)) warnings.push(messages.controlsContract(name))
  if (runsOtherCalls(name)) warnings.push(messages.runsOtherCalls(name))
  return warnings
}
