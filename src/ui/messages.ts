import { withDirection } from '../permissions/description.js'
import { permissionMessages } from '../permissions/messages.js'
import { sessionMessages } from './sessionMessages.js'

/** Every word of the components, the descriptions of permissions included. Override any of them. */
export const uiMessages = {
  ...permissionMessages,
  ...sessionMessages,

  // Consent
  consentTitle: (site: string) => `Let ${site} act for you?`,
  callsTitle: ({ site, count }: { site: string; count: number }) =>
    count === 1 ? `Let ${site} use your account for one call?` : `Let ${site} use your account for ${count} calls?`,
  callsSentence: ({ app, count, chain }: { app: string; count: number; chain: string }) =>
    `${app} wants your account itself to make ${count === 1 ? 'one call' : `${count} calls`} on ${chain}, once, now.`,
  callsWarning: 'This is your account itself acting. No session limit holds it back.',
  widened: (reasons: readonly string[]) => `Your wallet can only grant more than the app asked for: ${reasons.join('; ')}. What it would grant is below.`,
  /** One of them. `field` is the term that the wallet cannot keep: `payee`, `functions[0].args`, … */
  widenedReason: ({ reason }: { field: string; reason: string }) => reason,
  callsItself: (name: string) => `The app calls itself ${name}`,
  unknownSite: 'an unknown site',
  insecureSite: 'This site is not encrypted: somebody on the way could have changed what it asks.',
  reject: 'Reject',
  allow: 'Allow',
  allowing: 'Allowing…',
  grantingHint: 'Your wallet is at work on it. You can hide this; it goes on.',
  hide: 'Hide',
  warning: 'Warning',
  permissions: 'What it may do',
  calls: 'The calls',
  // The app's clear-signing files
  appCallsContract: (names: readonly string[]) => `The app calls this contract ${names.join(', by ')}.`,
  appCallsFunction: ({ name, selector, intent }: { name: string; selector: string; intent: string }) => `The app’s words for ${name} (${selector}): ${intent}`,
  appCallsArguments: ({ name, selector }: { name: string; selector: string }) => `The app’s words for what is fixed in ${name} (${selector})`,
  appExactValues: 'The values as they stand',

  // What exists already
  existing: (ends: boolean | undefined): string =>
    ends
      ? 'This app has a session on this account already. This one takes its place.'
      : ends === false
        ? 'This app has a session on this account already. It stays in force beside this one until it ends.'
        : 'This account has allowed something of this kind before, and that is still in force.',
  status: { new: 'New', changed: 'Changed', unchanged: 'As before' },
  changedTerm: ({ label, before, after }: { label: string; before: string; after: string }) => `${label}: ${before} before, ${after} now`,
  removed: 'Not allowed any more',
  existingEnds: (end: string) => `Before: ${end}`,

  // The worst case
  worstCase: 'The most it can cost you',
  exposureNothing: 'It spends no tokens by itself.',
  exposureUnknown: (what: readonly string[]) => `What this can cost is not known: ${what.join('; ')}.`,
  approximately: (fiat: string) => `about ${fiat}`,

  // Risks
  understood: 'I understand this and want to allow it',
  tickFirst: (count: number) => (count === 1 ? 'Tick the warning that you have read first.' : `Tick the ${count} warnings that you have read first.`),

  // Allowing less
  lower: 'Allow less',
  lowerDone: 'Done',
  limitIn: ({ label, unit }: { label: string; unit: string }) => `${label}, in ${unit}`,
  asked: (asked: string) => `Asked: ${asked}`,
  askedAllowed: ({ asked, allowed }: { asked: string; allowed: string }) => `Asked ${asked}, you allow ${allowed}`,
  limitProblem: {
    unreadable: (asked: string) => `Write a number. Asked: ${asked}`,
    'too-much': (asked: string) => `You can only lower it. Asked: ${asked}`,
    'too-little': (asked: string) => `Nothing would be left. Asked: ${asked}`,
  },
  endSooner: 'End sooner',
  asAsked: (end: string) => `${end}, as asked`,
  optional: 'Allow this too; the app can do without it',
  notAllowed: 'You do not allow this.',
  nothingLeft: 'Nothing is left to allow. Allow something, or reject.',
  unreadableLimits: 'Correct the marked limits first.',

  ends: 'Ends',
  endsAt: ({ absolute, relative }: { absolute: string; relative: string }) => `${absolute} (${relative})`,

  // What the wallet answered
  grantDifference: 'What your wallet granted instead',
  grantMismatch: 'Your wallet granted something else than was asked. It is kept aside and not used.',
  differenceOf: 'Term',
  askedColumn: 'Asked',
  grantedColumn: 'Granted',
  notAsked: 'not asked',
  notGranted: 'not granted',
  differenceKind: { narrower: 'less', broader: 'more', missing: 'left out', other: 'something else' },

  covered: 'Something covers this question. Nothing can be allowed until it can be seen.',
  fees: 'Network fees',
  feesPaidBy: { relay: 'paid by the app, not by you', 'session-key': 'paid by the session key, not from your account', account: 'paid from your account, within what is allowed here' },

  account: 'Account',
  network: 'Network',
  upgradesAccount: 'Your account becomes a smart account. Its address, its key and what it holds stay the same.',
  justification: 'The app says',
  revocable: 'You can end it at any time; after that, the chain refuses every call.',
  details: 'Technical details',
  sessionKey: 'Session key',
  sessionKeyToCome: 'A new one, made when you agree.',
  chainId: 'Chain ID',
  origin: 'Origin',
  callTo: 'To',
  callCarries: 'Carries',
  callFunction: 'Function',
  callData: (position: number) => `Call ${position}`,
  callNoFunction: 'none',
  nothing: 'nothing',
}

export type UiMessages = typeof uiMessages

export function mergeMessages(given: Partial<UiMessages> | undefined, over: UiMessages = uiMessages): UiMessages {
  return given ? withDirection({ ...over, ...given }, given) : over
}
