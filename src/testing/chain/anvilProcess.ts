import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { AnvilStartError } from './errors.js'
import { killWithParent } from './killWithParent.js'

export type AnvilProcess = { rpcUrl: string; stop: () => Promise<void> }

const startTimeoutMs = 20_000
const stopTimeoutMs = 2_000

/** Spawns anvil and returns once it listens. A start that fails leaves no process behind. */
export async function startAnvil(binary: string, args: string[], { endOnSignal = true }: { endOnSignal?: boolean | undefined } = {}): Promise<AnvilProcess> {
  // A terminal's Ctrl-C goes to the whole group of processes.
  const child = spawn(binary, args, { stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true, detached: !endOnSignal })
  const release = killWithParent(child, { onSignal: endOnSignal })
  const ended = new Promise<void>((resolve) => {
    child.once('error', () => resolve()) // could not be spawned at all
    child.once('exit', () => resolve())
  }).then(release)

  const stop = async () => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return ended
    child.kill('SIGTERM')
    const stubborn = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs)
    await ended
    clearTimeout(stubborn)
  }

  try {
    return { rpcUrl: await listening(child), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** anvil chooses the free port itself (port 0) and prints it: asking for one beforehand could lose it to another. */
function listening(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = ''
    const fail = (reason: string, cause?: Error) => reject(new AnvilStartError({ reason, output, cause }))
    const timeout = setTimeout(() => fail(`it did not listen within ${startTimeoutMs} ms`), startTimeoutMs)
    const read = (chunk: Buffer) => {
      output += chunk
      const address = /Listening on (\S+)/.exec(output)?.[1]
      if (!address) return
      settled()
      resolve(`http://${address}`)
    }
    const onError = (error: Error) => {
      settled()
      fail('its binary could not be run', error)
    }
    // 'close' and not 'exit': only then has everything it said been read.
    const onClose = (code: number | null, signal: string | null) => {
      settled()
      fail(signal ? `it was ended by ${signal}` : `it ended with code ${code}`)
    }
    const settled = () => {
      clearTimeout(timeout)
      for (const stream of [child.stdout, child.stderr]) {
        stream?.off('data', read)
        stream?.resume() // an unread pipe fills up and then anvil stands still
      }
      child.off('error', onError)
      child.off('close', onClose)
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    child.once('error', onError)
    child.once('close', onClose)
  })
}
