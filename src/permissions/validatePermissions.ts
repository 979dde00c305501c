import { hexToBigInt, isAddress, isAddressEqual, slice, size, zeroAddress, type Address } from 'viem'
import { backdatingSeconds, latestMoment } from './expiry.js'
import { ForbiddenTargetError, InvalidPermissionError, UndoneLimitError } from './errors.js'
import { parseFunctionSignature } from './functionSignature.js'
import { impersonated, knownFunction } from './knownFunctions.js'
import { calldataScope, type CalldataScope } from './pinnedCalldata.js'
import type { ContractCallPermission, Erc20Permission, Erc721TransferPermission, FunctionScope, Permission, UnixSeconds } from './permission.js'

export type ValidatePermissionsParameters = {
  permissions: readonly Permission[]
  /** The account that grants: calls of itself are refused. */
  account: Address
  /** Contracts of the delegation engine: calls of them are refused. */
  isEngineContract: (address: Address) => boolean
  /** The latest block's time. Given, a stream or a period that began earlier is refused. */
  now?: UnixSeconds | undefined
}

/**
 * Refuses what must never be asked for or granted, before anybody is prompted.
 * @throws {InvalidPermissionError} a value out of range
 * @throws {ForbiddenTargetError} a scope on the account itself or on the delegation engine
 * @throws {UndoneLimitError} a list in which one permission spends past another's limit
 */
export function validatePermissions({ permissions, account, isEngineContract, now }: ValidatePermissionsParameters): void {
  if (permissions.length === 0) throw new InvalidPermissionError('A session needs at least one permission.')
  for (const permission of permissions) {
    validateValues(permission)
    if (now !== undefined) refuseBackdating(permission, now)
    for (const address of targets(permission)) {
      if (isAddressEqual(address, account)) throw new ForbiddenTargetError({ address, what: 'the account itself' })
      if (isEngineContract(address)) throw new ForbiddenTargetError({ address, what: 'part of the delegation engine' })
      if (isAddressEqual(address, zeroAddress)) throw new InvalidPermissionError('The zero address is no contract.')
    }
  }
  for (const permission of permissions) {
    if (permission.type === 'contract-call') refuseUndoneLimits(permission, permissions)
    if (permission.type === 'erc721-token-transfer') refuseTwoStandards(permission, permissions)
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
      functions?.forEach(refuseImpersonation)
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

/** The chain allows four bytes, whatever name they were asked for under. */
function refuseImpersonation({ signature }: FunctionScope): void {
  const known = impersonated(parseFunctionSignature(signature))
  if (!known) return
  throw new InvalidPermissionError(`To a contract ${signature.slice(0, 120)} is ${known.signature}: both have the same selector.`, {
    metaMessages: [`Ask for ${known.signature} by its own name, or give the other function another one.`],
  })
}

/** What has run since the start could be spent at once, while the words speak of a rate. */
function refuseBackdating(permission: Permission, now: UnixSeconds): void {
  const { startTime } = permission
  if (!('period' in permission || 'perSecond' in permission) || startTime === undefined || startTime >= now - backdatingSeconds) return
  throw new InvalidPermissionError(`${permission.type}: startTime ${startTime} has passed: the chain is at ${now}.`, {
    metaMessages: ['Leave startTime out to begin now.'],
  })
}

function refuseUndoneLimits(call: ContractCallPermission, permissions: readonly Permission[]): void {
  for (const limited of permissions) {
    if (limited.type === 'contract-call') continue
    if (!('token' in limited)) {
      // A call that carries native token spends it; a call limit bounds how often, and the consent shows the product.
      if (call.valueLimit > 0n && call.callLimit === undefined) throw new UndoneLimitError({ token: 'native', by: 'any number of calls that carry it' })
      continue
    }
    if (!isAddressEqual(limited.token, call.address)) continue
    if (!call.functions) throw new UndoneLimitError({ token: limited.token, by: 'every function of that contract' })
    for (const scope of call.functions) {
      const by = waysPast(limited, call, scope)
      if (by) throw new UndoneLimitError({ token: limited.token, by: `${scope.signature} ${by}` })
    }
  }
}

function waysPast(limited: Erc20Permission | Erc721TransferPermission, { callLimit }: ContractCallPermission, scope: FunctionScope): string | undefined {
  const calldata = calldataScope(scope)
  const nft = limited.type === 'erc721-token-transfer'
  // What the same NFT does twice it does once; an amount adds up. Four bytes alone name no amount and no recipient.
  const repeatable = nft || callLimit !== undefined || (calldata.type === 'exact' && (size(calldata.data) === 4 || takesBack(calldata)))
  if (calldata.type === 'exact') return repeatable ? undefined : 'any number of times'
  if (knownFunction(calldata.selector)) return 'with free arguments'
  // A fungible token may move its holder's balance in any function, and four bytes do not prove which one is called: a
  // function without arguments counts too until its calldata is pinned. An NFT collection also mints, sells and
  // upgrades, so there the known ways out are named.
  if (nft) return undefined
  return parseFunctionSignature(scope.signature).inputs.length > 0 ? 'with free arguments' : 'with anything after its four bytes (pin it: args: [])'
}

/** `approve(spender, 0)` may be repeated. */
function takesBack({ selector, data }: Extract<CalldataScope, { type: 'exact' }>): boolean {
  return knownFunction(selector)?.signature === 'approve(address,uint256)' && hexToBigInt(slice(data, 36, 68)) === 0n
}

/** On an ERC-20 the transfer of "one token" by its id is a transfer of that amount, as often as wanted. */
function refuseTwoStandards({ token }: Erc721TransferPermission, permissions: readonly Permission[]): void {
  const asErc20 = permissions.some((other) => other.type !== 'erc721-token-transfer' && 'token' in other && isAddressEqual(other.token, token))
  if (asErc20) throw new UndoneLimitError({ token, by: 'a transfer of it as an ERC-721 token, with an amount for an id,' })
}
