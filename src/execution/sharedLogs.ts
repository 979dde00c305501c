import { pad, type Log } from 'viem'
import { counterOf } from '../delegation/counters.js'
import { hashDelegation } from '../delegation/delegation.js'
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
    for (const redemption of redemptions) {
      const mark = markOf(redemption)
      const found = mark === undefined ? -1 : logs.findIndex((log, index) => index >= next && marks(log, mark))
      if (found < 0) return undefined
      counted.push(found)
      next = found + 1
    }
    starts.push(counted[0] ?? next)
  }
  return starts.map((start, index) => logs.slice(start, starts[index + 1]).filter(({ address }) => address.toLowerCase() !== manager))
}

const manager = framework.DelegationManager.toLowerCase()
const managerTopic = pad(framework.DelegationManager).toLowerCase()

type Mark = { enforcer: string; hash: string }

function markOf({ delegations }: Redemption): Mark | undefined {
  const [delegation] = delegations
  if (!delegation) return undefined
  const hash = hashDelegation(delegation)
  const enforcer = counterOf(delegation)?.read(hash).address.toLowerCase()
  return enforcer === undefined ? undefined : { enforcer, hash }
}

function marks({ address, topics }: Pick<Log, 'address' | 'topics'>, { enforcer, hash }: Mark): boolean {
  return address.toLowerCase() === enforcer && topics[1]?.toLowerCase() === managerTopic && topics[3] === hash
}
