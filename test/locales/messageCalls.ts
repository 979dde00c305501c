import type { UiMessages } from '../../src/ui/messages.js'
import type { ErrorName } from '../../src/ui/sessionMessages.js'

type Words = { readonly [key: string]: unknown }

/** A text that nobody would write, by the name of what it stands for. */
export const sentinel = (name: string) => `⟦${name}⟧`
export const sentinelsIn = (text: string) => [...new Set(text.match(/⟦[^⟧]+⟧/g) ?? [])].sort()

const named = (...names: string[]) => Object.fromEntries(names.map((name) => [name, sentinel(name)]))
const pairs = [
  { label: sentinel('label'), value: sentinel('value') },
  { label: sentinel('label2'), value: sentinel('value2') },
]
const counts = [1, 2, 3, 11, 100]
const phrase = [{ act: sentinel('act'), qualifiers: [sentinel('one'), sentinel('two')] }]

/** What a message is called with, where that is not one text. Each list is one call. */
const calls: { readonly [key in keyof UiMessages | ErrorName]?: readonly (readonly unknown[])[] } = {
  summary: [phrase, [{ act: sentinel('act'), qualifiers: [] }]],
  clause: [phrase, [{ act: sentinel('act'), qualifiers: [] }]],
  session: [[named('app', 'may', 'until', 'relative')]],
  callOn: [[named('functions', 'contract')]],
  otherFunctions: counts.slice(1).map((count) => [count, String(count)]),
  withArguments: [[{ name: sentinel('name'), args: pairs }]],
  argument: [[7]],
  truth: [[true], [false]],
  atMostTimes: counts.map((count) => [count, String(count)]),
  approve: [[named('spender', 'amount')]],
  raiseApproval: [[named('spender', 'amount')]],
  approveAll: [[named('operator', 'contract')]],
  unapproveAll: [[named('operator', 'contract')]],
  transfer: [[named('receiver', 'amount')]],
  transferFrom: [[named('owner', 'receiver', 'amount')]],
  party: [[named('name', 'address')]],
  spendPeriodic: [[named('amount', 'period')]],
  payFeesPeriodic: [[named('amount', 'period')]],
  spendUnlimitedPeriodic: [[named('token', 'period')]],
  spendStream: [[named('atOnce', 'rate')], [{ ...named('rate'), atOnce: undefined }]],
  streamRate: [[named('amount', 'period')]],
  transferNft: [[named('contract', 'tokenId')]],
  per: [['second'], ['minute'], ['hour'], ['day'], ['week']],
  amount: [[named('value', 'symbol')]],
  rawAmount: [[named('value', 'token')]],
  send: [[named('amount', 'receiver')]],
  callUnknown: [[named('selector', 'contract')]],
  exposure: [[{ ...named('amount'), renewals: [sentinel('one'), sentinel('two')] }], [{ ...named('amount'), renewals: [] }]],
  renewal: counts.slice(1).map((count) => [{ ...named('amount', 'period'), times: String(count), count }]),
  freeArguments: [
    [{ name: sentinel('name'), free: sentinel('one'), each: [sentinel('one')] }],
    [{ name: sentinel('name'), free: `${sentinel('one')} or ${sentinel('two')}`, each: [sentinel('one'), sentinel('two')] }],
  ],
  callsTitle: counts.map((count) => [{ ...named('site'), count }]),
  callsSentence: counts.map((count) => [{ ...named('app', 'chain'), count }]),
  widened: [[[sentinel('one'), sentinel('two')]]],
  widenedReason: [[{ field: 'a term of tomorrow', reason: sentinel('reason') }]],
  appCallsContract: [[[sentinel('one'), sentinel('two')]]],
  appCallsArguments: [[named('name', 'selector')]],
  beside: [[named('words', 'exact')]],
  nft: [[named('collection', 'id')]],
  appCallsFunction: [[named('name', 'selector', 'intent')]],
  existing: [[true], [false], [undefined]],
  changedTerm: [[named('label', 'before', 'after')]],
  exposureUnknown: [[[sentinel('one'), sentinel('two')]]],
  tickFirst: counts.map((count) => [count]),
  limitIn: [[named('label', 'unit')]],
  askedAllowed: [[named('asked', 'allowed')]],
  endsAt: [[named('absolute', 'relative')]],
  callData: [[7]],
  callsLeft: [[named('left', 'limit')]],
  amountLeft: [[named('left', 'limit')]],
  amountLeftInPeriod: [[named('left', 'limit', 'period')]],
  amountLeftOfStream: [[named('left', 'most')]],
  usageText: [[[sentinel('one'), sentinel('two')]]],
  sessionName: [[sentinel('name')], [undefined]],
  activityRepeated: [[named('act', 'times')]],
  activityOthers: counts.map((count) => [count, String(count)]),
  activityFailed: [[sentinel('reason')], [undefined]],
  activityUnknown: [[sentinel('reason')], [undefined]],
  serverNext: [[named('act', 'moment')]],
  serverPaused: [[sentinel('act')]],
  serverTriedAgain: [[sentinel('reason')], [undefined]],
  serverFailed: [[sentinel('reason')], [undefined]],
  sessionsShown: [[{ shown: 20, known: 45 }], [{ shown: 20, known: 20 }]],
}

const facts = [[named('account', 'key', 'renews', 'problem', 'chain')], [named('account', 'key')]]

/** Every text of a language, by its place: `rows.token`, `atMostTimes(2)`. Functions are called. */
export function textsOf(messages: Words, under = ''): Map<string, string> {
  const texts = new Map<string, string>()
  for (const [key, message] of Object.entries(messages)) {
    const place = `${under}${key}`
    if (typeof message === 'string') texts.set(place, message)
    else if (typeof message === 'function') {
      const given = under === 'errors.' || under === 'sessionExplained.' ? facts : (calls[key as keyof UiMessages] ?? [[sentinel('text')]])
      given.forEach((values, index) => texts.set(`${place}(${index})`, (message as (...values: readonly unknown[]) => string)(...values)))
    } else for (const [inner, text] of textsOf(message as Words, `${place}.`)) texts.set(inner, text)
  }
  return texts
}

/** The places of all messages, functions or not. */
export function keysOf(messages: Words, under = ''): string[] {
  return Object.entries(messages).flatMap(([key, message]) => (typeof message === 'object' ? keysOf(message as Words, `${under}${key}.`) : [`${under}${key} ${typeof message}`])).sort()
}
