/** `npm run automation-test`: sessions are charged once a day by processes that are killed again and again. The chain is asked who paid when. */
import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { importTypeScript } from './importTypeScript.mjs'

const usage = 'Usage: npm run automation-test -- [--charges <number>] [--sessions <number>] [--workers <number>] [--database postgres|pglite] [--seed <number>]'

try {
  const options = readOptions()
  const module = await importTypeScript('test/automation/charges/chargesTest.ts')
  // Beside the result, so that the result is one line.
  console.error(`seed ${options.seed}, ${options.sessions} sessions, ${options.charges / options.sessions} days, ${options.workers} processes over ${options.database}`)
  const { due, charged, twice, missed, kills, mischief, runs, errors } = await module.chargesTest({ ...options, say: (line) => console.error(line) })
  for (const [error, count] of errors) console.error(`error: ${count} × ${error}`)
  console.error(`killed ${kills} · delivered twice: ${Object.entries(mischief).map(([what, count]) => `${what} ${count}`).join(', ')}`)
  console.error(`in the history: ${Object.entries(runs).map(([status, count]) => `${status} ${count}`).join(', ')}`)
  console.log(`due ${due} charged ${charged} twice ${twice} missed ${missed}`)
  process.exit(charged === due && twice + missed === 0 ? 0 : 1)
} catch (error) {
  console.error(`The automation test did not run: ${error?.code?.startsWith('ERR_PARSE_ARGS') ? `${error.message} ${usage}` : (error?.stack ?? error)}`)
  process.exit(1)
}

function readOptions() {
  const text = { type: 'string' }
  const { values } = parseArgs({ options: { charges: { ...text, default: '1000' }, sessions: text, workers: text, database: { ...text, default: 'postgres' }, seed: text } })
  if (values.database !== 'postgres' && values.database !== 'pglite') throw new Error(`"${values.database}" is no database. ${usage}`)
  const charges = count('charges', values.charges)
  const sessions = count('sessions', values.sessions ?? sessionsFor(charges))
  const workers = count('workers', values.workers ?? (values.database === 'pglite' ? 1 : 3))
  const seed = Number(values.seed ?? randomInt(2 ** 32))
  if (!Number.isSafeInteger(seed)) throw new Error(`"${values.seed}" is not a seed. ${usage}`)
  return { charges, sessions, workers, database: values.database, seed }
}

function count(what, value) {
  const number = Number(value)
  if (!Number.isSafeInteger(number) || number < 1) throw new Error(`"${value}" is not a number of ${what}. ${usage}`)
  return number
}

/** Five days of each, where that comes out even. */
function sessionsFor(charges) {
  return [5, 4, 3, 2, 1].map((days) => charges / days).find(Number.isInteger)
}
