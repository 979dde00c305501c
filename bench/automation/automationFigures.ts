import { createDatabaseStore, openDatabase } from '../../src/server/automation/index.js'
import { startPostgres } from '../../test/harness/startPostgres.js'
import { startServer } from '../../test/server/startServer.js'
import type { Figure } from '../figure.js'
import { chargeFigures } from './chargeRates.js'
import { lookFigures } from './looks.js'

/** Charges that fall due, and what it costs to look for them, on a Postgres and a chain of their own. */
export async function automationFigures(say: (line: string) => void): Promise<Figure[]> {
  const postgres = await startPostgres()
  try {
    const database = await openDatabase(postgres.url)
    try {
      const world = await startServer({ store: createDatabaseStore(database), startShop: [{}, { args: ['--prune-history', '10'] }] })
      try {
        const charges = await chargeFigures({ world, database, say })
        return [...charges, ...(await lookFigures({ world, postgres, say }))]
      } finally {
        await world.stop()
      }
    } finally {
      await database.close()
    }
  } finally {
    await postgres.stop()
  }
}
