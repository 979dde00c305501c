/** `npm run stress`: what looks for accidents, as often as it can find them. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url))
const { status } = spawnSync(process.execPath, [vitest, 'run', 'test/dialects/fuzz', 'test/e2e/tabs.e2e.test.ts'], {
  stdio: 'inherit',
  cwd: fileURLToPath(new URL('..', import.meta.url)),
  // Read by test/harness/repeats.ts.
  env: { ...process.env, STRESS: '1' },
})
process.exit(status ?? 1)
