import type { Address, Hex } from 'viem'

/** Absolute seconds since 1970, as blocks count them. */
export type UnixSeconds = number

/**
 * A function that may be called. `signature` carries the argument names for people (`mint(address to)`).
 * `args` pins arguments: one entry per argument, ABI-encoded on its own, `null` where any value is allowed.
 */
export type FunctionScope = { signature: string; args?: readonly (Hex | null)[] | undefined }

type Common = {
  /** Nothing is allowed before this moment. */
  startTime?: UnixSeconds | undefined
  /** May be left out where the wallet cannot express it. */
  optional?: boolean | undefined
}

export type ContractCallPermission = Common & {
  type: 'contract-call'
  address: Address
  /** Left out: every function of the contract. */
  functions?: readonly FunctionScope[] | undefined
  /** How many calls in all. Left out: no limit. */
  callLimit?: number | undefined
  /** Native token that one call may carry, in wei. */
  valueLimit: bigint
}

type Payee = {
  /** The only allowed recipient. Left out: anyone. */
  payee?: Address | undefined
}
type Allowance = Common & Payee & { limit: bigint }
type Periodic = Common & Payee & { limit: bigint; period: number }
type Stream = Common & Payee & { initial: bigint; perSecond: bigint; max: bigint }
type Erc20 = { token: Address }

export type Erc20AllowancePermission = Allowance & Erc20 & { type: 'erc20-token-allowance' }
export type Erc20PeriodicPermission = Periodic & Erc20 & { type: 'erc20-token-periodic' }
export type Erc20StreamPermission = Stream & Erc20 & { type: 'erc20-token-stream' }
export type NativeAllowancePermission = Allowance & { type: 'native-token-allowance' }
export type NativePeriodicPermission = Periodic & { type: 'native-token-periodic' }
export type NativeStreamPermission = Stream & { type: 'native-token-stream' }
export type Erc721TransferPermission = Common & { type: 'erc721-token-transfer'; token: Address; tokenId: bigint }

export type Erc20Permission = Erc20AllowancePermission | Erc20PeriodicPermission | Erc20StreamPermission
export type NativePermission = NativeAllowancePermission | NativePeriodicPermission | NativeStreamPermission

/** One thing allowed. All limits inside it hold; a list of permissions means "any of these". @see ERC-7715 */
export type Permission = ContractCallPermission | Erc20Permission | NativePermission | Erc721TransferPermission

export type PermissionType = Permission['type']
