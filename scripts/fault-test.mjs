/** `npm run fault-test`: one session key acts through a node at which everything goes wrong. Each action happens once, or is said to have failed. */
import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { importTypeScript } from './importTypeScript.mjs'

const usage = 'Usage: npm run fault-test -- [--actions <number>] [--outage <seconds>] [--seed <number>]'

try {
  const { actions, outage, seed } = readOptions()
  const module = await importTypeScript('test/harness/faults/faultTest.ts')
  // Beside the result, so that the result is one line.
  console.error(`seed ${seed}`)
  const onSettled = (settled) => {
    if (settled % 100 === 0) console.error(`settled ${settled} of ${actions} actions`)
  }
  const { done, failed, unknown, twice, hung, untrue, errors, faults } = await module.faultTest({ actions, seed, outageMs: outage * 1_000, onSettled })
  for (const [fault, count] of faults) console.error(`fault: ${fault} ${count}`)
  for (const [name, count] of errors) console.error(`error: ${name} ${count}`)
  for (const sentence of untrue) console.error(sentence)
  console.log(`actions ${actions} done ${done} failed ${failed} unknown ${unknown} twice ${twice} hung ${hung}`)
  process.exit(twice + hung + untrue.length > 0 ? 1 : 0)
} catch (error) {
  console.error(`The fault test did not run: ${error?.code?.startsWith('ERR_PARSE_ARGS') ? `${error.message} ${usage}` : (error?.stack ?? error)}`)
  process.exit(1)
}

function readOptions() {
  const { values } = parseArgs({ options: { actions: { type: 'string', default: '1000' }, outage: { type: 'string', default: '0' }, seed: { type: 'string' } } })
  const actions = Number(values.actions)
  const outage = Number(values.outage)
  const seed = Number(values.seed ?? randomInt(2 ** 32))
  if (!Number.isSafeInteger(actions) || actions < 1) throw new Error(`"${values.actions}" is not a number of actions. ${usage}`)
  if (!(outage >= 0 && Number.isFinite(outage))) throw new Error(`"${values.outage}" is not a number of seconds. ${usage}`)
  if (!Number.isSafeInteger(seed)) throw new Error(`"${values.seed}" is not a seed. ${usage}`)
  return { actions, outage, seed }
}
