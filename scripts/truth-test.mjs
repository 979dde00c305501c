/** `npm run truth-test`: sessions and calls at random, each decided by the kit's check and by the real contracts. They agree. */
import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { importTypeScript } from './importTypeScript.mjs'

const usage = 'Usage: npm run truth-test -- [--cases <number>] [--seed <number>] [--case <number>]'

try {
  const { cases, seed, only } = readOptions()
  const module = await importTypeScript('test/harness/truth/truthTest.ts')
  // Beside the result, so that the result is one line.
  console.error(`seed ${seed}`)
  let told = 0
  const onCase = (done) => {
    if (done < told + 1000 && done < cases) return
    told = done
    console.error(`decided ${done} of ${cases} cases`)
  }
  const report = await module.truthTest({ cases, seed, only, onCase })
  const untyped = report.untyped.map((reason) => `no error of its own: ${reason}`)
  for (const line of [...report.breakdown, ...untyped, ...report.disagreements]) console.error(line)
  console.log(`cases ${report.cases} agree ${report.agree}`)
  process.exit(report.agree === report.cases ? 0 : 1)
} catch (error) {
  console.error(`The truth test did not run: ${error?.code?.startsWith('ERR_PARSE_ARGS') ? `${error.message} ${usage}` : (error?.stack ?? error)}`)
  process.exit(1)
}

function readOptions() {
  const { values } = parseArgs({ options: { cases: { type: 'string', default: '10000' }, seed: { type: 'string' }, case: { type: 'string' } } })
  const cases = Number(values.cases)
  const seed = Number(values.seed ?? randomInt(2 ** 32))
  const only = values.case === undefined ? undefined : Number(values.case)
  if (!Number.isSafeInteger(cases) || cases < 1) throw new Error(`"${values.cases}" is not a number of cases. ${usage}`)
  if (!Number.isSafeInteger(seed)) throw new Error(`"${values.seed}" is not a seed. ${usage}`)
  if (only !== undefined && !(Number.isSafeInteger(only) && only >= 0)) throw new Error(`"${values.case}" is not the number of a case. ${usage}`)
  return { cases, seed, only }
}
