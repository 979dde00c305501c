/** `npm run crash-test`, as a program: what it prints, and that it finds nothing lost. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const run = promisify(execFile)

test.each([
  ['grant', 10],
  ['migration', 3],
  ['revocation', 3],
] as const)('a browser killed in the middle of a %s loses no key', { timeout: 180_000 }, async (variant, kills) => {
  const { code, stdout, stderr } = await crashTest(['--variant', variant, '--kills', String(kills)])
  expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: expect.stringMatching(new RegExp(`^kills ${kills} granted [1-9]\\d* lost 0 unconfirmed \\d+\\n$`)) })
})

test.each([
  [['--kills', 'many'], /"many" is not a number of kills\. Usage: /],
  [['--variant', 'flood'], /"flood" is not a variant\. Usage: /],
  [['--colour'], /Unknown option '--colour'.* Usage: /],
])('%j is refused in one sentence', async (args, sentence) => {
  expect(await crashTest(args)).toEqual({ code: 1, stdout: '', stderr: expect.stringMatching(sentence) })
})

async function crashTest(args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const script = fileURLToPath(new URL('../../scripts/crash-test.mjs', import.meta.url))
  return run(process.execPath, [script, ...args]).then(
    (done) => ({ code: 0, ...done }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({ code, stdout, stderr }),
  )
}
