import { isAddress, isAddressEqual, toFunctionSelector, zeroAddress, type Address } from 'viem'
import { latestMoment } from './expiry.js'
import { ForbiddenTargetError, InvalidPermissionError, UndoneLimitError } from './errors.js'
import { parseFunctionSignature } from './functionSignature.js'
import { calldataScope } from './pinnedCalldata.js'
import type { ContractCallPermission, Permission } from './permission.js'

export type ValidatePermissionsParameters = {
  permissions: readonly Permission[]
  /** The account that grants: calls of itself are refused. */
  account: Address
  /** Contracts of the delegation engine: calls of them are refused. */
  isEngineContract: (address: Address) => boolean
}

/**
 * Refuses what must never be asked for or granted, before anybody is prompted.
 * @throws {InvalidPermissionError} a value out of range
 * @throws {ForbiddenTargetError} a scope on the account itself or on the delegation engine
 * @throws {UndoneLimitError} a list in which one permission spends past another's limit
 */
export function validatePermissions({ permissions, account, isEngineContract }: ValidatePermissionsParameters): void {
  if (permissions.length === 0) throw new InvalidPermissionError('A session needs at least one permission.')
  for (const permission of permissions) {
    validateValues(permission)
    for (const address of targets(permission)) {
      if (isAddressEqual(address, account)) throw new ForbiddenTargetError({ address, what: 'the account itself' })
      if (isEngineContract(address)) throw new ForbiddenTargetError({ address, what: 'part of the delegation engine' })
      if (isAddressEqual(address, zeroAddress)) throw new InvalidPermissionError('The zero address is no contract.')
    }
  }
  for (const permission of permissions) {
    if (permission.type === 'contract-call') refuseUndoneLimits(permission, permissions)
  }
}

function targets(permission: Permission): Address[] {
  if (permission.type === 'contract-call') return [permission.address]
  const payee = 'payee' in permission && permission.payee ? [permission.payee] : []
  return 'token' in permission ? [permission.token] : payee
}

function validateValues(permission: Permission): void {
  const refuse = (reason: string): never => {
    throw new InvalidPermissionError(`${permission.type}: ${reason}`)
  }
  const amount = (name: string, value: bigint, least = 0n) => {
    if (typeof value !== 'bigint' || value < least || value >= 1n << 256n) refuse(`${name} must be an amount of at least ${least}.`)
  }
  const { startTime } = permission
  if (startTime !== undefined && !(Number.isInteger(startTime) && startTime > 0 && startTime <= latestMoment)) {
    refuse('startTime must be unix seconds.')
  }
  const addresses = [
    ...(permission.type === 'contract-call' ? [permission.address] : []),
    ...('token' in permission ? [permission.token] : []),
    ...('payee' in permission && permission.payee !== undefined ? [permission.payee] : []),
  ]
  for (const address of addresses) {
    if (!isAddress(address, { strict: false })) refuse(`${String(address).slice(0, 60)} is not an address.`)
  }
  switch (permission.type) {
    case 'contract-call': {
      amount('valueLimit', permission.valueLimit)
      const { callLimit, functions } = permission
      if (callLimit !== undefined && !(Number.isSafeInteger(callLimit) && callLimit > 0)) refuse('callLimit must be a whole number above 0.')
      if (functions?.length === 0) refuse('functions is empty; leave it out to allow the whole contract.')
      functions?.forEach(calldataScope)
      return
    }
    case 'erc20-token-allowance':
    case 'native-token-allowance':
      return amount('limit', permission.limit, 1n)
    case 'erc20-token-periodic':
    case 'native-token-periodic':
      amount('limit', permission.limit, 1n)
      if (!(Number.isSafeInteger(permission.period) && permission.period > 0)) refuse('period must be whole seconds above 0.')
      return
    case 'erc20-token-stream':
    case 'native-token-stream':
      amount('initial', permission.initial)
      amount('perSecond', permission.perSecond)
      amount('max', permission.max, 1n)
      if (permission.max < permission.initial) refuse('max is below initial.')
      return
    case 'erc721-token-transfer':
      return amount('tokenId', permission.tokenId)
    default:
      return permission satisfies never
  }
}

/** Moves or approves an ERC-721 token. */
const erc721Selectors = new Set(
  [
    'approve(address,uint256)',
    'setApprovalForAll(address,bool)',
    'transferFrom(address,address,uint256)',
    'safeTransferFrom(address,address,uint256)',
    'safeTransferFrom(address,address,uint256,bytes)',
    'multicall(bytes[])',
  ].map((signature) => toFunctionSelector(`function ${signature}`)),
)

function refuseUndoneLimits(call: ContractCallPermission, permissions: readonly Permission[]): void {
  for (const limited of permissions) {
    if (limited.type === 'contract-call') continue
    if (!('token' in limited)) {
      // A call that carries native token spends it; a call limit bounds how often, and the consent shows the product.
      if (call.valueLimit > 0n && call.callLimit === undefined) throw new UndoneLimitError({ token: 'native', signature: undefined })
      continue
    }
    if (!isAddressEqual(limited.token, call.address)) continue
    if (!call.functions) throw new UndoneLimitError({ token: limited.token, signature: undefined })
    for (const scope of call.functions) {
      const calldata = calldataScope(scope)
      if (calldata.type === 'exact') continue
      // A fungible token may move its holder's balance in any function, so every free argument counts; an NFT
      // collection also mints, sells and upgrades, so there the known ways out are named.
      const moves = limited.type === 'erc721-token-transfer' ? erc721Selectors.has(calldata.selector) : parseFunctionSignature(scope.signature).inputs.length > 0
      if (moves) throw new UndoneLimitError({ token: limited.token, signature: scope.signature })
    }
  }
}
