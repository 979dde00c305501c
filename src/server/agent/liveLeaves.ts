import type { Client } from 'viem'
import { getBlock } from 'viem/actions'
import type { Outgoing } from '../../execution/lane.js'
import type { Intent } from './intent.js'

export type Leaf = Extract<Outgoing, { by: 'relay' }>

/** What went to a relay. */
export function leavesOf({ state }: Intent): readonly Leaf[] {
  return state.status === 'sent' ? state.outgoing.filter((one) => one.by === 'relay') : []
}

/**
 * Those that a relay may still bring on-chain, whatever it says of them: until their deadline, by the chain's time. To be asked before what
 * became of the intent; the other way round, one that is included in between passes for one that never was.
 */
export async function liveLeaves(client: Client, intent: Intent): Promise<readonly Leaf[]> {
  const leaves = leavesOf(intent)
  if (leaves.length === 0) return leaves
  const { timestamp } = await getBlock(client, { includeTransactions: false })
  return leaves.filter(({ deadline }) => deadline > timestamp)
}
