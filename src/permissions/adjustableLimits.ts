import { isUnlimited } from './formatAmount.js'
import type { PermissionMessages } from './messages.js'
import type { Permission, PermissionType } from './permission.js'

export type AdjustableField = 'limit' | 'max' | 'callLimit' | 'valueLimit'

/** A limit that a user may lower, and in what it counts. */
export type AdjustableLimit = {
  field: AdjustableField
  /** `token`: smallest units of the permission's token · `native`: wei · `calls` */
  unit: 'token' | 'native' | 'calls'
  /** Less would be refused. */
  least: bigint
  label: keyof PermissionMessages['rows']
}

const amount: AdjustableLimit = { field: 'limit', unit: 'token', least: 1n, label: 'amount' }
const ceiling: AdjustableLimit = { field: 'max', unit: 'token', least: 1n, label: 'most' }

/** One row per limit; the consent makes an editor of each. */
const rows: { readonly [type in PermissionType]: readonly AdjustableLimit[] } = {
  'contract-call': [
    { field: 'callLimit', unit: 'calls', least: 1n, label: 'calls' },
    { field: 'valueLimit', unit: 'native', least: 0n, label: 'value' },
  ],
  'erc20-token-allowance': [amount],
  'erc20-token-periodic': [amount],
  'erc20-token-stream': [ceiling],
  'native-token-allowance': [{ ...amount, unit: 'native' }],
  'native-token-periodic': [{ ...amount, unit: 'native' }],
  'native-token-stream': [{ ...ceiling, unit: 'native' }],
  'erc721-token-transfer': [],
}

/** The limits of a permission that can still be lowered. */
export function adjustableLimits(permission: Permission): readonly AdjustableLimit[] {
  return rows[permission.type].filter(({ field, least }) => {
    const value = limitValue(permission, field)
    return value === undefined || value > least
  })
}

/** Undefined: there is no such limit, and so no bound. */
export function limitValue(permission: Permission, field: AdjustableField): bigint | undefined {
  const value = (permission as { [field in AdjustableField]?: bigint | number | undefined })[field]
  return value === undefined ? undefined : BigInt(value)
}

/** A limit as a bound that people can read; undefined where it is none. */
export function limitBound(permission: Permission, field: AdjustableField): bigint | undefined {
  const value = limitValue(permission, field)
  return value === undefined || isUnlimited(value) ? undefined : value
}

export type LoweredLimits = { readonly [field in AdjustableField]?: bigint | undefined }

/** The permission with some of its limits lowered. A value that would raise one changes nothing. */
export function lowerPermission<permission extends Permission>(permission: permission, lowered: LoweredLimits): permission {
  let lower: permission = permission
  for (const { field, least } of adjustableLimits(permission)) {
    const wanted = lowered[field]
    const asked = limitValue(permission, field)
    if (wanted === undefined || wanted < least || (asked !== undefined && wanted >= asked)) continue
    lower = { ...lower, [field]: field === 'callLimit' ? Number(wanted) : wanted }
    // What is there at once is a part of the most that there can be.
    if (field === 'max' && 'initial' in lower && lower.initial > wanted) lower = { ...lower, initial: wanted }
  }
  return lower
}
