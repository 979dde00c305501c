import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createOneAtATime } from '../../../src/execution/oneAtATime.js'
import { createDatabaseStore, openDatabase, type Database } from '../../../src/server/automation/index.js'
import { createRandom } from '../../harness/random.js'
import { startPostgres } from '../../harness/startPostgres.js'
import { bundle } from '../../server/bundle.js'
import { secret, startServer, type ServerWorld } from '../../server/startServer.js'
import type { ChargeOrder, ChargeWords } from './chargeProcess.js'
import { subscriptionTo } from './chargeRule.js'
import { finishCharges, startChargeWorkers } from './chargeWorkers.js'
import { chargeCounter, compareCharges, type ChargeCount, type Payer } from './countCharges.js'
import type { Mischief } from './mischief.js'

export type ChargesTestParameters = {
  /** Charges that fall due in all: each session's, in each period. */
  charges: number
  sessions: number
  /** Processes that charge at once. */
  workers: number
  database: Database['kind']
  seed: number
  say?: (line: string) => void
}

export type ChargesReport = ChargeCount & { kills: number; mischief: Mischief; runs: Record<string, number>; errors: ReadonlyMap<string, number> }

/** So long nothing happens: then it is said that nothing does any more. */
const patienceMs = 90_000
const daySeconds = 86_400

/**
 * Sessions that are charged once a day by processes that are killed again and again, while their queue delivers twice, for as many days as it
 * takes. Then the chain is asked who paid when.
 */
export async function chargesTest({ charges, sessions, workers, database, seed, say = () => undefined }: ChargesTestParameters): Promise<ChargesReport> {
  const periods = charges / sessions
  if (!Number.isInteger(periods)) throw new Error(`${charges} charges are not the same number for each of ${sessions} sessions.`)
  if (periods > 20) throw new Error('A payer has 100 GOLD, for 20 days.')
  if (database === 'pglite' && workers > 1) throw new Error('An embedded database is for one process.')
  const cleanUps: (() => unknown)[] = []
  try {
    const program = await bundle('../automation/charges/chargeProcess.ts', ['pg', 'pg-boss', '@electric-sql/pglite'], { inline: true })
    cleanUps.push(program.remove)
    const databaseUrl = await startDatabase(database, cleanUps)
    const opened = await openDatabase(databaseUrl)
    const world = await startServer({ store: createDatabaseStore(opened) }).catch(async (error: unknown) => {
      await opened.close()
      throw error
    })
    cleanUps.push(world.stop)
    const payers = await subscribeMany(world, sessions, say).finally(opened.close)

    const counter = chargeCounter(world.chain.client, world, payers)
    const mischief: Mischief = { copied: 0, repeated: 0, handedOut: 0, forgotten: 0 }
    const errors = new Map<string, number>()
    function onWords(words: ChargeWords) {
      if ('error' in words) errors.set(words.error, (errors.get(words.error) ?? 0) + 1)
      if ('mischief' in words) for (const key of Object.keys(mischief) as (keyof Mischief)[]) mischief[key] += words.mischief[key]
    }
    const order: ChargeOrder = { databaseUrl, gold: world.gold, shop: world.shop, rpcUrl: world.chain.rpcUrl, chainId: world.chain.chain.id, secret, mischiefMs: 500 }
    const charging = startChargeWorkers({ program, order, count: workers, random: createRandom(seed), onWords })
    try {
      for (let period = 1; period <= periods; period += 1) {
        if (period > 1) await world.chain.increaseTime(daySeconds)
        await allCharged({ counter, payers, period })
        // What was done is forgotten before the day is over, for the chain alone to remember.
        const { forgotten } = mischief
        await patiently(() => mischief.forgotten > forgotten)
        say(`day ${period} of ${periods}: all ${sessions} charged, ${charging.kills()} processes killed so far`)
      }
    } finally {
      await charging.stop()
    }
    const runs = await finishCharges({ program, order, onWords })
    return { ...compareCharges(await counter.read(), payers, periods), kills: charging.kills(), mischief, runs, errors }
  } finally {
    for (const cleanUp of cleanUps.reverse()) await cleanUp()
  }
}

async function startDatabase(kind: Database['kind'], cleanUps: (() => unknown)[]): Promise<string> {
  if (kind === 'postgres') {
    const postgres = await startPostgres()
    cleanUps.push(postgres.stop)
    return postgres.url
  }
  const folder = mkdtempSync(join(tmpdir(), 'rsk-charges-'))
  cleanUps.push(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** How many pages are open at once. */
const pages = 4

/** Each with a wallet of its own, which grants for real. */
async function subscribeMany(world: ServerWorld, count: number, say: (line: string) => void): Promise<readonly Payer[]> {
  const payers: Payer[] = []
  const oneByOne = createOneAtATime()
  let begun = 0
  async function subscribeNext(): Promise<void> {
    while (begun < count) {
      begun += 1
      // One account gives everybody their GOLD, and numbers its transactions itself.
      const { owner, config } = await oneByOne(() => world.openPage())
      const { session } = await world.subscribe(subscriptionTo(world), { user: crypto.randomUUID(), config })
      const start = session.granted[0]?.permission.startTime
      if (start === undefined) throw new Error('A periodic permission begins at no time.')
      payers.push({ account: owner.address, start })
      if (payers.length % 50 === 0) say(`${payers.length} of ${count} sessions granted`)
    }
  }
  await Promise.all(Array.from({ length: pages }, subscribeNext))
  return payers
}

type AllCharged = { counter: ReturnType<typeof chargeCounter>; payers: readonly Payer[]; period: number }

/** Resolves when the chain has a charge of everybody in each period up to this one, or there are no more for a long time. */
async function allCharged({ counter, payers, period }: AllCharged): Promise<void> {
  for (let most = -1, missed = 1; missed > 0; ) {
    const got = await patiently(async () => {
      const count = compareCharges(await counter.read(), payers, period)
      missed = count.missed
      if (count.charged <= most && missed > 0) return false
      most = count.charged
      return true
    })
    if (!got) return
  }
}

/** Looks until it is so. Returns false when it was not for a long time. */
async function patiently(isSo: () => boolean | Promise<boolean>): Promise<boolean> {
  for (const startedAtMs = Date.now(); Date.now() - startedAtMs < patienceMs; ) {
    if (await isSo()) return true
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return false
}
