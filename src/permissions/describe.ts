import { isAddressEqual } from 'viem'
import {
  amountDetail,
  amountOf,
  contractNameOf,
  descriptionContext,
  nativeTokenOf,
  tokenOf,
  type DescribeOptions,
  type DescriptionContext,
  type DescriptionRow,
  type Token,
} from './description.js'
import { describeFunction, type FunctionDescription } from './describeFunction.js'
import { momentText, describeExpiry, periodText } from './describeMoment.js'
import { partyOf } from './describeValue.js'
import { backdatingSeconds } from './expiry.js'
import { periodsUntil, secondsUntil } from './exposure.js'
import { formatInteger, isUnlimited } from './formatAmount.js'
import type { Phrase } from './messages.js'
import type {
  ContractCallPermission,
  Erc20Permission,
  Erc20StreamPermission,
  Erc721TransferPermission,
  NativePermission,
  NativeStreamPermission,
  Permission,
  UnixSeconds,
} from './permission.js'
import { nameInSentence } from './untrustedText.js'

export type PermissionDescription = {
  /** `mint on Sword, at most 50 times` */
  summary: string
  rows: readonly DescriptionRow[]
  warnings: readonly string[]
}

/** What one permission allows, in words. Nothing here is rounded or left out: the rows carry the exact forms. */
export function describePermission(permission: Permission, options: DescribeOptions = {}): PermissionDescription {
  const context = descriptionContext(options)
  const { summary, rows, warnings: own } = describe(permission, context)
  const warnings = [...own, ...sharedWarnings(permission, context)]
  return {
    summary: context.messages.summary(summary),
    rows: [...rows, ...warnings.map((value) => ({ kind: 'warning', label: context.messages.rows.warning, value }) as const)],
    warnings,
  }
}

export type DescribeSessionParameters = Omit<DescribeOptions, 'now' | 'expiry'> & {
  /** What the app calls itself. */
  appName?: string | undefined
  permissions: readonly Permission[]
  expiry: UnixSeconds
  now: UnixSeconds
}

/** The whole session in one sentence. */
export function describeSession({ appName, permissions, expiry, now, ...options }: DescribeSessionParameters): string {
  const context = descriptionContext({ ...options, now, expiry })
  const { messages, locale } = context
  const clauses = permissions.map((permission) => {
    const { summary, clause } = describe(permission, context)
    return messages.clause(clause ?? summary)
  })
  return messages.session({
    app: nameInSentence(appName, messages.quoted) ?? messages.thisApp,
    may: new Intl.ListFormat(locale, { type: 'conjunction' }).format(clauses),
    until: momentText(context, expiry, { zone: false }),
    relative: describeExpiry(expiry, now, context).relative,
  })
}

type Described = {
  summary: Phrase
  /** How it reads after "may"; left out where the summary does. */
  clause?: Phrase
  rows: readonly DescriptionRow[]
  warnings: readonly string[]
}

function describe(permission: Permission, context: DescriptionContext): Described {
  switch (permission.type) {
    case 'contract-call':
      return describeContractCall(permission, context)
    case 'erc20-token-allowance':
    case 'erc20-token-periodic':
    case 'erc20-token-stream':
      return describeSpending(permission, tokenOf(context, permission.token), context)
    case 'native-token-allowance':
    case 'native-token-periodic':
    case 'native-token-stream':
      return describeSpending(permission, nativeTokenOf(context), context)
    case 'erc721-token-transfer':
      return describeNft(permission, context)
    default:
      return permission satisfies never
  }
}

function sharedWarnings(permission: Permission, context: DescriptionContext): string[] {
  const key = spentToken(permission)
  if (key === undefined || !context.among?.some((other) => other !== permission && spentToken(other) === key)) return []
  return [context.messages.addsUp('token' in permission ? tokenOf(context, permission.token).name : nativeTokenOf(context).name)]
}

function spentToken(permission: Permission): string | undefined {
  if (permission.type === 'contract-call' || permission.type === 'erc721-token-transfer') return undefined
  return 'token' in permission ? permission.token.toLowerCase() : 'native'
}

/** A longer list of names ends in a count; the rows name every one. */
const mostNames = 4

function describeContractCall(permission: ContractCallPermission, context: DescriptionContext): Described {
  const { address, functions, callLimit, valueLimit } = permission
  const { messages, locale } = context
  const contract = contractNameOf(context, address)
  const described = functions?.map((scope) => describeFunction(context, address, scope))

  const many = callLimit === undefined ? undefined : messages.atMostTimes(callLimit, formatInteger(callLimit, locale))
  const value = valueQualifiers(permission, context)
  const start = startQualifiers(permission, context)
  const contractRow: DescriptionRow = { kind: 'contract', label: messages.rows.contract, value: contract, address }
  const rows: DescriptionRow[] = [
    contractRow,
    ...(described ? described.flatMap(({ rows }) => rows) : [{ kind: 'function', label: messages.rows.function, value: messages.rows.everyFunction } as const]),
    { kind: 'limit', label: messages.rows.calls, value: many ?? messages.anyNumberOfTimes },
    ...(value.length > 0
      ? [{ kind: 'amount', label: messages.rows.value, value: messages.summary({ act: value[0] ?? '', qualifiers: value.slice(1) }), detail: amountDetail(context, nativeTokenOf(context), valueLimit) } as const]
      : []),
    ...startRows(permission, context),
  ]
  const native = nativeTokenOf(context).name
  const unlimitedValue = isUnlimited(valueLimit) ? [messages.unlimitedSpend(native)] : valueLimit > 0n && callLimit === undefined ? [messages.unlimitedCalls(native)] : []

  if (!described) {
    const qualifiers = [many ?? messages.noLimit, ...value, ...start]
    return {
      summary: { act: messages.wholeContract(contract), qualifiers },
      clause: { act: messages.doWholeContract(contract), qualifiers },
      rows,
      warnings: [messages.wholeContractWarning(contract), ...unlimitedValue],
    }
  }

  const moves = described.some(({ amount = 0n }) => amount > 0n)
  const unlimitedRepeats = moves && callLimit === undefined ? [messages.unlimitedRepeats(tokenOf(context, address).name)] : []
  const or = new Intl.ListFormat(locale, { type: 'disjunction' })
  const names = described.flatMap(({ act }) => ('onContract' in act ? [act.onContract] : []))
  const others = names.length - mostNames + 1
  const shown = names.length > mostNames ? [...names.slice(0, mostNames - 1), messages.otherFunctions(others, formatInteger(others, locale))] : names
  const acts = [
    ...(names.length > 0 ? [messages.callOn({ functions: or.format(shown), contract })] : []),
    ...described.flatMap(({ act }) => ('whole' in act ? [act.whole] : [])),
  ]
  return {
    summary: { act: or.format(acts), qualifiers: [many ?? messages.anyNumberOfTimes, ...totalQualifiers(described, permission, context), ...value, ...start] },
    rows,
    warnings: unique([...described.flatMap(({ warnings }) => warnings), ...unlimitedRepeats, ...unlimitedValue]),
  }
}

/** What pinned amounts come to, where every function has one. */
function totalQualifiers(described: readonly FunctionDescription[], { address, callLimit }: ContractCallPermission, context: DescriptionContext): string[] {
  if (callLimit === undefined || callLimit === 1) return []
  const amounts = described.flatMap(({ amount }) => amount ?? [])
  const largest = amounts.reduce((most, amount) => (amount > most ? amount : most), 0n)
  if (amounts.length < described.length || largest === 0n || isUnlimited(largest)) return []
  return [context.messages.amountInAll(amountOf(context, tokenOf(context, address), largest * BigInt(callLimit)))]
}

function valueQualifiers({ valueLimit, callLimit }: ContractCallPermission, context: DescriptionContext): string[] {
  if (valueLimit === 0n) return []
  const { messages } = context
  const native = nativeTokenOf(context)
  if (isUnlimited(valueLimit)) return [messages.valueUnlimited(native.name)]
  const perCall = messages.valuePerCall(amountOf(context, native, valueLimit))
  return callLimit === undefined || callLimit === 1
    ? [perCall]
    : [perCall, messages.amountInAll(amountOf(context, native, valueLimit * BigInt(callLimit)))]
}

function describeSpending(permission: Erc20Permission | NativePermission, token: Token, context: DescriptionContext): Described {
  const { messages } = context
  const { payee } = permission
  const qualifiers = [...(payee ? [messages.onlyTo(partyOf(context, payee))] : []), ...startQualifiers(permission, context)]
  const amountRow = (label: string, value: bigint): DescriptionRow => ({
    kind: 'amount',
    label,
    value: amountOf(context, token, value),
    detail: amountDetail(context, token, value),
  })
  const before: readonly DescriptionRow[] =
    'token' in permission ? [{ kind: 'contract', label: messages.rows.token, value: token.name, address: permission.token }] : []
  const after: readonly DescriptionRow[] = [
    {
      kind: 'payee',
      label: messages.rows.payee,
      value: payee ? partyOf(context, payee) : messages.anyone,
      ...(payee ? { address: payee } : {}),
    },
    ...startRows(permission, context),
  ]

  switch (permission.type) {
    case 'erc20-token-allowance':
    case 'native-token-allowance': {
      const { limit } = permission
      const rows = [...before, amountRow(messages.rows.amount, limit), ...after]
      if (isUnlimited(limit)) {
        return { summary: { act: messages.spendUnlimited(token.name), qualifiers }, rows, warnings: [messages.unlimitedSpend(token.name)] }
      }
      const act = (isForFees(permission, context) ? messages.payFees : messages.spend)(amountOf(context, token, limit))
      return { summary: { act: messages.inTotal(act), qualifiers }, clause: { act, qualifiers }, rows, warnings: [] }
    }
    case 'erc20-token-periodic':
    case 'native-token-periodic': {
      const { limit, period } = permission
      const per = periodText(context, period)
      const rows = [
        ...before,
        amountRow(messages.rows.amount, limit),
        { kind: 'period', label: messages.rows.period, value: per } as const,
        ...worstCaseRows(context, token, periodsUntil(permission, context) * limit, limit),
        ...after,
      ]
      return isUnlimited(limit)
        ? { summary: { act: messages.spendUnlimitedPeriodic({ token: token.name, period: per }), qualifiers }, rows, warnings: [messages.unlimitedSpend(token.name)] }
        : { summary: { act: (isForFees(permission, context) ? messages.payFeesPeriodic : messages.spendPeriodic)({ amount: amountOf(context, token, limit), period: per }), qualifiers }, rows, warnings: [] }
    }
    case 'erc20-token-stream':
    case 'native-token-stream': {
      const { initial, perSecond, max } = permission
      const atOnce = unlockedAlready(permission, context)
      const seconds = streamUnits.find((unit) => perSecond * BigInt(unit) <= max) ?? 1
      const rate = messages.streamRate({ amount: amountOf(context, token, perSecond * BigInt(seconds)), period: periodText(context, seconds) })
      const unlimited = isUnlimited(max) || isUnlimited(perSecond) || isUnlimited(initial)
      const rows = [
        ...before,
        ...(atOnce > 0n ? [amountRow(messages.rows.atOnce, atOnce)] : []),
        { kind: 'period', label: messages.rows.rate, value: rate, detail: messages.streamRate({ amount: amountOf(context, token, perSecond), period: messages.per('second') }) } as const,
        { ...amountRow(messages.rows.most, max), kind: 'limit' } as const,
        ...worstCaseRows(context, token, initial + perSecond * BigInt(secondsUntil(permission, context)), atOnce, max),
        ...after,
      ]
      const act = messages.spendStream({ atOnce: atOnce > 0n ? amountOf(context, token, atOnce) : undefined, rate })
      return {
        summary: { act, qualifiers: [isUnlimited(max) ? messages.withoutLimit(token.name) : messages.streamMax(amountOf(context, token, max)), ...qualifiers] },
        rows,
        warnings: unlimited ? [messages.unlimitedSpend(token.name)] : [],
      }
    }
    default:
      return permission satisfies never
  }
}

/** Only what a relay itself names is called a fee: an app could call anything so. */
function isForFees(permission: Erc20Permission | NativePermission, { feeCollectors = [] }: DescriptionContext): boolean {
  const { payee } = permission
  return 'token' in permission && payee !== undefined && feeCollectors.some((collector) => isAddressEqual(collector, payee))
}

/** A rate reads best over the longest of these in which it stays below the maximum. */
const streamUnits = [86_400, 3_600, 60] as const

/** A stream that began earlier holds more than it began with; one that began a moment ago, as the request was made, does not yet. */
function unlockedAlready({ initial, perSecond, max, startTime }: Erc20StreamPermission | NativeStreamPermission, { now }: DescriptionContext): bigint {
  const elapsed = startTime === undefined || now === undefined ? 0 : now - startTime
  if (elapsed <= backdatingSeconds) return initial
  const grown = initial + perSecond * BigInt(elapsed)
  return grown < max ? grown : max
}

/** Only where it says more than the other rows do. */
function worstCaseRows(context: DescriptionContext, token: Token, total: bigint, above: bigint, below?: bigint): DescriptionRow[] {
  if (total <= above || isUnlimited(total) || (below !== undefined && total >= below)) return []
  return [
    {
      kind: 'limit',
      label: context.messages.rows.worstCase,
      value: amountOf(context, token, total),
      detail: amountDetail(context, token, total),
    },
  ]
}

function describeNft(permission: Erc721TransferPermission, context: DescriptionContext): Described {
  const { messages } = context
  const { token, tokenId } = permission
  const contract = contractNameOf(context, token)
  const id = tokenId.toString()
  return {
    summary: {
      // Some collections use hashes as ids; the row has all of it.
      act: messages.transferNft({ contract, tokenId: id.length > 12 ? `${id.slice(0, 4)}…${id.slice(-4)}` : id }),
      qualifiers: startQualifiers(permission, context),
    },
    rows: [
      { kind: 'contract', label: messages.rows.contract, value: contract, address: token },
      { kind: 'argument', label: messages.rows.tokenId, value: id },
      { kind: 'payee', label: messages.rows.payee, value: messages.anyone },
      ...startRows(permission, context),
    ],
    warnings: [],
  }
}

function startQualifiers(permission: Permission, context: DescriptionContext): string[] {
  const moment = upcomingStart(permission, context)
  return moment === undefined ? [] : [context.messages.notBefore(momentText(context, moment, { zone: false }))]
}

function startRows(permission: Permission, context: DescriptionContext): DescriptionRow[] {
  const moment = upcomingStart(permission, context)
  return moment === undefined ? [] : [{ kind: 'start', label: context.messages.rows.start, value: momentText(context, moment, { zone: true }) }]
}

function upcomingStart({ startTime }: Permission, { now }: DescriptionContext): UnixSeconds | undefined {
  return startTime === undefined || (now !== undefined && startTime <= now) ? undefined : startTime
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)]
}

export { describeExpiry } from './describeMoment.js'
export type { ExpiryDescription } from './describeMoment.js'
export type { DescribeOptions, DescriptionRow } from './description.js'
