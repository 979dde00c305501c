import { isAddressEqual, toFunctionSelector, type Address, type Hex } from 'viem'
import { amountOf, contractNameOf, descriptionContext, nativeTokenOf, tokenOf, type DescribeOptions, type DescriptionContext } from '../../permissions/description.js'
import { partyOf } from '../../permissions/describeValue.js'
import { formatInteger } from '../../permissions/formatAmount.js'
import { functionNameOf } from '../../permissions/functionNameOf.js'
import { parseFunctionSignature } from '../../permissions/functionSignature.js'
import { knownFunction } from '../../permissions/knownFunctions.js'
import type { Permission } from '../../permissions/permission.js'
import { untrustedText } from '../../permissions/untrustedText.js'
import type { ActionOutcome, CallMade, SessionAction } from '../../sessions/sessionAction.js'
import type { UiMessages } from '../messages.js'

export type DescribeActionOptions = Omit<DescribeOptions, 'messages'> & {
  messages: UiMessages
  /** What the session was asked for and granted: the names of functions that the user has seen. */
  permissions: readonly Permission[]
}

export type ActionDescription = {
  /** `transfer 100 GOLD and mint on Sword` */
  what: string
  /** Why it is not done, in a sentence or two. */
  reason: string | undefined
}

/** An action in words. The same calls count together, and what is moved of one token is summed up. */
export function describeAction({ calls, moreCalls = 0, outcome }: Pick<SessionAction, 'calls' | 'moreCalls' | 'outcome'>, options: DescribeActionOptions): ActionDescription {
  const { messages, permissions } = options
  const context = descriptionContext(options)
  const acts = new Map<string, number>()
  for (const call of summedUp(calls)) {
    const act = actOf(context, messages, call, permissions)
    acts.set(act, (acts.get(act) ?? 0) + 1)
  }
  const phrases = [...acts].map(([act, count]) => ({ count, text: count === 1 ? act : messages.activityRepeated({ act, times: formatInteger(count, context.locale) }) }))
  const shown = phrases.slice(0, mostPhrases)
  const others = phrases.slice(mostPhrases).reduce((sum, { count }) => sum + count, 0) + moreCalls
  const parts = [...shown.map(({ text }) => text), ...(others > 0 ? [messages.activityOthers(others, formatInteger(others, context.locale))] : [])]
  return { what: new Intl.ListFormat(context.locale, { type: 'conjunction' }).format(parts), reason: reasonOf(outcome, messages) }
}

const mostPhrases = 3

/** One entry for each token that is moved, with all that is moved of it. */
function summedUp(calls: readonly CallMade[]): readonly CallMade[] {
  const moved = new Map<string, CallMade>()
  const others: CallMade[] = []
  for (const call of calls) {
    const before = moved.get(call.to.toLowerCase())
    if (call.tokenAmount === undefined) others.push(call)
    else moved.set(call.to.toLowerCase(), { ...call, tokenAmount: call.tokenAmount + (before?.tokenAmount ?? 0n) })
  }
  return [...moved.values(), ...others]
}

function actOf(context: DescriptionContext, messages: UiMessages, { to, selector, functionName, value, tokenAmount }: CallMade, permissions: readonly Permission[]): string {
  if (tokenAmount !== undefined) return messages.activityTransfer(amountOf(context, tokenOf(context, to), tokenAmount))
  const amount = amountOf(context, nativeTokenOf(context), value)
  if (selector === undefined) return messages.send({ amount, receiver: partyOf(context, to) })
  const contract = contractNameOf(context, to)
  const name = knownName(to, selector, permissions)
  const said = untrustedText(functionName)
  const functions = name ? messages.functionName(name) : said && messages.quoted(said)
  const act = functions ? messages.callOn({ functions, contract }) : messages.callUnknown({ selector, contract })
  return messages.summary({ act, qualifiers: value > 0n ? [messages.carrying(amount)] : [] })
}

/** By the selector, which the chain goes by: as every token calls it, or as the user was shown it. What the app calls it now proves nothing. */
function knownName(to: Address, selector: Hex, permissions: readonly Permission[]): string | undefined {
  const signatures = permissions.flatMap((one) => (one.type === 'contract-call' && isAddressEqual(one.address, to) ? (one.functions ?? []) : []).map(({ signature }) => signature))
  const signature = knownFunction(selector)?.signature ?? signatures.find((one) => selectorOf(one) === selector)
  return functionNameOf(signature) || undefined
}

function selectorOf(signature: string): Hex | undefined {
  try {
    return toFunctionSelector(parseFunctionSignature(signature))
  } catch {
    return undefined
  }
}

function reasonOf(outcome: ActionOutcome, messages: UiMessages): string | undefined {
  switch (outcome.status) {
    case 'sent':
      return messages.activityUnseen
    case 'done':
      return undefined
    case 'refused':
      return messages.activityRefusedBy[outcome.by](wordsOf(outcome.error, messages))
    case 'failed':
      return messages.activityFailed(wordsOf(outcome.error, messages))
    case 'unknown':
      return messages.activityUnknown(wordsOf(outcome.error, messages))
    default:
      return outcome satisfies never
  }
}

/** What an error is called in words, by its name; the name was read from a row: it is not to find what every object has. */
export function wordsOf(error: string, { errors }: UiMessages): string | undefined {
  return Object.hasOwn(errors, error) ? errors[error]?.({}) : undefined
}
