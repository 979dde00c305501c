import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'

/** SIGKILL to a detached child and to all that it started; resolves when none of them runs any more. */
export async function killProcessGroup(leader: ChildProcess): Promise<void> {
  const { pid } = leader
  if (pid === undefined) return
  if (leader.exitCode === null && leader.signalCode === null) {
    const gone = once(leader, 'exit')
    // Windows has no process groups; there a browser's helpers end when it does.
    if (process.platform === 'win32') leader.kill('SIGKILL')
    else process.kill(-pid, 'SIGKILL')
    await gone
  }
  while (isRunning(pid)) await new Promise((resolve) => setTimeout(resolve, 5))
}

function isRunning(group: number): boolean {
  if (process.platform === 'linux') return readdirSync('/proc').some((entry) => Number(entry) > 0 && isRunningIn(group, entry))
  try {
    return process.platform !== 'win32' && process.kill(-group, 0)
  } catch {
    return false
  }
}

/** A zombie has ended, and holds no file: it only waits to be counted. */
function isRunningIn(group: number, pid: string): boolean {
  try {
    const [state, , itsGroup] = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ')
    return itsGroup === String(group) && state !== 'Z' && state !== 'X'
  } catch {
    return false
  }
}
