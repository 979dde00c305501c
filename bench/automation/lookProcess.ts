/** A server process that looks at the clock when it is told to, and says how long that took and how much memory is in use. */
import { defineChain, http } from 'viem'
import { createAutomation, createDatabaseStore, openDatabase } from '../../src/server/automation/index.js'
import { createSessionAgent, environmentKeys } from '../../src/server/index.js'
import { chargeRule, type ShopAddresses } from '../../test/automation/charges/chargeRule.js'

export type LookOrder = ShopAddresses & { databaseUrl: string; rpcUrl: string; chainId: number; secret: string }

export type LookQuestion = 'look' | 'heap'
export type LookAnswer = { ms: number; queued: number } | { heapMb: number }

// Whoever started it may be killed as well.
process.once('disconnect', () => process.exit())

const order = JSON.parse(process.env['ORDER'] ?? '') as LookOrder
const database = await openDatabase(order.databaseUrl)
const chain = defineChain({ id: order.chainId, name: 'Local', nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 }, rpcUrls: { default: { http: [order.rpcUrl] } } })
const agent = createSessionAgent({
  store: createDatabaseStore(database),
  custody: environmentKeys({ secret: order.secret }),
  chains: [{ chain, transport: http(order.rpcUrl), pollingInterval: 20 }],
})
// It is never started: what it puts into the queue stays there, and nobody works meanwhile.
const automation = createAutomation({ agent, database, rules: [chargeRule(order)] })

async function answer(question: LookQuestion): Promise<LookAnswer> {
  switch (question) {
    case 'look': {
      const begun = performance.now()
      const queued = await automation.tick()
      return { ms: performance.now() - begun, queued }
    }
    case 'heap': {
      if (!globalThis.gc) throw new Error('Node was started without --expose-gc.')
      for (let round = 0; round < 3; round += 1) await globalThis.gc({ execution: 'async' })
      return { heapMb: process.memoryUsage().heapUsed / 2 ** 20 }
    }
    default:
      return question satisfies never
  }
}

process.on('message', (question: LookQuestion) => void answer(question).then((words) => process.send?.(words)))
