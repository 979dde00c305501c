import { compare, type Difference } from './compare.js'
import { amountOf, contractNameOf, descriptionContext, nativeTokenOf, tokenOf, type DescribeOptions, type DescriptionContext, type Token } from './description.js'
import { describeFunction } from './describeFunction.js'
import { partyOf } from './describeValue.js'
import { momentText, periodText } from './describeMoment.js'
import { formatInteger } from './formatAmount.js'
import type { ContractCallPermission, Permission } from './permission.js'

/** One term of a permission, before and after. */
export type TermChange = { path: string; label: string; before: string; after: string; kind: Difference['kind'] }

/** What differs between two permissions, in words. Nothing where they allow the same. */
export function describeChanges(before: Permission, after: Permission, options: DescribeOptions = {}): readonly TermChange[] {
  const context = descriptionContext(options)
  return compare({ permissions: [before], expiry: 1 }, { permissions: [after], expiry: 1 }).map(({ path, kind }) => ({
    path,
    kind,
    label: labelOf(path, context),
    before: termText(before, path, context),
    after: termText(after, path, context),
  }))
}

function labelOf(path: string, { messages: { rows } }: DescriptionContext): string {
  const labels: Readonly<Record<string, string>> = {
    limit: rows.amount,
    max: rows.most,
    initial: rows.atOnce,
    perSecond: rows.rate,
    period: rows.period,
    payee: rows.payee,
    startTime: rows.start,
    callLimit: rows.calls,
    valueLimit: rows.value,
    functions: rows.function,
    address: rows.contract,
    token: rows.token,
    tokenId: rows.tokenId,
  }
  return labels[path] ?? rows.other
}

/** One term by the name of its field, also where it is left out. */
export function termText(permission: Permission, path: string, context: DescriptionContext): string {
  const { messages, locale } = context
  const value = (permission as Record<string, unknown>)[path]
  switch (path) {
    case 'limit':
    case 'max':
    case 'initial':
      return amountOf(context, spentToken(permission, context), value as bigint)
    case 'perSecond':
      return messages.streamRate({ amount: amountOf(context, spentToken(permission, context), value as bigint), period: messages.per('second') })
    case 'valueLimit':
      return value === 0n ? messages.nothingCarried : amountOf(context, nativeTokenOf(context), value as bigint)
    case 'callLimit':
      return value === undefined ? messages.anyNumberOfTimes : messages.atMostTimes(value as number, formatInteger(value as number, locale))
    case 'period':
      return periodText(context, value as number)
    case 'payee':
      return value === undefined ? messages.anyone : partyOf(context, value as `0x${string}`)
    case 'startTime':
      return value === undefined ? messages.fromTheStart : momentText(context, value as number, { zone: true })
    case 'functions':
      return functionsText(permission as ContractCallPermission, context)
    case 'address':
    case 'token':
      return partyOf(context, value as `0x${string}`)
    default:
      return String(value ?? messages.nothingCarried)
  }
}

function functionsText({ address, functions }: ContractCallPermission, context: DescriptionContext): string {
  const { messages, locale } = context
  if (!functions || functions.length === 0) return messages.rows.everyFunction
  const acts = functions.map((scope) => {
    const { act } = describeFunction(context, address, scope)
    return 'whole' in act ? act.whole : messages.callOn({ functions: act.onContract, contract: contractNameOf(context, address) })
  })
  return new Intl.ListFormat(locale, { type: 'conjunction' }).format(acts)
}

function spentToken(permission: Permission, context: DescriptionContext): Token {
  return 'token' in permission ? tokenOf(context, permission.token) : nativeTokenOf(context)
}
