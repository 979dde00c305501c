import type { UnixSeconds } from './permission.js'

/**
 * Whether what a stream has unlocked is no number any more for its enforcer, which then refuses everything, a transfer of nothing included.
 * @see `ERC20StreamingEnforcer`, `NativeTokenStreamingEnforcer`: the sum is made before it is held against `max`
 */
export function streamOverflows({ initial, perSecond, startTime }: { initial: bigint; perSecond: bigint; startTime: UnixSeconds }, now: UnixSeconds): boolean {
  return now >= startTime && initial + perSecond * BigInt(now - startTime) >= 1n << 256n
}
