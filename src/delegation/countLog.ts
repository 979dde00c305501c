import { pad, type Hex, type Log } from 'viem'
import { counterOf, type Logged } from './counters.js'
import { hashDelegation, type Delegation } from './delegation.js'
import { framework } from './framework.js'

/** The log that an enforcer makes, just before the call, of each call that it counts: `(sender, redeemer, delegationHash)` and its numbers. */
export type CountMark = { enforcer: string; hash: string; logged: (data: Hex) => Logged }

/** By what the logs of a delegation's own counter are known; undefined where nothing of it is counted. */
export function countMark(delegation: Delegation): CountMark | undefined {
  const hash = hashDelegation(delegation)
  const counter = counterOf(delegation)
  return counter && { enforcer: counter.read(hash).address.toLowerCase(), hash, logged: counter.logged }
}

const managerTopic = pad(framework.DelegationManager).toLowerCase()

/** An enforcer says who asked it to count: nobody else can log the manager's counts. */
export function isCountLog({ address, topics }: Pick<Log, 'address' | 'topics'>, { enforcer, hash }: CountMark): boolean {
  return address.toLowerCase() === enforcer && topics[1]?.toLowerCase() === managerTopic && topics[3] === hash
}
