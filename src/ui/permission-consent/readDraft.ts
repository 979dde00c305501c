import type { ConsentTerms } from '../../consent/consentRequest.js'
import type { Lowering } from '../../consent/lowerTerms.js'
import { adjustableLimits, limitBound, type AdjustableField, type AdjustableLimit, type LoweredLimits } from '../../permissions/adjustableLimits.js'
import { descriptionContext, nativeTokenOf, tokenOf, type DescribeOptions, type Token } from '../../permissions/description.js'
import { editableAmount, parseAmount } from '../../permissions/parseAmount.js'
import type { Permission, UnixSeconds } from '../../permissions/permission.js'

/** What stands in the fields of a consent, as it was typed. */
export type Draft = {
  texts: { readonly [path: string]: string }
  omitted: readonly number[]
  expiry?: UnixSeconds | undefined
}

export const emptyDraft: Draft = { texts: {}, omitted: [] }

/** `unreadable`: no number · `too-much`: more than was asked · `too-little`: nothing would be left of it */
export type DraftProblem = 'unreadable' | 'too-much' | 'too-little'

export type DraftReading = { lowering: Lowering; problems: { readonly [path: string]: DraftProblem } }

export function pathOf(permission: number, field: AdjustableField): string {
  return `${permission}.${field}`
}

/** What the fields take away, and which of them cannot be read. */
export function readDraft({ permissions }: Pick<ConsentTerms, 'permissions'>, { texts, omitted, expiry }: Draft, options: DescribeOptions): DraftReading {
  const limits: { [permission: number]: LoweredLimits } = {}
  const problems: { [path: string]: DraftProblem } = {}
  permissions.forEach((permission, index) => {
    if (omitted.includes(index)) return
    for (const limit of adjustableLimits(permission)) {
      const path = pathOf(index, limit.field)
      const text = texts[path]
      if (text === undefined) continue
      const read = readLimit(permission, limit, text, options)
      if (typeof read === 'string') problems[path] = read
      else if (read !== undefined) limits[index] = { ...limits[index], [limit.field]: read }
    }
  })
  return { lowering: { limits, omitted, expiry }, problems }
}

function readLimit(permission: Permission, limit: AdjustableLimit, text: string, options: DescribeOptions): bigint | DraftProblem | undefined {
  const bound = limitBound(permission, limit.field)
  if (text.trim() === '' && bound === undefined) return undefined
  const value = parseAmount(text, countedIn(permission, limit, options).decimals ?? 0, localeOf(options))
  if (value === undefined) return 'unreadable'
  if (bound !== undefined && value > bound) return 'too-much'
  return value < limit.least ? 'too-little' : value
}

/** How a field reads before anybody types. Empty where there is no limit. */
export function askedText(permission: Permission, limit: AdjustableLimit, options: DescribeOptions): string {
  const bound = limitBound(permission, limit.field)
  return bound === undefined ? '' : editableAmount(bound, countedIn(permission, limit, options).decimals ?? 0, localeOf(options))
}

/** What a limit counts; calls have no name of their own. */
export function countedIn(permission: Permission, { unit }: AdjustableLimit, options: DescribeOptions): Partial<Token> {
  const context = descriptionContext(options)
  if (unit === 'calls') return {}
  return unit === 'token' && 'token' in permission ? tokenOf(context, permission.token) : nativeTokenOf(context)
}

function localeOf(options: DescribeOptions): string {
  return descriptionContext(options).locale
}
