import type { ServerRunStatus } from '../sessions/activityWire.js'
import type { ActionOutcome } from '../sessions/sessionAction.js'
import type { SessionCardState } from './session-card/sessionCardState.js'

/** What the explanation of a state may name. */
export type SessionFacts = {
  /** Whose it is, shortened. */
  account: string
  /** The session key, shortened. */
  key: string
  /** When the next period begins. */
  renews?: string | undefined
  /** What went wrong, in the kit's own sentence. */
  problem?: string | undefined
}

/** What the words of an error may name. */
export type ErrorFacts = { chain?: string | undefined; account?: string | undefined }

/** What went wrong, by the name of the error. */
const errorMessages = {
  UserRejectedRequestError: () => 'You said no in your wallet. Nothing has changed.',
  NotConnectedError: () => 'Connect a wallet first.',
  UnsupportedWalletError: () => 'Your wallet cannot grant permissions to apps. Connect another one.',
  PermissionNotSupportedError: () => 'Your wallet has no words for what the app asks. Nobody was asked, and nothing was granted.',
  PermissionWidenedError: () => 'Your wallet could only grant more than the app asks for. Nobody was asked, and nothing was granted.',
  WalletBusyError: () => 'Your wallet has another request open. Answer it or close it there, then try again.',
  WalletTimeoutError: () => 'Your wallet did not answer. It may be locked, or busy with another page.',
  WalletChainMismatchError: ({ chain }: ErrorFacts) => `Your wallet is on another network. Switch it to ${chain ?? 'that of the session'}, then try again.`,
  WalletAccountMismatchError: ({ account }: ErrorFacts) => `Your wallet is on another account. Switch it to ${account ?? 'the connected one'}, then try again.`,
  ConnectionChangedError: () => 'The account or the wallet changed meanwhile. Try again.',
  OtherWalletError: () => 'It was granted through another wallet. Connect that one to end it.',
  RevokeInWalletError: () =>
    'It cannot be ended from here. End it in your wallet’s own list of permissions or connected sites; until then, or until it expires, it may act.',
  NothingToRevokeError: () => 'What your wallet granted is not known, so it cannot be ended from here. Look in the wallet’s own list of permissions.',
  RevocationNotConfirmedError: () => 'It was sent, and the chain does not show it yet. Try again in a moment.',
  SessionBusyError: () => 'Your wallet is already being asked about this session. Answer there first.',
  VolatileStorageError: () => 'This browser keeps no keys, so a session this long would be lost. Leave the private window, or make room on the disk.',
  SessionStoreError: () => 'This browser keeps no keys, so your wallet was not asked. Leave the private window, or make room on the disk.',
  StoreNotLoadedError: () => 'Your sessions could not be read just now. Nothing is lost: try again, or reload the page.',
  GrantMismatchError: () => 'Your wallet granted something else than was asked. It is set aside and never used.',
  InvalidWalletResponseError: () => 'Your wallet’s answer cannot be read. Whether it granted anything is found out when it connects again.',
  GrantFailedError: () => 'No readable answer came from your wallet. Whether it granted anything is found out when it connects again.',

  // What a session tried to do
  SessionExpiredError: () => 'The session’s time is over.',
  SessionNotStartedError: () => 'The session has not begun yet.',
  SessionRevokedError: () => 'The session was ended.',
  ContractNotAllowedError: () => 'The session may not call that contract.',
  FunctionNotAllowedError: () => 'The session may not call that function.',
  ArgumentNotAllowedError: () => 'The session may call that function only with the arguments that you agreed to.',
  PayeeNotAllowedError: () => 'The session may not pay that address.',
  ValueLimitExceededError: () => 'A call carries more than you allowed.',
  CallLimitExceededError: () => 'It is more calls than are left.',
  SpendLimitExceededError: () => 'It is more than is left to spend.',
  RedeemerNotAllowedError: () => 'Your wallet does not let this address use the permission.',
  WrongSessionKeyError: () => 'The permission was granted to another key.',
  AlteredDelegationError: () => 'A signature does not fit what was signed.',
  SignedCallExpiredError: () => 'It came to the chain too late. It can be tried again.',
  SessionOutdatedError: () => 'It needs the terms that the app asks for by now. Review the change first.',
  SessionCallRevertedError: () => 'A contract that was called refused.',
  OpenfortCallsRevertedError: () => 'A contract that was called refused.',
  RelayRejectedError: () => 'The service that pays the network did not take it.',
  RelayUnreachableError: () => 'The service that pays the network did not answer.',
  RelaySimulationError: () => 'It would have failed on the chain, so it was not sent.',
  PaymasterRefusedError: () => 'Nobody pays the network for it, so it was not sent.',
  BundlerUnreachableError: () => 'The service that brings it to the chain did not answer.',
  UserOperationRefusedError: () => 'The service that brings it to the chain did not take it.',
  NetworkFeesNotAllowedError: () => 'The session may not pay the network fees that it would cost.',
  RelayFeeTooHighError: () => 'The network fees are higher than the app allows just now.',
  RelayFeeUnaffordableError: () => 'Your account does not hold enough for the network fees.',
  RelayFeeTakenError: () => 'The network fees were taken, and it was not done.',
  HttpRequestError: () => 'The network could not be reached.',
  KeyNotHereError: () => 'The session’s key is not in this browser.',
  KeyUnreadableError: () => 'The session’s key cannot be read.',
  WalletRefusedCallsError: () => 'Your wallet does not do this under the session.',
  WalletCallsFailedError: () => 'Your wallet gave up on it.',
  WalletCallsPartialError: () => 'Your wallet did only a part of it.',
} satisfies { readonly [name: string]: (facts: ErrorFacts) => string }

/** The errors that have words of their own. */
export type ErrorName = keyof typeof errorMessages

/** Every word of the components that show and end sessions. They are part of `uiMessages`. */
export const sessionMessages = {
  // What is left of a limit
  callsLeft: ({ left, limit }: { left: string; limit: string }) => `${left} of ${limit} calls left`,
  amountLeft: ({ left, limit }: { left: string; limit: string }) => `${left} left of ${limit}`,
  amountLeftInPeriod: ({ left, limit, period }: { left: string; limit: string; period: string }) => `${left} left of ${limit} ${period}`,
  amountLeftOfStream: ({ left, most }: { left: string; most: string }) => `${left} available now, ${most} in all`,
  callsWithoutLimit: 'No limit on the number of calls',
  amountWithoutLimit: (token: string) => `No limit on the amount of ${token}`,
  notCounted: 'Nothing is counted here',
  permissionEnded: 'Ended on-chain: nothing is left',
  leftUnknown: 'What is left is not known',
  leftReading: 'Reading what is left…',
  resets: (moment: string) => `resets ${moment}`,
  noMoreResets: 'does not renew before the session ends',
  starts: (moment: string) => `starts ${moment}`,
  grows: (rate: string) => `grows by ${rate}`,
  asOf: (moment: string) => `as of ${moment}`,
  usageText: (parts: readonly string[]) => parts.join(', '),

  // A session
  sessionName: (name: string | undefined) => name ?? 'Session',
  sessionState: {
    hydrating: 'Looking…',
    none: 'No session',
    locked: 'Locked',
    'account-mismatch': 'Other account',
    requested: 'Waiting for you',
    granted: 'Checking',
    active: 'Active',
    exhausted: 'Used up',
    rejected: 'Declined',
    unknown: 'Unconfirmed',
    quarantined: 'Set aside',
    revoking: 'Ending',
    revoked: 'Ended',
    'revoked-elsewhere': 'Ended elsewhere',
    expired: 'Expired',
    purged: 'Gone',
  } satisfies Record<SessionCardState, string>,
  sessionExplained: {
    hydrating: () => 'Your sessions are being read.',
    none: () => 'There is no session here.',
    locked: () => 'It is locked until your account connects again.',
    'account-mismatch': ({ account }) => `It belongs to ${account}. Connect that account to see what is left, or to end it.`,
    requested: () => 'Your wallet is asking you. Nothing is allowed until you agree there.',
    granted: () => 'Your wallet has answered. What it granted is compared with what was asked before anything is used.',
    active: () => 'The app acts within these limits without asking again.',
    exhausted: ({ renews }) => (renews ? `Nothing is left for now. It renews ${renews}.` : 'Nothing is left. For more, the app has to ask you again.'),
    rejected: () => 'You said no, so nothing was granted.',
    unknown: ({ key }) =>
      `No readable answer came from your wallet, so it may have granted this or not. Look for ${key} in the wallet’s own list of permissions, and end it there if you find it.`,
    quarantined: () => 'Your wallet granted something else than the app asked for, as shown below. It was never used. End it, so that it never can be.',
    revoking: () => 'The end was sent, and the chain does not show it yet. Until it does, calls may still go through.',
    revoked: () => 'It was ended here. The chain refuses its key.',
    'revoked-elsewhere': () => 'It was ended outside of this app. The chain refuses its key.',
    expired: () => 'Its time is over. The chain refuses its key.',
    purged: () => 'It has ended, and its key is deleted.',
  } satisfies Record<SessionCardState, (facts: SessionFacts) => string> as Record<SessionCardState, (facts: SessionFacts) => string>,
  sessionOutdated: 'The app asks for other terms by now. What you granted stays as it is until you agree to the change.',
  sessionLimits: 'What it may still do',
  sessionAllowed: 'What it was allowed',
  sessionAsked: 'What the app asked for',
  sessionGranted: 'What your wallet granted',
  sessionDetails: 'Details',
  sessionEnds: 'Ends',
  sessionAskedEnd: 'Asked to end',
  sessionEnded: 'Ended',
  sessionNeverEnds: 'Never by itself',
  sessionStarted: 'Started',
  sessionProblem: 'What went wrong',
  sessionLastUsed: 'Last used',
  sessionTransaction: 'Ended in',
  notKept: 'This browser keeps nothing: when you close the page, the app loses its key, and what you granted lasts until it expires or you end it.',

  // What it did
  activity: 'Last actions',
  activityOutcome: { sent: 'Sent', done: 'Done', refused: 'Refused', failed: 'Failed', unknown: 'Not known' } satisfies Record<ActionOutcome['status'], string>,
  activityTransfer: (amount: string) => `transfer ${amount}`,
  /** The number comes first: at the end of a list it could be that of the whole list. */
  activityRepeated: ({ act, times }: { act: string; times: string }) => `${times} × ${act}`,
  activityOthers: (count: number, formatted: string) => (count === 1 ? 'one more call' : `${formatted} more calls`),
  activityUnseen: 'What became of it has not been seen yet.',
  activityRefusedBy: {
    check: (reason: string | undefined) => `${reason ?? 'The session does not allow it.'} Nothing was sent.`,
    chain: (reason: string | undefined) => `${reason ?? 'The session does not allow it.'} The chain refused it.`,
  },
  activityFailed: (reason: string | undefined) => `${reason ?? 'It did not go through.'} Nothing took effect.`,
  activityUnknown: (reason: string | undefined) => `${reason ? `${reason} ` : ''}It may have happened, and may still happen. Look at the chain before it is tried again.`,
  activityTransaction: (hash: string) => `Transaction ${hash}`,
  activityMore: 'Show more actions',

  // What the app's server did with it, and does next
  serverBy: 'by the app’s server',
  serverCharged: 'Charged',
  serverOutcome: {
    due: 'Due',
    done: 'Done',
    nothing: 'Nothing to do',
    missed: 'Missed',
    'over-budget': 'Held back',
    ended: 'Not done',
    failed: 'Failed',
  } satisfies Record<ServerRunStatus, string>,
  serverOn: (moment: string) => `on ${moment}`,
  serverNext: ({ act, moment }: { act: string; moment: string }) => `Next: ${act} on ${moment}`,
  serverAtMost: (amount: string) => `at most ${amount}`,
  serverPaused: (act: string) => `Paused: ${act}, until the app goes on with it.`,
  serverDue: 'It happens any moment now.',
  serverTriedAgain: (reason: string | undefined) => `${reason ?? 'It has not worked yet.'} It is tried again.`,
  serverMissed: 'Its time was over before it could happen. Nothing was charged, and it is not made up for.',
  serverOverBudget: 'The app had set a limit on how often this happens, and it was reached. Nothing was charged.',
  serverEnded: 'The session had ended. Nothing was charged.',
  serverFailed: (reason: string | undefined) => `${reason ?? 'It did not go through.'} Nothing was charged, and it is not tried again by itself.`,
  serverEffectMissing: 'It is on the chain, and did something else than the app expected.',
  serverLoading: 'Asking the app’s server what it did…',
  serverUnreachable: 'The app’s server does not answer, so what it did is not shown here.',
  serverStale: 'The app’s server does not answer just now. This is what it said last.',
  serverRefused: 'The app’s server does not show you what it did. Sign in with the app first.',
  serverNone: 'The app’s server does not have this session.',
  serverNothing: 'The app’s server has done nothing with it yet.',
  serverAskAgain: 'Ask again',

  // Ending and renewing it
  end: 'End session',
  endAgain: 'Try again',
  endQuestion: (name: string) => `End ${name}?`,
  endConsequence: 'The app can then do nothing more with it. To go on, it has to ask you again.',
  keep: 'Keep it',
  endConfirm: 'End it',
  ending: 'Answer in your wallet; then the chain has to show it…',
  renewChange: 'Review the change',
  renewMore: 'Ask for more',
  renewAgain: 'Start again',
  renewing: 'Waiting for your answer in the wallet…',
  checkAgain: 'Check again',
  checking: 'Asking your wallet and the chain…',
  stillUnconfirmed: 'Neither your wallet nor the chain can say yet.',

  // All sessions of an account
  sessionsTitle: 'Your sessions',
  sessionsLoading: 'Your sessions are being read…',
  sessionsDisconnected: 'Connect a wallet to see its sessions.',
  sessionsLocked: 'Your sessions are locked until your account connects again.',
  sessionsEmpty: 'No app can act for you: there is no session.',
  sessionsShown: ({ shown, known }: { shown: number; known: number }) => `${shown} of ${known > shown ? known : `more than ${known}`} are shown.`,
  sessionsMore: 'Show more',

  // Asking for a session
  grant: 'Start session',
  grantWaiting: 'Waiting for your wallet…',
  grantHint: 'Answer in your wallet.',
  grantAgain: 'Try again',
  granted: 'Session is on',
  grantedUntil: (moment: string) => `Until ${moment}.`,

  // How long
  expiry: 'How long',
  expiryDate: 'Until a date',
  expiryDateLabel: 'Date and time',
  expiryEnds: (ends: string) => `Ends ${ends}`,
  expiryMissing: 'Choose a date and a time.',
  expiryTooLate: (latest: string) => `Too late: choose ${latest} at the latest.`,
  expiryTooSoon: (earliest: string) => `Too soon: choose ${earliest} at the earliest.`,

  // What went wrong, by the name of the error
  errors: errorMessages as { readonly [name: string]: ((facts: ErrorFacts) => string) | undefined },
  errorOther: (sentence: string) => sentence,
}
