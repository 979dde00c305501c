import { http, parseEther, type Address, type Transport } from 'viem'
import type { Connector } from 'wagmi'
import { createConfig } from 'wagmi'
import { connect } from 'wagmi/actions'
import { goldAbi, swordAbi } from '../../demo/contracts/artifacts.js'
import { createSessionKeyConfig, type SessionKeyConfig } from '../../src/actions/createSessionKeyConfig.js'
import { grantServerSession } from '../../src/actions/grantServerSession.js'
import { contractCall } from '../../src/permissions/contractCall.js'
import { defineSession, type SessionDefinition } from '../../src/permissions/defineSession.js'
import { expiresIn } from '../../src/permissions/expiry.js'
import { erc20Allowance, erc20Periodic } from '../../src/permissions/tokenPermissions.js'
import {
  createEnrolment,
  createMemoryAgentStore,
  createSessionAgent,
  environmentKeys,
  type AgentStore,
  type CreateSessionAgentParameters,
  type SessionEnded,
} from '../../src/server/index.js'
import { createMemoryStore } from '../../src/sessions/memoryStore.js'
import { serveFetch } from '../../src/testing/chain/serveFetch.js'
import { embeddedWallet } from '../../src/wallet/index.js'
import { gold, newAccount, startShop } from '../startShop.js'

export const secret = 'a secret of a test, which has its thirty-two bytes'
export const custody = environmentKeys({ secret })

/** A shop whose server charges its users: alice, who owns the shop's player, and whoever else signs in by `x-user`. */
export async function startServer(options: { startShop?: Parameters<typeof startShop>; store?: AgentStore } = {}) {
  const world = await startShop(...(options.startShop ?? []))
  const { chain, shop } = world
  const store = options.store ?? createMemoryAgentStore()
  const transport = http(chain.rpcUrl)
  const parameters = { store, custody, chains: [{ chain: chain.chain, transport: transport as Transport, pollingInterval: 20 }] }

  /** 20 GOLD a day to the shop. */
  const subscription = defineSession({
    name: 'subscription',
    expiry: expiresIn({ days: 30 }),
    permissions: [erc20Periodic({ token: world.gold, limit: gold(20), period: { days: 1 }, payee: shop })],
  })
  /** 40 GOLD in all. */
  const voucher = defineSession({ name: 'voucher', expiry: expiresIn({ days: 30 }), permissions: [erc20Allowance({ token: world.gold, limit: gold(40), payee: shop })] })
  /** A sword for 5 GOLD, as often as wanted. */
  const smithy = defineSession({
    name: 'smithy',
    expiry: expiresIn({ days: 30 }),
    permissions: [
      contractCall({ address: world.sword, abi: swordAbi, functions: ['mint'], callLimit: 50 }),
      erc20Allowance({ token: world.gold, limit: gold(1000), payee: shop }),
    ],
  })
  // A test may add more.
  const definitions: SessionDefinition[] = [subscription, voucher, smithy]
  const errors: unknown[] = []
  const enrolment = createEnrolment({
    ...parameters,
    definitions,
    authenticate: (request) => {
      const id = request.headers.get('x-user')
      return id ? { id } : undefined
    },
    onError: (error) => errors.push(error),
    ...(typeof location === 'undefined' ? {} : { corsOrigin: location.origin }),
  })
  const served = await serveFetch(enrolment.handler)
  const endpoint = (user: string) => ({ url: served.url, headers: () => ({ 'x-user': user }) })
  const ended: SessionEnded[] = []

  return {
    ...world,
    store,
    parameters,
    definitions,
    subscription,
    voucher,
    smithy,
    enrolment,
    endpoint,
    url: served.url,
    errors,
    ended,
    agent: (more: Partial<CreateSessionAgentParameters> = {}) => createSessionAgent({ ...parameters, onEnded: (one) => ended.push(one), ...more }),
    /** Grants and enrols as a page does. The user's key gets a little for gas. */
    async subscribe(definition: SessionDefinition = subscription, { user = 'alice', config = world.config }: { user?: string; config?: SessionKeyConfig } = {}) {
      const { session, enrolled } = await grantServerSession(config, { endpoint: endpoint(user), session: definition })
      await chain.setBalance(enrolled.address, parseEther('1'))
      return { id: enrolled.id, key: enrolled.address, session, enrolled }
    },
    /** Another user's page, with a wallet and 100 GOLD of its own. */
    async openPage() {
      const owner = newAccount()
      const wagmi = createConfig({
        chains: [chain.chain],
        transports: { [chain.chain.id]: http(chain.rpcUrl) },
        pollingInterval: 20,
        storage: null,
        multiInjectedProviderDiscovery: false,
        connectors: [embeddedWallet({ owner, sponsor: world.relay.url, onConsent: async () => ({ approved: true }) })],
      })
      const config = createSessionKeyConfig({ wagmi, relay: world.relay.url, store: createMemoryStore() })
      await connect(wagmi, { connector: wagmi.connectors[0] as Connector })
      await world.mintGold(owner.address, gold(100))
      return { owner, config }
    },
    charge: (amount = gold(20)) => ({ to: world.gold, abi: goldAbi, functionName: 'transfer', args: [shop, amount] }) as const,
    /** GOLD that the shop has. */
    earned: () => world.balance(world.gold, shop),
    nonceOf: (address: Address) => chain.client.getTransactionCount({ address }),
    async stop() {
      await served.close()
      await world.stop()
    },
  }
}

export type ServerWorld = Awaited<ReturnType<typeof startServer>>

