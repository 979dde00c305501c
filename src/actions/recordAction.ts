import { hexToBigInt, size, slice, type Hex } from 'viem'
import { quietly } from '../errors/quietly.js'
import { transferSelector } from '../permissions/check.js'
import type { Session } from '../sessions/session.js'
import { mostCalls, mostNameLetters, type ActionOutcome, type CallMade } from '../sessions/sessionAction.js'
import type { ActingConfig } from './actingConfig.js'
import type { EncodedCall } from './sessionCalls.js'

/**
 * Begins a record of an action; what it returns writes down what became of it, as often as that changes. It returns at once and never
 * throws: the history is beside the action, not on its way.
 * @param id of something that was recorded before, which this takes the place of
 */
export function recordAction(config: Pick<ActingConfig, 'sessions'>, session: Session, calls: readonly EncodedCall[], id: string = crypto.randomUUID()): (outcome: ActionOutcome) => void {
  const action = quietly(() => ({
    id,
    v: 1 as const,
    session: session.id,
    at: Date.now(),
    calls: calls.slice(0, mostCalls).map(callMade),
    ...(calls.length > mostCalls ? { moreCalls: calls.length - mostCalls } : {}),
  }))
  return (outcome) => {
    if (action) quietly(() => config.sessions.histories.note({ ...action, outcome }))
  }
}

/** A call as a history keeps it. */
export function callMade({ to, value, data, functionName }: EncodedCall): CallMade {
  const selector = size(data) >= 4 ? slice(data, 0, 4) : undefined
  return {
    to,
    value,
    ...(selector ? { selector } : {}),
    ...(functionName ? { functionName: functionName.slice(0, mostNameLetters) } : {}),
    ...(selector === transferSelector && size(data) === 68 && value === 0n ? { tokenAmount: amountIn(data) } : {}),
  }
}

/** The second argument of `transfer(address,uint256)`. */
function amountIn(data: Hex): bigint {
  return hexToBigInt(slice(data, 36, 68))
}
