import type { Direction } from './direction.js'
import { isolateRightToLeft } from './isolate.js'

/** A verb phrase and what limits it: `mint on Sword` + `at most 50 times`. */
export type Phrase = { act: string; qualifiers: readonly string[] }

const perUnit = { second: 'per second', minute: 'per minute', hour: 'per hour', day: 'per day', week: 'per week' }

/**
 * Every word that describes a permission. Names and amounts arrive formatted. To translate, pass your own
 * object: `locale` travels with the words, so that dates and numbers speak the same language, and so does `direction`. Left out, that
 * follows from the locale.
 */
export const permissionMessages = {
  locale: 'en-GB',
  direction: 'ltr' as Direction,

  // Sentences
  summary: ({ act, qualifiers }: Phrase) => [act, ...qualifiers].join(', '),
  clause: ({ act, qualifiers }: Phrase) => (qualifiers.length > 0 ? `${act} (${qualifiers.join(', ')})` : act),
  session: ({ app, may, until, relative }: { app: string; may: string; until: string; relative: string }) =>
    `${app} may ${may} until ${until} (${relative}).`,
  thisApp: 'This app',
  quoted: (text: string) => `“${isolateRightToLeft(text)}”`,

  // Calls of a contract
  wholeContract: (contract: string) => `anything on ${contract}`,
  doWholeContract: (contract: string) => `do anything on ${contract}`,
  noLimit: 'no limit',
  callOn: ({ functions, contract }: { functions: string; contract: string }) => `${functions} on ${contract}`,
  functionName: (name: string) => name,
  otherFunctions: (_count: number, formatted: string) => `${formatted} other functions`,
  withArguments: ({ name, args }: { name: string; args: readonly { label: string; value: string }[] }) =>
    `${name} with ${args.map(({ label, value }) => `${label} = ${value}`).join(', ')}`,
  argument: (position: number) => `argument ${position}`,
  truth: (value: boolean) => String(value),
  atMostTimes: (count: number, formatted: string) =>
    count === 1 ? 'at most once' : count === 2 ? 'at most twice' : `at most ${formatted} times`,
  anyNumberOfTimes: 'any number of times',
  valuePerCall: (amount: string) => `each call may carry up to ${amount}`,
  amountInAll: (amount: string) => `${amount} in all`,
  nothingCarried: 'nothing',
  fromTheStart: 'from the start',
  neverEnds: 'never',
  valueUnlimited: (token: string) => `each call may carry ${token} without limit`,

  // Functions of tokens that everybody knows
  approve: ({ spender, amount }: { spender: string; amount: string }) => `approve ${spender} to spend ${amount}`,
  raiseApproval: ({ spender, amount }: { spender: string; amount: string }) =>
    `raise by ${amount} what ${spender} is approved to spend`,
  approveAll: ({ operator, contract }: { operator: string; contract: string }) =>
    `approve ${operator} to move everything you hold on ${contract}`,
  unapproveAll: ({ operator, contract }: { operator: string; contract: string }) =>
    `take back the approval of ${operator} on ${contract}`,
  transfer: ({ receiver, amount }: { receiver: string; amount: string }) => `transfer ${amount} to ${receiver}`,
  transferFrom: ({ owner, receiver, amount }: { owner: string; receiver: string; amount: string }) =>
    `transfer ${amount} from ${owner} to ${receiver}`,
  exactly: (amount: string) => `exactly ${amount}`,
  anyAmount: (token: string) => `any amount of ${token}`,
  withoutLimit: (token: string) => `${token} without limit`,
  anyone: 'anyone',
  party: ({ name, address }: { name: string; address: string }) => `${name} (${address})`,

  // Spending
  spend: (amount: string) => `spend up to ${amount}`,
  inTotal: (act: string) => `${act} in total`,
  spendUnlimited: (token: string) => `spend ${token} without limit`,
  spendPeriodic: ({ amount, period }: { amount: string; period: string }) => `spend up to ${amount} ${period}`,
  spendUnlimitedPeriodic: ({ token, period }: { token: string; period: string }) => `spend ${token} without limit ${period}`,
  payFees: (amount: string) => `pay network fees, at most ${amount}`,
  payFeesPeriodic: ({ amount, period }: { amount: string; period: string }) => `pay network fees, at most ${amount} ${period}`,
  spendStream: ({ atOnce, rate }: { atOnce: string | undefined; rate: string }) =>
    atOnce ? `spend up to ${atOnce} at once and ${rate} more` : `spend up to ${rate}`,
  streamRate: ({ amount, period }: { amount: string; period: string }) => `${amount} ${period}`,
  streamMax: (amount: string) => `${amount} at most`,
  transferNft: ({ contract, tokenId }: { contract: string; tokenId: string }) => `transfer ${contract} #${tokenId} to anyone`,
  onlyTo: (payee: string) => `only to ${payee}`,
  notBefore: (moment: string) => `not before ${moment}`,
  per: (unit: keyof typeof perUnit) => perUnit[unit],
  every: (duration: string) => `every ${duration}`,

  // Amounts
  amount: ({ value, symbol }: { value: string; symbol: string }) => `${value} ${symbol}`,
  rawAmount: ({ value, token }: { value: string; token: string }) => `${value} raw units of ${token}`,
  nativeToken: 'the native token',
  largestValue: 'the largest possible value',
  rawDetail: (value: string) => `${value} in the smallest unit`,
  unknownDecimals: 'The decimals are not known, so this is in the smallest unit.',

  // Single calls of the account itself
  send: ({ amount, receiver }: { amount: string; receiver: string }) => `send ${amount} to ${receiver}`,
  callUnknown: ({ selector, contract }: { selector: string; contract: string }) => `call ${selector} on ${contract}`,
  callFallback: (contract: string) => `call ${contract}`,
  carrying: (amount: string) => `sending along ${amount}`,

  // The app's clear-signing files
  /** How the app shows a value, and the value. */
  beside: ({ words, exact }: { words: string; exact: string }) => `${words} (${exact})`,
  block: (height: string) => `block ${height}`,
  nft: ({ collection, id }: { collection: string; id: string }) => `${collection} #${id}`,
  innerCall: 'a call inside the call, which this screen cannot show',

  // The worst case
  exposure: ({ amount, renewals }: { amount: string; renewals: readonly string[] }) => `at most ${amount} in all${renewals.length > 0 ? `: ${renewals.join(', ')}` : ''}`,
  /** `count` is what `times` says, for languages that count in more than two ways. */
  renewal: ({ amount, period, times }: { amount: string; period: string; times: string; count: number }) => `${amount} ${period}, ${times} times`,
  exposureUnlimited: (token: string) => `${token} without limit: all that you have`,

  // Rows
  rows: {
    function: 'Function',
    everyFunction: 'Every function',
    contract: 'Contract',
    token: 'Token',
    amount: 'Amount',
    atOnce: 'At once',
    rate: 'Then',
    most: 'At most',
    worstCase: 'Until it ends, at most',
    tokenId: 'Token ID',
    period: 'Period',
    payee: 'To',
    calls: 'Calls',
    value: 'Carries',
    start: 'Starts',
    other: 'Terms',
    expiry: 'Ends',
    permission: 'Permission',
    spender: 'Spender',
    operator: 'Operator',
    approved: 'Approved',
    receiver: 'To',
    owner: 'From',
    warning: 'Warning',
  },

  // Warnings
  wholeContractWarning: (contract: string) =>
    `Every function of ${contract} is allowed, also those that move your tokens or let others move them.`,
  approvalOutlives: 'An approval outlives the session: it must be taken back separately.',
  approvalLasts: 'An approval lasts until it is taken back.',
  unlimitedApproval: (token: string) => `The approval has no limit: all of your ${token} could be taken.`,
  /** `free` is `each` joined with `or`. */
  freeArguments: ({ name, free }: { name: string; free: string; each: readonly string[] }) => `${name} is not limited in ${free}.`,
  freeAmount: 'the amount',
  freeAmountOrTokenId: 'how much or which token',
  freeTokenId: 'which token',
  freeReceiver: 'who receives it',
  freeSpender: 'who is approved',
  controlsContract: (name: string) => `${name} can change who or what controls the contract.`,
  runsOtherCalls: (name: string) => `${name} can run other calls inside it, which this screen cannot show.`,
  unlimitedSpend: (token: string) => `There is no limit on the amount: all of your ${token} could be spent.`,
  unlimitedCalls: (token: string) => `The number of calls is not limited, so neither is the ${token} they carry together.`,
  unlimitedRepeats: (token: string) => `The number of calls is not limited, so neither is the ${token} they move or approve together.`,
  unknownContract: (contract: string) => `${contract} says nothing of itself: no name, no symbol. Nobody can tell from here what it does.`,
  unlimitedAmount: 'There is no limit on what can be spent here.',
  farExpiry: 'It lasts for more than 90 days.',
  addsUp: (token: string) => `Another permission here spends ${token} too: the amounts add up.`,
  unreadable: 'A part of this permission cannot be read. Reject it unless you know what it does.',
}

export type PermissionMessages = typeof permissionMessages
