import type { Log } from 'viem'
import { countMark, isCountLog } from '../delegation/countLog.js'
import { framework } from '../delegation/framework.js'
import type { Redemption } from '../delegation/redeem.js'

/**
 * Which logs of a transaction are of which send. The manager makes the calls in their order and says nothing between them, but an enforcer
 * that counts logs `(sender, redeemer, delegationHash)` just before the call that it counts. Nobody else can: it says who asked it to count,
 * and only the session key may have the manager redeem this delegation.
 * @returns one list for each send; undefined where a call of theirs is not counted, so that they cannot be told apart
 */
export function sharedLogs<log extends Pick<Log, 'address' | 'topics'>>(
  logs: readonly log[],
  sends: readonly (readonly Redemption[])[],
): readonly log[][] | undefined {
  const starts: number[] = []
  let next = 0
  for (const redemptions of sends) {
    const counted: number[] = []
    for (const { delegations } of redemptions) {
      const mark = delegations[0] && countMark(delegations[0])
      const found = mark === undefined ? -1 : logs.findIndex((log, index) => index >= next && isCountLog(log, mark))
      if (found < 0) return undefined
      counted.push(found)
      next = found + 1
    }
    starts.push(counted[0] ?? next)
  }
  return starts.map((start, index) => logs.slice(start, starts[index + 1]).filter(({ address }) => address.toLowerCase() !== manager))
}

const manager = framework.DelegationManager.toLowerCase()
