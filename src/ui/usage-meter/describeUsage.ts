import type { PermissionUsage } from '../../permissions/check.js'
import { describePermission } from '../../permissions/describe.js'
import { amountOf, descriptionContext, nativeTokenOf, tokenOf, type DescribeOptions, type DescriptionContext } from '../../permissions/description.js'
import { periodText } from '../../permissions/describeMoment.js'
import { formatInteger, isUnlimited } from '../../permissions/formatAmount.js'
import type { Erc20Permission, NativePermission, Permission, UnixSeconds } from '../../permissions/permission.js'
import { mergeMessages, type UiMessages } from '../messages.js'
import { shortMoment } from '../shortMoment.js'

/** `near`: four fifths are used · `unknown`: there is a limit, and nobody said what is left of it. */
export type UsageMeterState = 'within' | 'near' | 'exhausted' | 'unknown'

export type DescribeUsageParameters = Omit<DescribeOptions, 'messages'> & {
  permission: Permission
  /** From `usePermissionUsage`: what the chain says. Left out: not known. */
  usage?: (PermissionUsage & { disabled?: boolean | undefined }) | undefined
  /** The block that says so. */
  asOf?: { blockNumber: bigint; timestamp: UnixSeconds } | undefined
  /** It is being read for the first time. */
  reading?: boolean | undefined
  messages?: Partial<UiMessages> | undefined
}

export type UsageDescription = {
  state: UsageMeterState
  /** There is no limit to measure against. */
  unlimited: boolean
  /** 0 to 1; undefined where there is no number. */
  leftShare: number | undefined
  /** What is measured: the permission in words. */
  name: string
  /** `600 GOLD left of 1000 GOLD per week` */
  text: string
  /** `resets Thu 18:00` */
  note: string | undefined
  /** `as of Thu 17:58` */
  asOf: string | undefined
  /** All of it, for who does not see the meter. */
  valueText: string
}

type Measure = Pick<UsageDescription, 'state' | 'text'> & Partial<UsageDescription>

/** What is left of one limit, in words and as a share. Never a huge number: what has no limit is said to have none. */
export function describeUsage({ permission, usage, asOf, reading, messages: given, ...options }: DescribeUsageParameters): UsageDescription {
  const messages = mergeMessages(given)
  const now = asOf?.timestamp ?? options.now
  const words = { ...options, now, messages }
  const measure = measureOf({ permission, usage, reading, messages, context: descriptionContext(words), now })
  const asOfText = asOf && messages.asOf(shortMoment(asOf.timestamp, asOf.timestamp, words))
  return {
    unlimited: false,
    leftShare: undefined,
    note: undefined,
    ...measure,
    name: describePermission(permission, words).summary,
    asOf: asOfText,
    valueText: messages.usageText([measure.text, measure.note, asOfText].filter((part) => part !== undefined)),
  }
}

type MeasureParameters = Pick<DescribeUsageParameters, 'permission' | 'usage' | 'reading'> & {
  messages: UiMessages
  context: DescriptionContext
  now: UnixSeconds | undefined
}

function measureOf(parameters: MeasureParameters): Measure {
  const { permission, usage, messages, context } = parameters
  if (usage?.disabled) return { state: 'exhausted', leftShare: 0, text: messages.permissionEnded }
  switch (permission.type) {
    case 'contract-call': {
      const { callLimit } = permission
      if (callLimit === undefined) return { state: 'within', unlimited: true, text: messages.callsWithoutLimit }
      const left = usage?.calls?.left
      if (left === undefined) return unknown(parameters)
      const text = messages.callsLeft({ left: formatInteger(left, context.locale), limit: formatInteger(callLimit, context.locale) })
      return { ...shareOf({ left: BigInt(left), limit: BigInt(callLimit) }), text, ...started(parameters) }
    }
    case 'erc721-token-transfer':
      return { state: 'within', unlimited: true, text: messages.notCounted }
    default:
      return measureAmount(permission, parameters)
  }
}

function measureAmount(permission: Erc20Permission | NativePermission, parameters: MeasureParameters): Measure {
  const { usage, messages, context, now } = parameters
  const token = 'token' in permission ? tokenOf(context, permission.token) : nativeTokenOf(context)
  const most = 'max' in permission ? permission.max : permission.limit
  if (isUnlimited(most)) return { state: 'within', unlimited: true, text: messages.amountWithoutLimit(token.name) }
  const left = usage?.amount?.left
  if (left === undefined) return unknown(parameters)
  const amount = (value: bigint) => amountOf(context, token, value)
  switch (permission.type) {
    case 'erc20-token-allowance':
    case 'native-token-allowance':
      return { ...shareOf({ left, limit: most }), text: messages.amountLeft({ left: amount(left), limit: amount(most) }), ...started(parameters) }
    case 'erc20-token-periodic':
    case 'native-token-periodic': {
      const text = messages.amountLeftInPeriod({ left: amount(left), limit: amount(most), period: periodText(context, permission.period) })
      return { ...shareOf({ left, limit: most }), text, note: resetNote(permission, parameters), ...started(parameters) }
    }
    case 'erc20-token-stream':
    case 'native-token-stream': {
      const { initial, perSecond, max, startTime = now ?? 0 } = permission
      const grown = now === undefined ? max : initial + perSecond * BigInt(Math.max(0, now - startTime))
      const unlocked = grown < max ? grown : max
      // What has not unlocked yet is not used up.
      const used = unlocked > left ? unlocked - left : 0n
      const rate = messages.streamRate({ amount: amount(perSecond * 3_600n), period: periodText(context, 3_600) })
      return {
        ...shareOf({ left: max - used, limit: max }),
        ...(left === 0n ? { state: 'exhausted' as const } : {}),
        text: messages.amountLeftOfStream({ left: amount(left), most: amount(max) }),
        note: unlocked < max ? messages.grows(rate) : undefined,
        ...started(parameters),
      }
    }
    default:
      return permission satisfies never
  }
}

function unknown({ reading, messages }: MeasureParameters): Measure {
  return { state: 'unknown', text: reading ? messages.leftReading : messages.leftUnknown }
}

function shareOf({ left, limit }: { left: bigint; limit: bigint }): { state: UsageMeterState; leftShare: number } {
  if (left <= 0n || limit <= 0n) return { state: 'exhausted', leftShare: 0 }
  const leftShare = left >= limit ? 1 : Number((left * 10_000n) / limit) / 10_000
  return { state: left * 5n <= limit ? 'near' : 'within', leftShare }
}

/** Before its start nothing of a permission is used up: it waits. */
function started({ permission: { startTime }, messages, context, now }: MeasureParameters): Partial<Measure> {
  if (startTime === undefined || now === undefined || startTime <= now) return {}
  return { state: 'within', leftShare: 1, note: messages.starts(shortMoment(startTime, now, context)) }
}

function resetNote(permission: Permission, { messages, context, now }: MeasureParameters): string | undefined {
  if (permission.startTime === undefined || now === undefined) return undefined
  const next = nextReset(permission, { now, expiry: context.expiry ?? Number.POSITIVE_INFINITY })
  return next === undefined ? messages.noMoreResets : messages.resets(shortMoment(next, now, context))
}

/** When the next period of a permission begins; undefined where there is none before the session ends. */
export function nextReset(permission: Permission, { now, expiry }: { now: UnixSeconds; expiry: UnixSeconds }): UnixSeconds | undefined {
  if (!('period' in permission) || permission.startTime === undefined) return undefined
  const { startTime, period } = permission
  const next = startTime + (Math.floor((now - startTime) / period) + 1) * period
  return next < expiry ? next : undefined
}
