import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundle, type Bundle } from './bundle.js'

let automation: Bundle
beforeAll(async () => void (automation = await bundle('../../src/server/automation/index.ts', ['viem', 'valibot', 'croner'])), 60_000)
afterAll(() => automation.remove())

/** Runs a module in the folder in which only what the kit itself depends on is installed. */
async function run(code: string): Promise<string> {
  const file = join(automation.folder, `${crypto.randomUUID()}.mjs`)
  writeFileSync(file, code)
  return (await promisify(execFile)(process.execPath, [file])).stdout.trim()
}

test('is there where react, wagmi, and the databases are not', async () => {
  for (const absent of ['react', 'wagmi', '@tanstack/react-query', 'pg', 'pg-boss', '@electric-sql/pglite']) {
    expect(await run(`console.log(await import('${absent}').then(() => 'here', (error) => error.code))`), absent).toBe('ERR_MODULE_NOT_FOUND')
  }
  expect(await run(`const { openDatabase } = await import(${JSON.stringify(automation.file)}); console.log(typeof openDatabase)`)).toBe('function')
})

test.each([
  ['postgres://127.0.0.1/name', 'A Postgres needs the package pg, which is not installed.', 'npm install pg pg-boss'],
  ['./folder', 'The embedded database needs the package @electric-sql/pglite, which is not installed.', 'npm install @electric-sql/pglite pg-boss'],
])('says what to install for %s', async (url, sentence, help) => {
  const answer = await run(`
    import { MissingPackageError, openDatabase } from ${JSON.stringify(automation.file)}
    console.log(await openDatabase(${JSON.stringify(url)}).catch((error) => [error instanceof MissingPackageError, error.message].join('\\n')))
  `)
  expect(answer.split('\n')[0]).toBe('true')
  expect(answer).toContain(sentence)
  expect(answer).toContain(help)
})
