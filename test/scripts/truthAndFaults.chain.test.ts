/** `npm run truth-test` and `npm run fault-test`, as programs: what they print, and when they refuse to run. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const run = promisify(execFile)

test.each([
  ['truth-test', ['--cases', '30', '--seed', '1'], /^cases 30 agree 30\n$/],
  ['fault-test', ['--actions', '6', '--seed', '1'], /^actions 6 done \d failed \d unknown \d twice 0 hung 0\n$/],
] as const)('%s %j', { timeout: 90_000 }, async (script, args, line) => {
  const { code, stdout, stderr } = await runScript(script, args)
  expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: expect.stringMatching(line) })
})

test.each([
  ['truth-test', ['--cases', 'many'], /"many" is not a number of cases\. Usage: /],
  ['truth-test', ['--case', 'last'], /"last" is not the number of a case\. Usage: /],
  ['fault-test', ['--actions', '0'], /"0" is not a number of actions\. Usage: /],
  ['fault-test', ['--colour'], /Unknown option '--colour'.* Usage: /],
] as const)('%s %j is refused in one sentence', async (script, args, sentence) => {
  expect(await runScript(script, args)).toEqual({ code: 1, stdout: '', stderr: expect.stringMatching(sentence) })
})

async function runScript(name: string, args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const script = fileURLToPath(new URL(`../../scripts/${name}.mjs`, import.meta.url))
  return run(process.execPath, [script, ...args]).then(
    (done) => ({ code: 0, ...done }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({ code, stdout, stderr }),
  )
}
