import type { Address } from 'viem'
import { amountPinned, freesAmount, readFunction, takesBack } from './functionPins.js'
import { isUnlimited } from './formatAmount.js'
import { controlsContract, impersonated, isApproval, runsOtherCalls } from './knownFunctions.js'
import { metadataOf, type PermissionMetadata } from './metadata.js'
import type { ContractCallPermission, FunctionScope, Permission, UnixSeconds } from './permission.js'

export type RiskKind =
  /** Every function of a contract. */
  | 'whole-contract'
  /** A contract that says nothing of itself. */
  | 'unknown-contract'
  /** A function that cannot be read, or that goes by another one's name. */
  | 'unreadable-function'
  /** Lets somebody else move what the account holds: approve, increaseAllowance, permit, setApprovalForAll. */
  | 'approval'
  /** The same by a function that moves it at once, with a free amount. */
  | 'free-amount'
  /** Changes who or what controls a contract: transferOwnership, upgradeTo. */
  | 'controls-contract'
  /** Runs calls inside it that nobody can see: execute, multicall, delegatecall. */
  | 'runs-other-calls'
  /** No bound on what can be spent. */
  | 'unlimited-amount'
  /** It lasts longer than a season. */
  | 'far-expiry'

export type Risk = {
  kind: RiskKind
  /** Index of the permission; undefined where it is about the session. */
  permission: number | undefined
  /** The contract, where the risk is about one. */
  contract?: Address | undefined
  /** The function, by its signature as it was asked for. */
  signature?: string | undefined
}

export type RisksParameters = {
  permissions: readonly Permission[]
  expiry: UnixSeconds
  now: UnixSeconds
  metadata?: PermissionMetadata | undefined
}

/** A session that lasts longer is worth a second look. */
export const farExpirySeconds = 90 * 86_400

/** What a user should agree to knowingly. Harmless permissions have none. Pure. */
export function risksOf({ permissions, expiry, now, metadata }: RisksParameters): readonly Risk[] {
  const risks = permissions.flatMap((permission, index) => permissionRisks(permission, metadata).map((risk) => ({ ...risk, permission: index })))
  return expiry - now > farExpirySeconds ? [...risks, { kind: 'far-expiry', permission: undefined }] : risks
}

type Found = Omit<Risk, 'permission'>

function permissionRisks(permission: Permission, metadata: PermissionMetadata | undefined): readonly Found[] {
  switch (permission.type) {
    case 'contract-call':
      return callRisks(permission, metadata)
    case 'erc20-token-allowance':
    case 'erc20-token-periodic':
      return [...unknownContract(permission.token, metadata), ...unlimited([permission.limit])]
    case 'native-token-allowance':
    case 'native-token-periodic':
      return unlimited([permission.limit])
    case 'erc20-token-stream':
      return [...unknownContract(permission.token, metadata), ...unlimited([permission.max])]
    case 'native-token-stream':
      return unlimited([permission.max])
    case 'erc721-token-transfer':
      return unknownContract(permission.token, metadata)
    default:
      return permission satisfies never
  }
}

function callRisks({ address, functions, callLimit, valueLimit }: ContractCallPermission, metadata: PermissionMetadata | undefined): readonly Found[] {
  const scopes = functions && functions.length > 0 ? functions : undefined
  const ofFunctions = scopes?.flatMap((scope) => functionRisks(scope).map((kind): Found => ({ kind, contract: address, signature: scope.signature })))
  const moves = scopes?.some((scope) => (amountPinned(scope) ?? 0n) > 0n) ?? false
  const unbounded = isUnlimited(valueLimit) || (callLimit === undefined && (valueLimit > 0n || moves))
  return [
    ...unknownContract(address, metadata),
    ...(ofFunctions ?? [{ kind: 'whole-contract', contract: address } as const]),
    ...(unbounded ? [{ kind: 'unlimited-amount' } as const] : []),
  ]
}

function functionRisks(scope: FunctionScope): readonly RiskKind[] {
  const read = readFunction(scope)
  if (!read || impersonated(read.item)) return ['unreadable-function']
  const { name } = read.item
  if (takesBack(scope)) return []
  const amount = amountPinned(scope)
  return [
    ...(isApproval(name) ? (['approval'] as const) : []),
    ...(!isApproval(name) && freesAmount(scope) ? (['free-amount'] as const) : []),
    ...(amount !== undefined && isUnlimited(amount) ? (['unlimited-amount'] as const) : []),
    ...(controlsContract(name) ? (['controls-contract'] as const) : []),
    ...(runsOtherCalls(name) ? (['runs-other-calls'] as const) : []),
  ]
}

function unknownContract(contract: Address, metadata: PermissionMetadata | undefined): readonly Found[] {
  const { name, symbol } = metadataOf(metadata, contract)
  return name || symbol ? [] : [{ kind: 'unknown-contract', contract }]
}

function unlimited(amounts: readonly bigint[]): readonly Found[] {
  return amounts.some((amount) => isUnlimited(amount)) ? [{ kind: 'unlimited-amount' }] : []
}
