import type { SessionDefinition } from '../../src/permissions/defineSession.js'
import { createAutomation, createDatabaseStore, openDatabase, recurring, type AutomationErrorContext, type AutomationRule, type CreateAutomationParameters, type Run } from '../../src/server/automation/index.js'
import type { CreateSessionAgentParameters } from '../../src/server/index.js'
import { startServer } from '../server/startServer.js'

/** A shop whose server charges by itself, all of it over one database in memory. */
export async function startAutomationWorld() {
  const database = await openDatabase('memory:')
  const world = await startServer({ store: createDatabaseStore(database) })
  const started: { stop(): Promise<void> }[] = []
  const errors: { error: Error; about: AutomationErrorContext }[] = []

  /** 20 GOLD in each period of the session's permission. */
  const charge = (more: Partial<Parameters<typeof recurring>[0]> = {}) => recurring({ name: `charge-${crypto.randomUUID().slice(0, 8)}`, session: world.subscription, calls: () => [world.charge()], ...more })

  return {
    ...world,
    database,
    automationErrors: errors,
    /** The rule of a daily charge, as an app writes it. */
    charging: charge,
    /** One that is started, and is stopped with the world. */
    async automation(rules: readonly AutomationRule[], { agent, ...more }: Partial<Omit<CreateAutomationParameters, 'agent'>> & { agent?: Partial<CreateSessionAgentParameters> } = {}) {
      // Long enough that nothing looks by itself: tests say when.
      const automation = createAutomation({ agent: world.agent(agent), database, rules, tickMs: 3_600_000, pollMs: 50, onError: (error, about) => errors.push({ error, about }), ...more })
      started.push(automation)
      await automation.start()
      return automation
    },
    /** A page of its own, with 100 GOLD and more where it needs them. */
    async newSubscriber(definition: SessionDefinition = world.subscription) {
      const user = crypto.randomUUID()
      const { config, owner } = await world.openPage()
      return { user, config, owner, ...(await world.subscribe(definition, { user, config })) }
    },
    time: async () => Number((await world.chain.client.getBlock()).timestamp),
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
