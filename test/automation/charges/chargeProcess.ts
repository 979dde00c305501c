/** A server process that charges what is due, over a database that it shares with others, and makes trouble in the queue meanwhile. */
import { writeSync } from 'node:fs'
import { defineChain, http } from 'viem'
import { createAutomation, createDatabaseStore, openDatabase } from '../../../src/server/automation/index.js'
import { createSessionAgent, environmentKeys } from '../../../src/server/index.js'
import { chargeRule, type ShopAddresses } from './chargeRule.js'
import { doMischief, type Mischief } from './mischief.js'

export type ChargeOrder = ShopAddresses & {
  databaseUrl: string
  rpcUrl: string
  chainId: number
  secret: string
  /** How often to make trouble, in ms of this machine. None: never, and it ends when nothing is left to do. */
  mischiefMs?: number | undefined
}

/** One line of its output. */
export type ChargeWords = { started: true } | { mischief: Mischief } | { error: string } | { runs: Record<string, number> }

// Whoever started it may be killed as well.
process.stdin.once('close', () => process.exit()).resume()

const order = JSON.parse(process.env['ORDER'] ?? '') as ChargeOrder

function say(words: ChargeWords) {
  writeSync(1, `${JSON.stringify(words)}\n`)
}

const sayError = (error: Error) => say({ error: `${error.name}: ${error.message.split('\n')[0] ?? ''}` })

const database = await openDatabase(order.databaseUrl, { connections: 8 })
const chain = defineChain({ id: order.chainId, name: 'Local', nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 }, rpcUrls: { default: { http: [order.rpcUrl] } } })
const agent = createSessionAgent({
  store: createDatabaseStore(database),
  custody: environmentKeys({ secret: order.secret }),
  chains: [{ chain, transport: http(order.rpcUrl), pollingInterval: 20 }],
  // Those that are killed hold what they hold for so long.
  leaseMs: 2_000,
})
// The shortest that a pg-boss takes is a second; most charges take less.
const automation = createAutomation({ agent, database, rules: [chargeRule(order)], tickMs: 250, pollMs: 100, expireSeconds: 3, concurrency: 8, onError: sayError })
await automation.start()
say({ started: true })

if (order.mischiefMs === undefined) {
  for (;;) {
    await automation.idle()
    const { rows } = await database.query('select status, count(*) from session_keys.runs group by status')
    const runs = Object.fromEntries(rows.map(({ status, count }) => [String(status), Number(count)]))
    if (runs['due']) continue
    say({ runs })
    break
  }
  await automation.stop()
  await database.close()
  process.exit()
} else {
  const { mischiefMs } = order
  const next = () => setTimeout(() => void doMischief(database).then((mischief) => say({ mischief }), sayError).finally(next), mischiefMs)
  next()
}
