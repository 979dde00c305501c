/** `npm run crash-test`: kills a browser at random moments, and counts the session keys that are lost by it: none. */
import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { findBrowser } from './browser.mjs'
import { importTypeScript } from './importTypeScript.mjs'

const variants = ['grant', 'migration', 'revocation']
const usage = `Usage: npm run crash-test -- [--kills <number>] [--variant ${variants.join('|')}] [--seed <number>]`

try {
  const { kills, variant, seed } = readOptions()
  const module = await importTypeScript('test/harness/crash/crashTest.ts')
  // Beside the result, so that the result is one line.
  console.error(`seed ${seed}`)
  const onKill = (killed) => {
    if (killed % 20 === 0 || killed === kills) console.error(`killed ${killed} of ${kills} times`)
  }
  const { granted, lost, unconfirmed } = await module.crashTest({ browser: await findBrowser(), variant, kills, seed, onKill })
  for (const problem of lost) console.error(problem)
  console.log(`kills ${kills} granted ${granted} lost ${lost.length} unconfirmed ${unconfirmed}`)
  process.exit(lost.length > 0 ? 1 : 0)
} catch (error) {
  console.error(`The crash test did not run: ${error?.code?.startsWith('ERR_PARSE_ARGS') ? `${error.message} ${usage}` : (error?.stack ?? error)}`)
  process.exit(1)
}

function readOptions() {
  const { values } = parseArgs({
    options: { kills: { type: 'string', default: '20' }, variant: { type: 'string', default: 'grant' }, seed: { type: 'string' } },
  })
  const kills = Number(values.kills)
  const seed = Number(values.seed ?? randomInt(2 ** 32))
  if (!Number.isSafeInteger(kills) || kills < 1) throw new Error(`"${values.kills}" is not a number of kills. ${usage}`)
  if (!Number.isSafeInteger(seed)) throw new Error(`"${values.seed}" is not a seed. ${usage}`)
  if (!variants.includes(values.variant)) throw new Error(`"${values.variant}" is not a variant. ${usage}`)
  return { kills, variant: values.variant, seed }
}
