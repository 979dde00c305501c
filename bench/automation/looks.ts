import { openDatabase } from '../../src/server/automation/index.js'
import { subscriptionTo } from '../../test/automation/charges/chargeRule.js'
import type { TestPostgres } from '../../test/harness/startPostgres.js'
import { bundle } from '../../test/server/bundle.js'
import { secret, type ServerWorld } from '../../test/server/startServer.js'
import { counted, measured, type Figure } from '../figure.js'
import type { LookOrder } from './lookProcess.js'
import { writeManySessions } from './manySessions.js'
import { startLookProcess, type LookProcess } from './startLookProcess.js'

const stored = [10, 1_000, 10_000]
const due = 10
const rounds = 11
/** New processes, each with a first look. */
const processes = 3
const daySeconds = 86_400

type LookFigures = { world: ServerWorld; postgres: TestPostgres; say: (line: string) => void }

/** What a look at the clock costs where 10 sessions are due and so many are stored, where none is, and for a process that has not looked before. */
export async function lookFigures({ world, postgres, say }: LookFigures): Promise<Figure[]> {
  const program = await bundle('../../bench/automation/lookProcess.ts', ['pg', 'pg-boss', '@electric-sql/pglite'], { inline: true })
  const { id } = await world.subscribe(subscriptionTo(world), { user: 'the one that all others are like' })
  const sizes: Size[] = []
  try {
    for (const count of stored) {
      const databaseUrl = await postgres.createDatabase()
      await writeSessions(world, { databaseUrl, id, count })
      const order: LookOrder = { databaseUrl, gold: world.gold, shop: world.shop, rpcUrl: world.chain.rpcUrl, chainId: world.chain.chain.id, secret }
      sizes.push(await openSize(count, () => startLookProcess(program, order)))
      say(`${count} sessions stored`)
    }
    for (let round = 0; round <= rounds; round += 1) {
      await world.chain.increaseTime(daySeconds)
      for (const size of round % 2 === 0 ? sizes : sizes.toReversed()) {
        const full = await lookFor(size.looking, due)
        const empty = await lookFor(size.looking, 0)
        // The first one warms up.
        if (round === 0) continue
        size.full.push(full)
        size.empty.push(empty)
      }
    }
    const heaps: number[] = []
    for (const { looking } of sizes) heaps.push(await looking.heap())
    const [least] = sizes as [Size]
    const name = `the same with ${least.count} sessions stored`
    const times = (id: string, unit: string, of: (size: Size) => readonly number[]) =>
      sizes.map((size) => measured(`automation.${id}.${size.count}`, unit, of(size), size === least ? undefined : { name, values: of(least) }))
    return [
      ...times('tick', `ms, a look with ${due} due`, ({ full }) => full),
      ...times('emptyTick', 'ms, a look with nothing due', ({ empty }) => empty),
      ...times('firstLook', 'ms, the first look of a new process, nothing due', ({ first }) => first),
      ...heaps.map((heap, index) => counted(`automation.heap.${stored[index]}`, 'MB of heap after all looks, garbage collected', heap, index === 0 ? undefined : { name, value: heaps[0] as number })),
    ]
  } finally {
    for (const { looking } of sizes) await looking.stop()
    program.remove()
  }
}

type Size = { count: number; looking: LookProcess; first: number[]; full: number[]; empty: number[] }

async function writeSessions(world: ServerWorld, { databaseUrl, id, count }: { databaseUrl: string; id: string; count: number }): Promise<void> {
  const like = await world.agent().session(id)
  if (!like) throw new Error('The session that was granted is not there.')
  const database = await openDatabase(databaseUrl)
  try {
    await writeManySessions({ database, like, count, due, farSeconds: 100 * daySeconds })
  } finally {
    await database.close()
  }
}

/** The very first look enters all sessions into the schedule; what is measured is a process that begins after that. The last one of them stays. */
async function openSize(count: number, start: () => LookProcess): Promise<Size> {
  const entering = start()
  await lookFor(entering, due)
  await entering.stop()
  const first: number[] = []
  for (let process = 1; ; process += 1) {
    const looking = start()
    first.push(await lookFor(looking, 0))
    if (process === processes) return { count, looking, first, full: [], empty: [] }
    await looking.stop()
  }
}

async function lookFor(looking: LookProcess, expected: number): Promise<number> {
  const { ms, queued } = await looking.look()
  if (queued !== expected) throw new Error(`${queued} came into the queue, and ${expected} are due.`)
  return ms
}
