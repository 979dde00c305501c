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
  chain: { id: number; name: string; nativeCurrency: { symbol: string; decimals: number } }
  /** Names read from the chain; a contract's own words about itself. */
  metadata: PermissionMetadata
  /** The account is a plain one and becomes a smart account with a yes (EIP-7702). */
  upgradesAccount: boolean
}

/** Shall a session key get these permissions? */
export type PermissionConsentRequest = Common & {
  type: 'permissions'
  /** The session key. */
  delegate: Address
  permissions: readonly Permission[]
  expiry: UnixSeconds
  /** The chain's time when the request was made. */
  chainTime: UnixSeconds
  /** Why, in the app's words. */
  justification?: string | undefined
}

/** Shall the account itself make these calls, once, now? */
export type CallsConsentRequest = Common & {
  type: 'calls'
  calls: readonly { to: Address; value: bigint; data: Hex }[]
}

export type ConsentRequest = PermissionConsentRequest | CallsConsentRequest

export type ConsentRejection = 'reject-press' | 'escape-key' | 'closed' | 'unmounted'

export type ConsentDecision = { approved: true } | { approved: false; reason: ConsentRejection }

/** Asks the user. Resolves with the decision; a rejection is a decision, not an error. */
export type OnConsent = (request: ConsentRequest) => Promise<ConsentDecision>
