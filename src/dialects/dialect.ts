import type { Address } from 'viem'
import type { GrantedPermission } from '../delegation/grantedPermission.js'
import type { Permission, PermissionType, UnixSeconds } from '../permissions/permission.js'

/** The part of an EIP-1193 provider that dialects use. */
export type Provider = { request(request: { method: string; params?: unknown }): Promise<unknown> }

export type GrantRequest = {
  chainId: number
  account: Address
  /** The session key. */
  delegate: Address
  permissions: readonly Permission[]
  expiry: UnixSeconds
}

/** What could not be said in the wallet's words. `path` points into the request. */
export type Loss = { path: string; kind: 'widened' | 'narrowed' | 'dropped'; reason: string }

export type WireRequest = { method: string; params: unknown }

export type GrantAnswer = { account: Address | undefined; delegate: Address; granted: readonly GrantedPermission[]; expiry: UnixSeconds }

/** What a wallet can grant on a chain, as far as it says so. */
export type SupportedPermissions = { dialect: DialectId; types: ReadonlySet<PermissionType> }

export type DialectId = 'erc7715'

/** How a wallet speaks. One file each; encoding and decoding are pure. */
export type Dialect = {
  id: DialectId
  /** Who asks the user. */
  consent: 'wallet' | 'none'
  /** Asks the wallet without a prompt and without a side effect; undefined when it does not speak this dialect. */
  supports(provider: Provider, chainId: number): Promise<SupportedPermissions | undefined>
  encodeGrant(request: GrantRequest): WireRequest
  /** @throws {InvalidWalletResponseError} anything but the exact shape */
  decodeGrant(answer: unknown, request: GrantRequest): GrantAnswer
  /** One request per granted context. */
  encodeRevoke(granted: GrantedPermission): WireRequest
}
