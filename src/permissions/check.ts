import { hexToBigInt, isAddressEqual, size, slice, type Address, type Hex } from 'viem'
import { findRoom } from './findRoom.js'
import { findFunctionGroup, functionGroups } from './functionGroups.js'
import type { Permission, UnixSeconds } from './permission.js'
import { streamOverflows } from './streamOverflows.js'

/** A call as the account would make it. */
export type Call = { to: Address; value: bigint; data: Hex }

/** What is left of one permission, as read from the chain. */
export type PermissionUsage = {
  /**
   * Calls left; undefined where the permission limits none. `left` is undefined where it is not known how many were made. `atOnce`: how many
   * a batch may hold even so; left out: as many as the limit, which the wallet then keeps.
   */
  calls?: { limit: number; left: number | undefined; atOnce?: number | undefined } | undefined
  /** Smallest units left now; undefined where the permission has no amount. */
  amount?: { limit: bigint; left: bigint } | undefined
}

export type CheckParameters = {
  permissions: readonly Permission[]
  expiry: UnixSeconds
  calls: readonly Call[]
  /** The chain's time. */
  now: UnixSeconds
  /** One entry per permission; left out, every limit counts as untouched. */
  usage?: readonly (PermissionUsage | undefined)[] | undefined
  /** Indexes of permissions that count as not there: revoked ones. */
  without?: ReadonlySet<number> | undefined
}

/** Why a call is not allowed. `permission` is the index of the one that came nearest. */
export type Refusal = { call: number } & (
  | { reason: 'expired'; expiry: UnixSeconds }
  | { reason: 'contract-not-allowed'; to: Address }
  | { reason: 'function-not-allowed'; to: Address; selector: Hex; permission: number }
  | { reason: 'argument-not-allowed'; to: Address; selector: Hex; permission: number; group?: number | undefined }
  | { reason: 'payee-not-allowed'; payee: Address; permission: number }
  | { reason: 'value-too-high'; limit: bigint; value: bigint; permission: number }
  /** `atOnce`: how many calls a batch may hold, where it is not known how many are left. */
  | { reason: 'call-limit-exceeded'; limit: number; atOnce?: number | undefined; permission: number }
  | { reason: 'spend-limit-exceeded'; token: Address | 'native'; limit: bigint; left: bigint; wanted: bigint; permission: number }
  | { reason: 'not-started'; startTime: UnixSeconds; permission: number }
)

/** Which permission, and which group of functions inside it, allows a call. */
export type Cover = { permission: number; group?: number | undefined }

export type Verdict =
  | { allowed: true; covers: readonly Cover[] }
  /** `undecided`: calls that would fit one by one could be shared out among the permissions in more ways than were tried. */
  | { allowed: false; refusals: readonly Refusal[]; undecided?: true }

/**
 * Would the chain allow these calls, in this order, as one atomic batch? Decided locally; the chain has the last word.
 * Each call goes to the first permission that fits and has room, those for one payee before the others; where that leaves one without room,
 * to another that fits. Where it is not known how many calls were made, a batch is held to what may be made at once.
 * Mirrors the enforcers' own rules (`permissionCaveats`). Of what the called contract does, or what the account owns, it knows nothing.
 */
export function check({ permissions, expiry, calls: given, now, usage, without }: CheckParameters): Verdict {
  if (now >= expiry) return { allowed: false, refusals: [{ call: 0, reason: 'expired', expiry }] }
  const calls = given.map((call) => ({ ...call, data: call.data.toLowerCase() as Hex }))
  const unspent = () => permissions.map((permission, index) => leftOf(usage?.[index] ?? untouched(permission)))
  const candidates = permissions
    .map((permission, index) => ({ permission, index }))
    .filter(({ index }) => !without?.has(index))
    .sort((a, b) => narrowness(b.permission) - narrowness(a.permission))
  const first = inTurn(candidates, calls, unspent(), now)
  if (first.refusals.length === 0) return { allowed: true, covers: first.covers.map((permission, call) => coverOf(permissions, permission, calls[call])) }
  const shared = sharedOut(candidates, calls, unspent(), now)
  if (shared === 'none') return { allowed: false, refusals: first.refusals }
  if (shared === 'undecided') return { allowed: false, refusals: first.refusals, undecided: true }
  return { allowed: true, covers: shared.map((permission, call) => coverOf(permissions, permission, calls[call])) }
}

type Candidates = readonly { permission: Permission; index: number }[]

/** Each call, in its turn, to the first permission that has room for it. */
function inTurn(candidates: Candidates, calls: readonly Call[], left: readonly Left[], now: UnixSeconds): { covers: number[]; refusals: Refusal[] } {
  const covers: number[] = []
  const refusals: Refusal[] = []
  calls.forEach((call, index) => {
    let nearest: Refusal = { call: index, reason: 'contract-not-allowed', to: call.to }
    const fitting = candidates.find((candidate) => {
      const refusal = refuse(candidate.permission, candidate.index, left[candidate.index] ?? {}, call, now)
      if (!refusal) return true
      if (nearness(refusal) > nearness(nearest)) nearest = { ...refusal, call: index } as Refusal
      return false
    })
    if (!fitting) return refusals.push(nearest)
    spend(fitting.permission, left[fitting.index] ?? {}, call)
    return covers.push(fitting.index)
  })
  return { covers, refusals }
}

/** All calls, where each would be allowed alone and they only take each other's room. */
function sharedOut(candidates: Candidates, calls: readonly Call[], left: readonly Left[], now: UnixSeconds): ReturnType<typeof findRoom> {
  const wishes = calls.map((call) =>
    candidates
      .filter(({ permission, index }) => !refuse(permission, index, left[index] ?? {}, call, now))
      .map(({ permission, index }) => ({ permission: index, amount: left[index]?.amount ? amountOf(permission, call) : 0n })),
  )
  if (wishes.some((options) => options.length === 0)) return 'none'
  return findRoom(left.map(({ calls, amount }) => ({ calls: calls?.left, amount: amount?.left })), wishes)
}

function coverOf(permissions: readonly Permission[], permission: number, call: Call | undefined): Cover {
  return { permission, ...groupOf(permissions[permission] as Permission, call as Call) }
}

type Left = { calls?: { limit: number; left: number; atOnce: number | undefined } | undefined; amount?: { limit: bigint; left: bigint } | undefined }

function leftOf({ calls, amount }: PermissionUsage): Left {
  if (!calls) return { amount }
  const { limit, left, atOnce = limit } = calls
  return { amount, calls: left === undefined ? { limit, left: atOnce, atOnce } : { limit, left, atOnce: undefined } }
}

type Reason = Refusal extends infer refusal ? (refusal extends { reason: string } ? Omit<refusal, 'call'> : never) : never

const fromFarToNear = [
  'expired',
  'contract-not-allowed',
  'function-not-allowed',
  'argument-not-allowed',
  'payee-not-allowed',
  'value-too-high',
  'not-started',
  'call-limit-exceeded',
  'spend-limit-exceeded',
] as const satisfies readonly Refusal['reason'][]

/** What serves one payee only is used up first, so that what serves everybody is left for the others. */
function narrowness(permission: Permission): number {
  return 'payee' in permission && permission.payee !== undefined ? 1 : 0
}

function nearness({ reason }: { reason: Refusal['reason'] }): number {
  return fromFarToNear.indexOf(reason)
}

function refuse(permission: Permission, index: number, left: Left, call: Call, now: UnixSeconds): Reason | undefined {
  const at = { permission: index }
  const scope = permission.type === 'contract-call' ? refuseCall(permission, call, at) : refuseTransfer(permission, call, at)
  if (scope) return scope
  if (permission.startTime !== undefined && now < permission.startTime && !isNothingOfStream(permission, call)) {
    return { reason: 'not-started', startTime: permission.startTime, ...at }
  }
  if (left.calls && left.calls.left < 1) {
    const { limit, atOnce } = left.calls
    return { reason: 'call-limit-exceeded', limit, ...(atOnce === undefined ? {} : { atOnce }), ...at }
  }
  if (left.amount) {
    const wanted = amountOf(permission, call)
    if (wanted > left.amount.left || refusesEverything(permission, now)) {
      const token = 'token' in permission ? permission.token : 'native'
      return { reason: 'spend-limit-exceeded', token, limit: left.amount.limit, left: left.amount.left, wanted, ...at }
    }
  }
  return undefined
}

/** A stream's enforcer holds amounts back, not calls: a transfer of nothing goes through before the start too. */
function isNothingOfStream(permission: Permission, call: Call): boolean {
  return 'perSecond' in permission && amountOf(permission, call) === 0n
}

function refusesEverything(permission: Permission, now: UnixSeconds): boolean {
  return 'perSecond' in permission && permission.startTime !== undefined && streamOverflows({ ...permission, startTime: permission.startTime }, now)
}

type At = { permission: number }

function refuseCall(permission: Extract<Permission, { type: 'contract-call' }>, call: Call, at: At): Reason | undefined {
  const { to } = call
  if (!isAddressEqual(permission.address, to)) return { reason: 'contract-not-allowed', to }
  if (permission.functions) {
    const group = findFunctionGroup(functionGroups(permission.functions), call.data)
    const selector = selectorOf(call.data)
    if ('refused' in group) {
      return group.refused === 'other-function'
        ? { reason: 'function-not-allowed', to, selector, ...at }
        : { reason: 'argument-not-allowed', to, selector, ...at, group: group.nearest }
    }
  }
  if (call.value > permission.valueLimit) return { reason: 'value-too-high', limit: permission.valueLimit, value: call.value, ...at }
  return undefined
}

export const transferSelector = '0xa9059cbb'
const erc721Selectors = ['0x23b872dd', '0x42842e0e', '0xb88d4fde']

function refuseTransfer(permission: Exclude<Permission, { type: 'contract-call' }>, call: Call, at: At): Reason | undefined {
  const { to } = call
  const selector = selectorOf(call.data)
  if (!('token' in permission)) {
    // A plain transfer of the native token carries no calldata; with calldata it is a call of that contract.
    if (call.data !== '0x') return { reason: 'contract-not-allowed', to }
    if (permission.payee && !isAddressEqual(permission.payee, to)) return { reason: 'payee-not-allowed', payee: to, ...at }
    return undefined
  }
  if (!isAddressEqual(permission.token, to)) return { reason: 'contract-not-allowed', to }
  if (permission.type === 'erc721-token-transfer') {
    if (!erc721Selectors.includes(selector) || size(call.data) < 100) return { reason: 'function-not-allowed', to, selector, ...at }
    if ([0, 1].some((word) => !isAddressWord(wordAt(call.data, word)))) return { reason: 'argument-not-allowed', to, selector, ...at }
    if (wordAt(call.data, 2) !== permission.tokenId) return { reason: 'argument-not-allowed', to, selector, ...at }
  } else {
    if (selector !== transferSelector || size(call.data) !== 68) return { reason: 'function-not-allowed', to, selector, ...at }
    const payee = slice(call.data, 16, 36)
    if (permission.payee && wordAt(call.data, 0) !== BigInt(permission.payee)) return { reason: 'payee-not-allowed', payee, ...at }
  }
  if (call.value > 0n) return { reason: 'value-too-high', limit: 0n, value: call.value, ...at }
  return undefined
}

function spend(permission: Permission, left: Left, call: Call): void {
  if (left.calls) left.calls = { ...left.calls, left: left.calls.left - 1 }
  if (left.amount) left.amount = { ...left.amount, left: left.amount.left - amountOf(permission, call) }
}

/** What a transfer takes from the limit of a permission that has an amount. */
export function amountOf(permission: Permission, call: Call): bigint {
  return 'token' in permission ? wordAt(call.data, 1) : call.value
}

function groupOf(permission: Permission, call: Call): { group?: number } {
  if (permission.type !== 'contract-call' || !permission.functions) return {}
  const groups = functionGroups(permission.functions)
  const found = findFunctionGroup(groups, call.data)
  return groups.length > 1 && 'index' in found ? { group: found.index } : {}
}

/** The limits of a permission nobody has used. A stream counts only what it starts with. */
export function untouched(permission: Permission): PermissionUsage {
  switch (permission.type) {
    case 'contract-call':
      return permission.callLimit === undefined ? {} : { calls: { limit: permission.callLimit, left: permission.callLimit } }
    case 'erc20-token-stream':
    case 'native-token-stream':
      return { amount: { limit: permission.max, left: permission.initial } }
    case 'erc721-token-transfer':
      return {}
    default:
      return { amount: { limit: permission.limit, left: permission.limit } }
  }
}

/** The enforcer refuses the zero address, and words that hold more than an address. */
function isAddressWord(word: bigint): boolean {
  return word > 0n && word < 1n << 160n
}

function selectorOf(data: Hex): Hex {
  return size(data) >= 4 ? slice(data, 0, 4) : '0x'
}

function wordAt(data: Hex, index: number): bigint {
  return hexToBigInt(slice(data, 4 + 32 * index, 36 + 32 * index))
}
