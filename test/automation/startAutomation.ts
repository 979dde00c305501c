import { encodeAbiParameters, keccak256, parseAbiParameters, toHex, type Address } from 'viem'
import type { SessionDefinition } from '../../src/permissions/defineSession.js'
import { createAutomation, createDatabaseStore, openDatabase, recurring, type AutomationErrorContext, type AutomationRule, type CreateAutomationParameters, type RecurringParameters, type Run } from '../../src/server/automation/index.js'
import type { CreateSessionAgentParameters } from '../../src/server/index.js'
import { startServer } from '../server/startServer.js'

/** A shop whose server charges by itself, all of it over one database in memory. */
export async function startAutomationWorld() {
  const database = await openDatabase('memory:')
  const world = await startServer({ store: createDatabaseStore(database) })
  const started: { stop(): Promise<void> }[] = []
  const errors: { error: Error; about: AutomationErrorContext }[] = []

  /** A definition of its own, so that what other tests do does not count. */
  function ownDefinition(like: SessionDefinition = world.subscription): SessionDefinition {
    const own = { ...like, name: `own-${crypto.randomUUID().slice(0, 8)}` }
    world.definitions.push(own)
    return own
  }

  /** A page of its own, with 100 GOLD. */
  async function newSubscriber(definition: SessionDefinition) {
    const user = crypto.randomUUID()
    const { config, owner } = await world.openPage()
    return { user, config, owner, ...(await world.subscribe(definition, { user, config })) }
  }

  return {
    ...world,
    database,
    automationErrors: errors,
    ownDefinition,
    newSubscriber,
    /** 20 GOLD in each period of a permission, and who subscribes to that. */
    charging(more: Partial<RecurringParameters> = {}, like: SessionDefinition = world.subscription) {
      const session = ownDefinition(like)
      return { rule: recurring({ name: `charge-${session.name ?? ''}`, session, calls: () => [world.charge()], ...more }), subscribe: () => newSubscriber(session) }
    },
    /** One that is started, and is stopped with the world. */
    async automation(rules: readonly AutomationRule[], { agent, ...more }: Partial<Omit<CreateAutomationParameters, 'agent'>> & { agent?: Partial<CreateSessionAgentParameters> } = {}) {
      // Long enough that nothing looks by itself: tests say when.
      const automation = createAutomation({ agent: world.agent(agent), database, rules, tickMs: 3_600_000, pollMs: 50, onError: (error, about) => errors.push({ error, about }), ...more })
      started.push(automation)
      await automation.start()
      return automation
    },
    /** Somebody has so much GOLD from now on. The balances are the first thing that an ERC-20 of OpenZeppelin stores. */
    async setGold(of: Address, amount: bigint) {
      const index = keccak256(encodeAbiParameters(parseAbiParameters('address, uint256'), [of, 0n]))
      await world.chain.client.setStorageAt({ address: world.gold, index, value: toHex(amount, { size: 32 }) })
    },
    async stop() {
      for (const one of started) await one.stop()
      await world.stop()
      await database.close()
    },
  }
}

export type AutomationWorld = Awaited<ReturnType<typeof startAutomationWorld>>

/** What came of each, in the order of time. */
export function statuses(runs: readonly Run[]): readonly string[] {
  return [...runs].reverse().map(({ status }) => status)
}
