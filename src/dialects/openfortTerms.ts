import { getAddress, isAddressEqual, maxUint256, type Address } from 'viem'
import { InvalidExpiryError, InvalidPermissionError } from '../permissions/errors.js'
import type { ContractCallPermission, Permission, PermissionType, UnixSeconds } from '../permissions/permission.js'
import type { Expression, FieldLoss } from './dialect.js'
import { maxContracts, unlimitedCalls } from './wire/openfortSession.js'

/** What all sessions of Openfort's have in common, however they are asked for: whole contracts, one count of calls, one end. */
export type SessionScope = {
  /** Each contract once. */
  whitelist: readonly Address[]
  /** For all contracts together; undefined where calls are not counted. */
  callLimit: number | undefined
}

/** Each permission in Openfort's words. `types`: what the wallet says it grants, where it says. */
export function expressTerms(permissions: readonly Permission[], types?: ReadonlySet<PermissionType>): readonly Expression[] {
  const refusals = refusalsOf(permissions, types)
  const said = contractCalls(permissions.filter((_, index) => refusals[index] === undefined))
  const callLimit = sharedCallLimit(said)
  return permissions.map((permission, index): Expression => {
    const impossible = refusals[index]
    return impossible === undefined ? expressOne(permission as ContractCallPermission, callLimit, said.length > 1) : { impossible }
  })
}

/**
 * What of expressed permissions reaches Openfort. Never an empty whitelist: that session may call everything.
 * @throws {InvalidPermissionError} there are none, or they were not put in Openfort's words before (`express`)
 */
export function sessionScope(permissions: readonly Permission[]): SessionScope {
  const more = expressTerms(permissions).some((said) => 'impossible' in said || said.losses.some(({ kind }) => kind === 'widened'))
  if (more) throw new InvalidPermissionError("An Openfort session would allow more than this: put it in Openfort's words first.")
  const contracts = contractCalls(permissions)
  if (contracts.length === 0) throw new InvalidPermissionError('An Openfort session without a contract is one for every contract.')
  // `registerSessionKey` counts a contract that is named twice as two.
  return { whitelist: [...new Set(contracts.map(({ address }) => getAddress(address)))], callLimit: sharedCallLimit(contracts) }
}

/** An absolute moment that is taken for a duration makes a session of 57 years. */
const longestSeconds = 10 * 365 * 86_400

/**
 * How long a session lasts that begins at `from`.
 * @throws {InvalidExpiryError} no time at all, or more than ten years
 */
export function sessionSeconds(expiry: UnixSeconds, from: UnixSeconds): number {
  const seconds = Math.floor(expiry - from)
  if (!(seconds > 0)) throw new InvalidExpiryError(`A session that ends at ${expiry} ends before Openfort could make it.`)
  if (seconds > longestSeconds) throw new InvalidExpiryError(`A session of ${seconds} seconds is longer than ten years.`)
  return seconds
}

/** What a session key may do with one contract: everything, with any amount of the native token. */
export function wholeContract(address: Address, callLimit: number | undefined): ContractCallPermission {
  return { type: 'contract-call', address, ...(callLimit === undefined ? {} : { callLimit }), valueLimit: maxUint256 }
}

/**
 * A whitelist names a contract once, however many permissions asked for it: that row answers each of them. What nobody asked
 * for stays in the list.
 */
export function alignWithRequest(rows: readonly ContractCallPermission[], asked: readonly Permission[]): readonly ContractCallPermission[] {
  const contracts = contractCalls(asked)
  if (new Set(contracts.map(({ address }) => getAddress(address))).size === contracts.length) return rows
  const unused = [...rows]
  const answers = contracts.flatMap(({ address }) => {
    const next = unused.findIndex((row) => isAddressEqual(row.address, address))
    const row = next < 0 ? rows.find((other) => isAddressEqual(other.address, address)) : unused.splice(next, 1)[0]
    return row ? [row] : []
  })
  return [...answers, ...unused]
}

function contractCalls(permissions: readonly Permission[]): readonly ContractCallPermission[] {
  return permissions.filter((permission) => permission.type === 'contract-call')
}

/** Why a permission cannot be said, by its place. */
function refusalsOf(permissions: readonly Permission[], types: ReadonlySet<PermissionType> | undefined): readonly (string | undefined)[] {
  const contracts = new Set<Address>()
  return permissions.map((permission) => {
    // erc20-token-transfer looks like a cap on a token and becomes the whole contract, `approve` and all.
    if (permission.type !== 'contract-call') return 'an Openfort session knows contracts only, no tokens and no amounts'
    if (types && !types.has('contract-call')) return 'the wallet does not grant contract-call'
    // The provider takes a limit of 0 for none.
    if (permission.callLimit !== undefined && !(permission.callLimit >= 1)) return 'an Openfort session cannot be limited to no calls'
    const contract = getAddress(permission.address)
    if (!contracts.has(contract) && contracts.size === maxContracts) return `an Openfort session holds ${maxContracts} contracts at most`
    contracts.add(contract)
    return undefined
  })
}

/** The key has one count for all of its calls, so the smallest limit is everybody's. */
function sharedCallLimit(permissions: readonly ContractCallPermission[]): number | undefined {
  const limits = permissions.flatMap(({ callLimit }) => (callLimit === undefined ? [] : [callLimit]))
  return limits.length === 0 ? undefined : Math.min(...limits, unlimitedCalls - 1)
}

function expressOne(asked: ContractCallPermission, callLimit: number | undefined, shared: boolean): Expression {
  const { address, functions, startTime, valueLimit, optional } = asked
  const rows: readonly (FieldLoss & { lost: boolean })[] = [
    { lost: functions !== undefined, field: 'functions', kind: 'widened', reason: 'an Openfort session may call every function of a contract' },
    { lost: valueLimit < maxUint256, field: 'valueLimit', kind: 'widened', reason: 'an Openfort session may send any amount of the native token' },
    { lost: startTime !== undefined, field: 'startTime', kind: 'widened', reason: 'an Openfort session starts at once' },
    {
      lost: callLimit !== undefined && (shared || callLimit !== asked.callLimit),
      field: 'callLimit',
      kind: 'narrowed',
      reason: shared ? `an Openfort session counts ${callLimit} calls for all its contracts together` : `an Openfort session counts to ${callLimit}`,
    },
  ]
  return {
    permission: { ...wholeContract(address, callLimit), ...(optional === undefined ? {} : { optional }) },
    losses: rows.filter(({ lost }) => lost).map(({ field, kind, reason }) => ({ field, kind, reason })),
  }
}
