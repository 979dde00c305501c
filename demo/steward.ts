import { randomBytes } from 'node:crypto'
import { getAddress, http, type Address, type Chain, type TestActions } from 'viem'
import { getContractEvents, readContract, waitForTransactionReceipt, writeContract } from 'viem/actions'
import { condition, createAutomation, createDatabaseStore, openDatabase, recurring } from '../src/server/automation/index.js'
import { createEnrolment, createSessionAgent, createStatusHandler, environmentKeys } from '../src/server/index.js'
import type { LocalChain } from '../src/testing/chain/index.js'
import { goldAbi, swordAbi } from './contracts/artifacts.js'
import { isJson } from './isJson.js'
import { createSignIn } from './signIn.js'
import { dailyPrice, repairPrice, repairSession, subscriptionSession, wornBelow } from './stewardTerms.js'

type StewardParameters = {
  chain: Chain
  client: LocalChain['client']
  rpcUrl: string
  relayUrl: string
  gold: Address
  sword: Address
  shop: Address
  /** Whose transactions the game's own are. */
  game: Address
  /** Where the page is. */
  origins: () => readonly string[]
}

export type Steward = {
  /** By path. */
  routes: Record<string, (request: Request) => Promise<Response>>
  stop: () => Promise<void>
}

const day = 86_400
const mostDays = 31

/**
 * The shop's server: it charges the subscription day by day and repairs worn swords, with what the players have granted to its keys. The whole of
 * it is opened when somebody first asks, so that the page is there as soon as it was without.
 */
export function createSteward({ chain, client, rpcUrl, relayUrl, gold, sword, shop, game, origins }: StewardParameters): Steward {
  const signIn = createSignIn({ client, chainId: chain.id, origins })
  const subscription = subscriptionSession({ gold, sword, shop })
  const repairs = repairSession({ gold, sword, shop })
  const secret = randomBytes(32).toString('hex')
  let opened: ReturnType<typeof open> | undefined

  /** The player's swords that need the smith. */
  async function wornSwords(account: Address): Promise<readonly bigint[]> {
    const events = await getContractEvents(client, { address: sword, abi: swordAbi, eventName: 'Transfer', args: { to: account }, fromBlock: 0n, strict: true })
    const ids = events.map(({ args }) => args.tokenId)
    const durability = await readContract(client, { address: sword, abi: swordAbi, functionName: 'durabilityOf', args: [ids] })
    return ids.filter((_, index) => (durability[index] ?? 100) < wornBelow).slice(0, 5)
  }

  const pay = (amount: bigint) => ({ to: gold, abi: goldAbi, functionName: 'transfer', args: [shop, amount] }) as const

  const rules = [
    recurring({ name: 'subscription', session: subscription, calls: () => [pay(dailyPrice)] }),
    condition({
      name: 'repair',
      session: repairs,
      trigger: 'level',
      lookEverySeconds: 1,
      when: async ({ session }) => (await wornSwords(session.account)).length > 0,
      // As one: no repair that is not paid for, and no GOLD without a repair.
      calls: async ({ session }) => {
        const worn = await wornSwords(session.account)
        return worn.length === 0 ? [] : [pay(repairPrice * BigInt(worn.length)), ...worn.map((id) => ({ to: sword, abi: swordAbi, functionName: 'repair', args: [id] }))]
      },
    }),
  ]

  const authenticate = (request: Request) => {
    const account = signIn.accountOf(request)
    return account && { id: account, accounts: [account] }
  }
  const onError = (error: unknown) => console.error(error)

  async function open() {
    const database = await openDatabase('memory:')
    const server = { store: createDatabaseStore(database), custody: environmentKeys({ secret }), chains: [{ chain, transport: http(rpcUrl), pollingInterval: 50 }] }
    const agent = createSessionAgent({ ...server, relay: relayUrl })
    const automation = createAutomation({ agent, database, rules, tickMs: 1_000, pollMs: 200, onError })
    await automation.start()
    return {
      database,
      automation,
      enrolment: createEnrolment({ ...server, definitions: [subscription, repairs], authenticate, onEnrolled: async () => void (await automation.tick()), onError }),
      status: createStatusHandler({ agent, automation, authenticate, onError }),
    }
  }

  function server(): ReturnType<typeof open> {
    opened ??= open().catch((error: unknown) => {
      onError(error)
      throw error
    })
    return opened
  }

  /** One day at a time, so that every day has its own charge. */
  let passing: Promise<unknown> = Promise.resolve()
  async function passDays(days: number): Promise<void> {
    const { automation } = await server()
    for (let passed = 0; passed < days; passed += 1) {
      await (client as TestActions).increaseTime({ seconds: day })
      await client.mine({ blocks: 1 })
      await automation.tick()
      await automation.idle()
    }
  }

  return {
    routes: {
      '/api/sign-in': signIn.handler,
      '/api/enrolment': async (request) => (await server()).enrolment.handler(request),
      '/api/status': async (request) => (await server()).status.handler(request),
      '/api/time': async (request) => {
        const { days } = await said(request)
        if (!signIn.accountOf(request)) return Response.json({ error: 'sign in' }, { status: 401 })
        if (typeof days !== 'number' || !Number.isInteger(days) || days < 1 || days > mostDays) return Response.json({ error: `days: 1 to ${mostDays}` }, { status: 400 })
        await (passing = passing.catch(() => undefined).then(() => passDays(days)))
        return Response.json({ days })
      },
      '/api/fight': async (request) => {
        const account = signIn.accountOf(request)
        const { sword: named } = await said(request)
        if (!account || typeof named !== 'string' || !/^\d{1,9}$/.test(named)) return Response.json({ error: 'sign in, and name a sword' }, { status: 400 })
        const id = BigInt(named)
        const owner = await readContract(client, { address: sword, abi: swordAbi, functionName: 'ownerOf', args: [id] }).catch(() => undefined)
        if (owner === undefined || getAddress(owner) !== account) return Response.json({ error: 'that is not your sword' }, { status: 403 })
        const hash = await writeContract(client, { chain, account: game, address: sword, abi: swordAbi, functionName: 'use', args: [id] })
        await waitForTransactionReceipt(client, { hash })
        return Response.json({ sword: named })
      },
    },
    async stop() {
      const running = await opened?.catch(() => undefined)
      await running?.automation.stop()
      await running?.database.close()
    },
  }
}

/** What the page asks for; nothing where it may be another site that asks. */
async function said(request: Request): Promise<Record<string, unknown>> {
  const body: unknown = isJson(request) ? await request.json().catch(() => undefined) : undefined
  return typeof body === 'object' && body !== null ? { ...body } : {}
}
