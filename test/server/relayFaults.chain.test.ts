/** Many at once, through a node at which everything goes wrong. */
import { encodeFunctionData, http, type Hex } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { encodeRelayTransaction, type RelayTransaction } from '../../src/execution/relayWire.js'
import type { RelayEvent } from '../../src/server/index.js'
import type { LocalChain } from '../../src/testing/chain/startLocalChain.js'
import { startFaultyNode, type FaultyNode } from '../harness/faults/faultyNode.js'
import { recorder, recorderAbi, recorderCode, timesMade } from '../harness/faults/recorder.js'
import { createRandom } from '../harness/random.js'
import { repeats } from '../harness/repeats.js'
import { startRelayWorld, type RelayWorld } from './relayWorld.js'

const sends = repeats(1_000)
const callers = 50
const blockMs = 300

let chain: LocalChain
let node: FaultyNode
let kit: RelayWorld
let mining: { stop: () => Promise<void> }

beforeAll(async () => {
  ;({ chain, kit } = await startRelayWorld({ args: ['--prune-history', '200'] }))
  await chain.client.setCode({ address: recorder, bytecode: recorderCode })
  await chain.client.setAutomine(false)
  node = await startFaultyNode(chain.rpcUrl, createRandom(7))
})
afterAll(async () => {
  await mining.stop()
  await node.close()
  await chain.stop()
})

type World = Awaited<ReturnType<RelayWorld['startRelay']>>

/** Until it has an outcome, as a caller does who does not give up. */
async function sendUntilDone(world: World, transaction: RelayTransaction): Promise<string> {
  const params = encodeRelayTransaction(transaction)
  let id: Hex | undefined
  for (;;) {
    const { body } = id ? await world.ask('relayer_getStatus', { id }) : await world.ask('relayer_sendTransactionSync', { ...params, timeout: 2_000 })
    const { result, error } = body as { result?: { status: number }; error?: { code: number; data?: Hex } }
    if (result?.status === 200) return 'done'
    if (result?.status === 500) return 'reverted'
    if (error?.code === 4211) return 'refused'
    id = error?.code === -32070 ? error.data : result && result.status < 200 ? id : undefined
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

test(`${sends} sends are done once each, and no gas is burned on one that is done`, { timeout: 900_000 }, async () => {
  const events: RelayEvent[] = []
  const world = await kit.startRelay({ transport: http(node.url), replaceAfterMs: 3_000, onEvent: (event) => events.push(event) })
  await kit.makeSmart(world.player)
  const root = await kit.sign(world.player, { delegate: world.session.address })
  const transactions: RelayTransaction[] = []
  for (let action = 0; action < sends; action += 1) {
    const execution = { to: recorder, value: 0n, data: encodeFunctionData({ abi: recorderAbi, functionName: 'act', args: [BigInt(action)] }) }
    transactions.push(kit.redeem({ delegations: [await kit.pinnedLeaf(world.session, root, execution, world.sponsor.address), root], execution }))
  }
  mining = mineEvery()

  const outcomes: string[] = []
  let next = 0
  await Promise.all(
    Array.from({ length: callers }, async () => {
      for (let action = next++; action < sends; action = next++) outcomes[action] = await sendUntilDone(world, transactions[action] as RelayTransaction)
    }),
  )

  const made = await timesMade(chain.client, sends)
  expect(made.filter((times) => times !== 1)).toEqual([])
  expect(outcomes.filter((outcome) => outcome === 'reverted')).toEqual([])
  // A number that went to nobody is used up by a transaction that does nothing; there are few of these.
  expect((await kit.sentBy(world.sponsor)) - sends).toBeLessThan(sends / 10)
  expect(outcomes.filter((outcome) => outcome === 'refused').length).toBeLessThan(sends / 10)
  expect((await world.handler.health()).pending).toBe(0)
  expect(node.made.size).toBeGreaterThan(5)
  expect(events.filter(({ name }) => name === 'relay.transaction.stuck')).toEqual([])
})

function mineEvery(): { stop: () => Promise<void> } {
  let ending = false
  const ended = (async () => {
    while (!ending) {
      await chain.client.mine({ blocks: 1 })
      await new Promise((resolve) => setTimeout(resolve, blockMs))
    }
  })()
  return {
    stop: () => {
      ending = true
      return ended
    },
  }
}
