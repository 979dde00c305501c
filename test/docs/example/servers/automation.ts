import { erc20Abi, parseUnits, type Address } from 'viem'
import { defineSession, erc20Periodic, expiresIn } from 'react-session-keys/permissions'
import { createSessionAgent, type ServerParameters } from 'react-session-keys/server'
import { createAutomation, createDatabaseStore, openDatabase, recurring } from 'react-session-keys/server/automation'

export async function startCharging({ gold, shop, custody, chains }: Omit<ServerParameters, 'store'> & { gold: Address; shop: Address }) {
  const price = parseUnits('20', 18)
  const session = defineSession({ name: 'subscription', expiry: expiresIn({ days: 365 }), permissions: [erc20Periodic({ token: gold, limit: price, period: { days: 30 }, payee: shop })] })
  const subscription = recurring({ name: 'subscription', session, calls: () => [{ to: gold, abi: erc20Abi, functionName: 'transfer', args: [shop, price] }] })

  const database = await openDatabase(process.env['DATABASE_URL'] ?? './.session-keys')
  const server = { store: createDatabaseStore(database), custody, chains }
  const automation = createAutomation({ agent: createSessionAgent(server), database, rules: [subscription], onError: console.error })
  await automation.start()
  return { server, session, automation, database }
}
