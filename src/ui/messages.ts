import { permissionMessages } from '../permissions/messages.js'

/** Every word of the components, the descriptions of permissions included. Override any of them. */
export const uiMessages = {
  ...permissionMessages,

  // Consent
  consentTitle: (site: string) => `Let ${site} act for you?`,
  callsTitle: ({ site, count }: { site: string; count: number }) =>
    count === 1 ? `Let ${site} use your account for one call?` : `Let ${site} use your account for ${count} calls?`,
  callsSentence: ({ app, count, chain }: { app: string; count: number; chain: string }) =>
    `${app} wants your account itself to make ${count === 1 ? 'one call' : `${count} calls`} on ${chain}, once, now.`,
  callsWarning: 'This is your account itself acting. No session limit holds it back.',
  widened: (reasons: readonly string[]) => `Your wallet can only grant more than the app asked for: ${reasons.join('; ')}. What it would grant is below.`,
  callsItself: (name: string) => `The app calls itself ${name}`,
  unknownSite: 'an unknown site',
  insecureSite: 'This site is not encrypted: somebody on the way could have changed what it asks.',
  reject: 'Reject',
  allow: 'Allow',
  warning: 'Warning',
  permissions: 'What it may do',
  calls: 'The calls',
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

export function mergeMessages(given: Partial<UiMessages> | undefined): UiMessages {
  return given ? { ...uiMessages, ...given } : uiMessages
}
