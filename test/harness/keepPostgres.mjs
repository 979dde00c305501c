/**
 * Makes a Postgres in a folder and runs it, for as long as whoever started this holds the other end of its standard input; then both are gone,
 * Postgres and folder. A process that is killed lets go of it too, and could not stop anything itself any more.
 *
 * Standard input begins with a line of JSON: { folder, steps: [[program, ...arguments], …], as?: { uid, gid } }. The last step is the one that stays.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { createInterface } from 'node:readline'

// Ctrl-C goes to all that a terminal started, and this one has something to do afterwards.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined)

const lines = createInterface({ input: process.stdin })
const letGo = once(lines, 'close')
const [line] = await once(lines, 'line')
const { folder, steps, as } = JSON.parse(line)
let code = 0
for (const [program, ...args] of steps) {
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'], cwd: folder, ...as })
  const gone = once(child, 'exit')
  await Promise.race([letGo, gone])
  // At once: what it has is thrown away.
  child.kill('SIGQUIT')
  code = (await gone)[0] ?? 1
  if (code !== 0) break
}
rmSync(folder, { recursive: true, force: true })
process.exit(code)
