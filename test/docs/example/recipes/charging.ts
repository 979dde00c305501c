import { createEnrolment, createSessionAgent, createStatusHandler, sealedKeys } from 'react-session-keys/server'
import { createAutomation, createDatabaseStore, openDatabase, recurring } from 'react-session-keys/server/automation'
import { erc20Abi, http, parseUnits } from 'viem'
import { base } from 'viem/chains'
import { gold, shop } from './addresses.js'
import { signedInUser } from './backend.js'
import { subscription } from './subscriptionTerms.js'

// A folder, or a Postgres by its connection string.
const database = await openDatabase(process.env['DATABASE_URL'] ?? './.session-keys')
const server = {
  store: createDatabaseStore(database),
  custody: sealedKeys({ secret: process.env['SESSION_KEYS_SECRET'] ?? '' }),
  chains: [{ chain: base, transport: http() }],
}
const agent = createSessionAgent({ ...server, relay: 'https://shop.example/relay/rpc' })

/** Once in each period of each subscription, whatever crashes meanwhile. */
const charge = recurring({
  name: 'subscription',
  session: subscription,
  calls: () => [{ to: gold, abi: erc20Abi, functionName: 'transfer', args: [shop, parseUnits('20', 18)] }],
})
const automation = createAutomation({ agent, database, rules: [charge] })
await automation.start()

async function authenticate(request: Request) {
  const user = await signedInUser(request)
  return user && { id: user.id, accounts: user.wallets }
}

/** `/api/subscription`: takes what the page was granted. */
export const enrolment = createEnrolment({ ...server, definitions: [subscription], authenticate }).handler
/** `/api/status`: shows each user what was charged, and what comes next. */
export const status = createStatusHandler({ agent, automation, authenticate }).handler
