import type { Address } from 'viem'
import { amountPinned, freesAmount, readFunction, takesBack } from './functionPins.js'
import { isUnlimited } from './formatAmount.js'
import { isApproval, runsOtherCalls } from './knownFunctions.js'
import { knownDecimals } from './formatAmount.js'
import { metadataOf, type PermissionMetadata } from './metadata.js'
import type { ContractCallPermission, Permission, UnixSeconds } from './permission.js'

/** What one permission can come to until the session ends. */
export type ExposurePart = {
  /** Index of the permission. */
  permission: number
  /** Smallest units; undefined: without limit. */
  total: bigint | undefined
  /** Where it renews: so much, so many times. */
  renews?: { limit: bigint; periodSeconds: number; periods: bigint } | undefined
}

/** What all permissions together can spend of one token, at worst, over the whole life of the session. */
export type TokenExposure = {
  token: Address | 'native'
  /** Smallest units; undefined: without limit. */
  total: bigint | undefined
  parts: readonly ExposurePart[]
}

export type Exposure = {
  tokens: readonly TokenExposure[]
  /** Permissions whose calls may spend what nobody can tell from here. */
  unknown: readonly number[]
}

export type ExposureParameters = {
  permissions: readonly Permission[]
  expiry: UnixSeconds
  now: UnixSeconds
  /** Tells a token from another contract: an amount of what has no decimals may be an id. */
  metadata?: PermissionMetadata | undefined
}

/** The worst case, summed up per token. Every figure is at least what the chain would allow. Pure. */
export function exposureOf({ permissions, expiry, now, metadata }: ExposureParameters): Exposure {
  const tokens = new Map<string, { token: Address | 'native'; parts: ExposurePart[] }>()
  const unknown: number[] = []
  permissions.forEach((permission, index) => {
    const found = partsOf(permission, { expiry, now, metadata })
    if (found === 'unknown' || found.some(({ opaque }) => opaque)) unknown.push(index)
    if (found === 'unknown') return
    for (const { token, total, renews } of found) {
      if (token === undefined || total === 0n) continue
      const key = token.toLowerCase()
      const entry = tokens.get(key) ?? { token, parts: [] }
      entry.parts.push({ permission: index, total, ...(renews ? { renews } : {}) })
      tokens.set(key, entry)
    }
  })
  return { tokens: [...tokens.values()].map(({ token, parts }) => ({ token, parts, total: sum(parts.map(({ total }) => total)) })), unknown }
}

type Life = Pick<ExposureParameters, 'expiry' | 'now' | 'metadata'>
type Part = { token?: Address | 'native'; total?: bigint | undefined; renews?: ExposurePart['renews']; opaque?: boolean }

function partsOf(permission: Permission, life: Life): readonly Part[] | 'unknown' {
  const token = 'token' in permission ? permission.token : 'native'
  switch (permission.type) {
    case 'contract-call':
      return callParts(permission, life)
    case 'erc20-token-allowance':
    case 'native-token-allowance':
      return [{ token, total: bounded(permission.limit) }]
    case 'erc20-token-periodic':
    case 'native-token-periodic': {
      const { limit, period } = permission
      const periods = periodsUntil(permission, life)
      return [{ token, total: isUnlimited(limit) ? undefined : bounded(limit * periods), renews: { limit, periodSeconds: period, periods } }]
    }
    case 'erc20-token-stream':
    case 'native-token-stream': {
      const { initial, perSecond, max } = permission
      const grown = initial + perSecond * BigInt(secondsUntil(permission, life))
      return [{ token, total: bounded(grown < max ? grown : max) }]
    }
    case 'erc721-token-transfer':
      return []
    default:
      return permission satisfies never
  }
}

function callParts({ address, functions, callLimit, valueLimit }: ContractCallPermission, { metadata }: Life): readonly Part[] | 'unknown' {
  const carried: Part[] = valueLimit === 0n ? [] : [{ token: 'native', total: isUnlimited(valueLimit) || callLimit === undefined ? undefined : valueLimit * BigInt(callLimit) }]
  if (!functions || functions.length === 0) return [...carried, { opaque: true }]
  const isToken = knownDecimals(metadataOf(metadata, address).decimals) !== undefined
  // One call makes one of the functions, so the dearest one counts.
  const amounts = functions.filter((scope) => !takesBack(scope)).map((scope) => (freesAmount(scope) ? undefined : (amountPinned(scope) ?? 0n)))
  const most = amounts.includes(undefined) ? undefined : amounts.reduce<bigint>((a, b) => ((b ?? 0n) > a ? (b ?? 0n) : a), 0n)
  const moved = most === undefined || isUnlimited(most) || (callLimit === undefined && most > 0n) ? undefined : most * BigInt(callLimit ?? 0)
  const opaque = functions.some((scope) => {
    const read = readFunction(scope)
    return !read || runsOtherCalls(read.item.name) || (isApproval(read.item.name) && !takesBack(scope) && !read.known?.roles.includes('amount'))
  })
  const ofToken: Part[] = isToken ? [{ token: address, total: moved }] : most === 0n ? [] : [{ opaque: true }]
  return [...carried, ...ofToken, ...(opaque ? [{ opaque }] : [])]
}

/** How long a permission can be used, in seconds. */
export function secondsUntil({ startTime }: Permission, { now, expiry }: { now?: UnixSeconds | undefined; expiry?: UnixSeconds | undefined }): number {
  const start = startTime ?? now
  return start === undefined || expiry === undefined ? 0 : Math.max(0, expiry - start)
}

/** Periods that begin before the end; a period that has just begun counts whole. */
export function periodsUntil(permission: Permission & { period: number }, life: { now?: UnixSeconds | undefined; expiry?: UnixSeconds | undefined }): bigint {
  return BigInt(Math.ceil(secondsUntil(permission, life) / permission.period))
}

function sum(totals: readonly (bigint | undefined)[]): bigint | undefined {
  return totals.includes(undefined) ? undefined : bounded(totals.reduce<bigint>((total, one) => total + (one ?? 0n), 0n))
}

function bounded(amount: bigint): bigint | undefined {
  return isUnlimited(amount) ? undefined : amount
}
