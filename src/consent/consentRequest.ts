import type { Address, Hex } from 'viem'
import type { Permission, UnixSeconds } from '../permissions/permission.js'
import type { PermissionMetadata } from '../permissions/metadata.js'

type Common = {
  id: string
  /** Who asks, as the browser knows it: `https://shop.example`. */
  origin: string
  /** What the app says of itself; shown as its own words. */
  app?: { name?: string | undefined; icon?: string | undefined } | undefined
  account: Address
  chain: {
    id: number
    name: string
    nativeCurrency: { symbol: string; decimals: number }
    /** The address of its block explorer, as the chain's definition says: addresses link to it. */
    explorer?: string | undefined
  }
  /** Names read from the chain; a contract's own words about itself. */
  metadata: PermissionMetadata
  /** The account is a plain one and becomes a smart account with a yes (EIP-7702). */
  upgradesAccount: boolean
}

/** Shall a session key get these permissions? */
export type PermissionConsentRequest = Common & {
  type: 'permissions'
  /** The session key; undefined where it is made only after a yes. */
  delegate: Address | undefined
  permissions: readonly Permission[]
  expiry: UnixSeconds
  /** The chain's time when the request was made. */
  chainTime: UnixSeconds
  /** Why, in the app's words. */
  justification?: string | undefined
  /** The user may agree to less: a decision may carry `terms`. */
  adjustable: boolean
  /** What this app has on this account already, where whoever asks can know. */
  existing?: ExistingTerms | undefined
  /** Where the wallet can only grant more than the app asked for, and the app takes it. `permissions` say it already. */
  widened?: readonly { path: string; reason: string }[] | undefined
}

/** Shall the account itself make these calls, once, now? */
export type CallsConsentRequest = Common & {
  type: 'calls'
  calls: readonly { to: Address; value: bigint; data: Hex }[]
}

export type ConsentRequest = PermissionConsentRequest | CallsConsentRequest

export type ConsentRejection = 'reject-press' | 'escape-key' | 'closed' | 'unmounted'

export type ConsentApproval = {
  approved: true
  /** What the user agreed to, where that is less than what was shown. */
  terms?: ConsentTerms | undefined
  /** For whoever asked to call when it is done, or has failed: until then the view says that it is under way. */
  settled?: (() => void) | undefined
}

export type ConsentDecision = ConsentApproval | { approved: false; reason: ConsentRejection }

export type ConsentTerms = { permissions: readonly Permission[]; expiry: UnixSeconds }

export type ExistingTerms = {
  terms: ConsentTerms
  /** Whether it ends with a yes; undefined where that is the app's to do, and not known. */
  ends: boolean | undefined
}

/** Asks the user. Resolves with the decision; a rejection is a decision, not an error. */
export type OnConsent = (request: ConsentRequest) => Promise<ConsentDecision>
