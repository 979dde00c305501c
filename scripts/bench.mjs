/** `npm run bench`: what an action costs in requests, time, gas and bytes, beside what others need for the same, on a chain of its own. */
import { parseArgs } from 'node:util'
import { findBrowser } from './browser.mjs'
import { importTypeScript } from './importTypeScript.mjs'

// The vendor kit reports its use unless told not to.
process.env['DO_NOT_TRACK'] = '1'

try {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { write: { type: 'boolean', default: false } } })
  const module = await importTypeScript('bench/runBench.ts')
  const unknown = positionals.find((part) => !module.parts.includes(part))
  if (unknown) throw new Error(`"${unknown}" is no part of the bench. Usage: npm run bench -- [${module.parts.join('|')}] [--write]`)
  await module.runBench({ only: positionals, write: values.write, browser: findBrowser, say: (line) => console.error(line) })
  process.exit(0)
} catch (error) {
  console.error(`The bench did not run: ${error?.stack ?? error}`)
  process.exit(1)
}
