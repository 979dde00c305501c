/**
 * What becomes of each kind of permission in each wallet's words. Prints the table, and writes it into docs/dialects.md.
 *
 *   node scripts/dialects.mjs           prints and writes
 *   node scripts/dialects.mjs --check   fails if the file holds another table
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { runnerImport } from 'vite'

const at = (/** @type {string} */ path) => fileURLToPath(new URL(`../${path}`, import.meta.url))
const { module } = await runnerImport(at('test/docs/dialectTable.ts'), { root: at(''), configFile: false, logLevel: 'error' })
const table = /** @type {{ dialectTable(): string }} */ (module).dialectTable()

const page = at('docs/dialects.md')
const before = readFileSync(page, 'utf8').replaceAll('\r\n', '\n')
const after = before.replace(/(<!-- table:begin -->\n)[\s\S]*?(<!-- table:end -->)/, (_, begin, end) => `${begin}${table}\n${end}`)
console.log(table)
if (after === before) process.exit(0)
if (process.argv.includes('--check')) {
  console.error('docs/dialects.md holds another table. Run: npm run dialects')
  process.exit(1)
}
writeFileSync(page, after)
