import type { TransactionReceipt } from 'viem'
import { rootOf } from '../delegation/context.js'
import { countMark, isCountLog } from '../delegation/countLog.js'
import { isDelegated, type DelegatedPermission } from '../delegation/grantedPermission.js'
import { usageOf } from '../delegation/usage.js'
import type { UnixSeconds } from '../permissions/permission.js'
import type { Session } from '../sessions/session.js'
import type { GetPermissionUsageReturnType } from './permissionUsage.js'

/** How far a permission's count is known, by its index: receipts may come back in another order than their blocks. */
export type CountedUpTo = Map<number, { blockNumber: bigint; logIndex: number }>

/**
 * What is left after a transaction of the session: what was left before, and what the enforcers logged of each call that they counted, which is
 * their whole count. Undefined where it takes a read.
 */
export function receiptUsage(
  { granted, expiry }: Pick<Session, 'granted' | 'expiry'>,
  { logs, blockNumber }: Pick<TransactionReceipt, 'logs' | 'blockNumber'>,
  before: GetPermissionUsageReturnType,
  upTo: CountedUpTo,
): GetPermissionUsageReturnType | undefined {
  if (!granted.every(isDelegated)) return undefined
  const counts = granted.map((one) => lastCount(one, logs))
  const timestamp = Math.max(before.asOf.timestamp, ...counts.map((count) => count?.at ?? 0), ...logs.map(timeOf))
  const permissions: Left[] = []
  for (const [index, known] of before.permissions.entries()) {
    const one = granted[index] as DelegatedPermission
    const count = counts[index]
    const last = upTo.get(index)
    const isNews = count && !(last && (last.blockNumber > blockNumber || (last.blockNumber === blockNumber && last.logIndex > count.logIndex)))
    const used = isNews ? count.used : usedBy(one, known, { from: before.asOf.timestamp, to: timestamp })
    if (used === 'unknown') return undefined
    if (isNews) upTo.set(index, { blockNumber, logIndex: count.logIndex })
    permissions.push(used === undefined ? known : { ...known, ...usageOf({ permission: one.permission, within: one.within, used, now: timestamp }) })
  }
  const newest = before.asOf.blockNumber > blockNumber ? before.asOf.blockNumber : blockNumber
  return { ...before, permissions, expired: before.expired || timestamp >= expiry, asOf: { blockNumber: newest, timestamp } }
}

type Left = GetPermissionUsageReturnType['permissions'][number]

/** What was used by then of what grows, or begins anew, by the clock; undefined where time changes nothing. */
function usedBy({ permission, within }: DelegatedPermission, { amount, waiting }: Left, { from, to }: { from: UnixSeconds; to: UnixSeconds }): bigint | undefined | 'unknown' {
  if (from === to || waiting || !amount || !('period' in permission || 'perSecond' in permission)) return undefined
  const { startTime } = permission
  if (startTime === undefined || within) return 'unknown'
  if ('period' in permission) {
    const periodAt = (time: UnixSeconds) => Math.floor((time - startTime) / permission.period)
    return from >= startTime && periodAt(from) === periodAt(to) ? amount.limit - amount.left : 0n
  }
  const unlocked = usageOf({ permission, within, used: 0n, now: from }).amount?.left ?? 0n
  return unlocked - amount.left
}

function lastCount({ context }: DelegatedPermission, logs: TransactionReceipt['logs']) {
  const mark = countMark(rootOf(context))
  const log = mark && logs.findLast((one) => isCountLog(one, mark))
  return log && { ...mark.logged(log.data), logIndex: log.logIndex }
}

/** Some nodes say it, with every log. */
function timeOf(log: { blockTimestamp?: bigint | undefined }): UnixSeconds {
  return Number(log.blockTimestamp ?? 0n)
}
