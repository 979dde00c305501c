import type { Address, Client, Hex } from 'viem'
import type { GrantedPermission } from '../delegation/grantedPermission.js'
import type { Permission, PermissionType, UnixSeconds } from '../permissions/permission.js'

/** The part of an EIP-1193 provider that dialects use. */
export type Provider = { request(request: { method: string; params?: unknown }): Promise<unknown> }

export type WireRequest = { method: string; params: unknown }

/** What could not be said in the wallet's words. `path` points into what was asked: `permissions[0].functions`. */
export type Loss = {
  path: string
  /** `widened`: the wallet would allow more · `narrowed`: less · `dropped`: the permission is not asked for at all. */
  kind: 'widened' | 'narrowed' | 'dropped'
  reason: string
}

/** A loss inside one permission; `field` is empty where it is about the whole of it. */
export type FieldLoss = { field: string; kind: 'widened' | 'narrowed'; reason: string }

/** One permission in a wallet's words. */
export type Expression =
  /** `permission` is what the wallet will enforce: as asked, but for the losses. */
  | { permission: Permission; losses: readonly FieldLoss[] }
  /** It has no words for it, and nothing near it. */
  | { impossible: string }

/** What a wallet says of itself, as far as it does. */
export type WalletAbilities = {
  /** Types it grants on this chain; undefined where it does not say. */
  types?: ReadonlySet<PermissionType> | undefined
  /** ERC-7715 `ruleTypes`, by permission type; undefined where it does not say. */
  rules?: ReadonlyMap<PermissionType, ReadonlySet<string>> | undefined
  /** Types that it grants just as they are asked for, whatever the values; others may change some of them while they grant. */
  exact?: ReadonlySet<PermissionType> | undefined
  /** Types that its users can only lower, and leave out where they are `optional`: letting them takes nothing from the app's own limits. */
  lowers?: ReadonlySet<PermissionType> | undefined
  /** It lists what it granted. */
  list: boolean
  /** What a limit on calls counts; left out: calls. `transactions`: of the whole grant, however many calls each of them makes. */
  counts?: 'transactions' | undefined
  /** It takes a contract function by function only, and would read the whole of one as nothing. */
  functionsOnly?: boolean | undefined
}

/** A wallet that is being found out about. */
export type WalletProbe = {
  provider: Provider
  /** wagmi's id of the connector. */
  connectorId: string
  account: Address
  chainId: number
  /**
   * Puts a read-only question that prompts nobody, once however many dialects want the answer; undefined where the wallet does
   * not know the method. @throws {WalletBusyError} {@link WalletTimeoutError}
   */
  ask(method: string, params?: unknown): Promise<unknown>
}

/** A grant as a dialect encodes it. `permissions` are expressed ones (`express`): encoding them loses nothing more. */
export type GrantRequest = {
  chainId: number
  account: Address
  /** The session key. */
  delegate: Address
  permissions: readonly Permission[]
  expiry: UnixSeconds
  /** The user may change the terms in the wallet (ERC-7715 `isAdjustmentAllowed`). Left out: where that can only lower them. */
  adjustable?: boolean | undefined
  /** Those that the permissions were expressed for. */
  abilities?: WalletAbilities | undefined
}

/** A contract that has to be deployed before a permission can be used. Never executed unless its factory is allowed. */
export type Dependency = { factory: Address; factoryData: Hex }

export type GrantAnswer = {
  /** Undefined where the dialect's answer does not name it. */
  account: Address | undefined
  /** The key it was granted to; undefined where the dialect's answer does not name it. */
  delegate: Address | undefined
  granted: readonly GrantedPermission[]
  /** 0: it never ends. Of parts that end at different times, the latest. */
  expiry: UnixSeconds
  /** The wallet's own name for the grant, where that is not its contexts. */
  handle?: string | undefined
  dependencies?: readonly Dependency[] | undefined
  /** Why it must not be used, where the dialect can tell: such a grant is kept aside. */
  problem?: string | undefined
}

/** What is known of a grant that is to be ended. */
export type KnownGrant = {
  chainId: number
  account: Address
  /** The session key. */
  delegate: Address
  granted: readonly GrantedPermission[]
  handle?: string | undefined
}

/** A grant as the wallet lists it. */
export type ListedGrant = Pick<GrantAnswer, 'account' | 'delegate' | 'granted' | 'handle' | 'problem'> & {
  chainId: number | undefined
  /** Undefined where the list does not say. */
  expiry: UnixSeconds | undefined
}

/** What the chain says of a grant that is no delegation. */
export type OnChainGrant = {
  /** It was ended; undefined where the account has not heard of it, and may yet. */
  revoked: boolean | undefined
  /** Undefined where the chain counts no calls. */
  callsLeft?: number | undefined
}

/** How a wallet speaks. One file each; all but `detect`, `request` and `readOnChain` is pure. */
export type Dialect = {
  readonly id: string
  /** Who asks the user. With `none` the kit does, before the wallet hears of it. */
  readonly consent: 'wallet' | 'none'
  /** Its requests name chain and account. Where they do not, the kit makes sure beforehand that the wallet is on them. */
  readonly namesChain: boolean
  /** How its sessions act: ERC-7710 delegations · calls through the wallet · through a backend of the app. */
  readonly acts: 'delegations' | 'wallet' | 'backend'
  /** Knows the wallet by a public mark, without asking it. Never by `isMetaMask`, which everybody claims. */
  recognise?(wallet: WalletProbe): boolean
  /** Asks the wallet without a prompt and without a side effect; undefined when it does not speak this dialect. */
  detect(wallet: WalletProbe): Promise<WalletAbilities | undefined>
  /** Each permission in the wallet's words. */
  express(permissions: readonly Permission[], wallet: WalletAbilities): readonly Expression[]
  /** `now`: this device's clock, for wallets that count from it. Called right before sending. */
  encodeGrant(request: GrantRequest, now: UnixSeconds): WireRequest
  /** @throws {InvalidWalletResponseError} anything but the shape that this dialect sends */
  decodeGrant(answer: unknown, request: GrantRequest): GrantAnswer
  /** What ends the grant; nothing where the wallet has no method for it. */
  encodeRevoke(grant: KnownGrant): readonly WireRequest[]
  list?: {
    encode(wallet: Pick<WalletProbe, 'account' | 'chainId'>): WireRequest
    /** Rows that cannot be read are left out. @throws {InvalidWalletResponseError} not a list */
    decode(answer: unknown): readonly ListedGrant[]
  }
  /** Asks the account itself; undefined where it cannot be asked. Grants that are delegations need none. */
  readOnChain?(client: Client, grant: KnownGrant): Promise<OnChainGrant | undefined>
  /** How a grant is sent, where it is not by the provider. */
  request?(provider: Provider, request: WireRequest): Promise<unknown>
}
