import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseEther } from 'viem'
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts'
import { framework } from '../../src/delegation/framework.js'
import { killWithParent } from '../../src/testing/chain/killWithParent.js'
import type { LocalChain } from '../../src/testing/chain/startLocalChain.js'
import { installBundler } from './installBundler.js'

export type Bundler = {
  url: string
  /** Ends it at once, in the middle of whatever it does. */
  kill: () => Promise<void>
}

const startTimeoutMs = 60_000

/** Pimlico's alto, as a process of its own on the given chain. */
export async function startBundler(chain: LocalChain): Promise<Bundler> {
  const command = await installBundler()
  const [executor, utility] = [generatePrivateKey(), generatePrivateKey()]
  for (const key of [executor, utility]) await chain.setBalance(privateKeyToAddress(key), parseEther('1000'))
  const child = spawn(
    process.execPath,
    [
      ...['--import', pathToFileURL(join(import.meta.dirname, 'listenOnLoopback.mjs')).href, command],
      ...['--entrypoints', framework.EntryPoint, '--rpc-url', chain.rpcUrl, '--port', '0'],
      ...['--executor-private-keys', executor, '--utility-private-key', utility, '--min-executor-balance', String(parseEther('1'))],
      // Its tracer wants a node that runs JavaScript.
      ...['--safe-mode', 'false'],
      ...['--block-time', '100', '--min-bundle-interval', '10', '--max-bundle-interval', '50'],
      ...['--enforce-unique-senders-per-bundle', 'false', '--mempool-max-parallel-ops', '200', '--mempool-max-queued-ops', '200'],
    ],
    { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], windowsHide: true },
  )
  const release = killWithParent(child)
  const ended = once(child, 'exit').then(() => release())
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (output = `${output}${chunk}`.slice(-5_000)))
  const kill = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
    await ended
  }
  try {
    return { url: `http://127.0.0.1:${await portOf(child, ended)}/rpc`, kill }
  } catch (cause) {
    await kill()
    throw new Error(`The bundler did not start. It said:\n${output}`, { cause })
  }
}

async function portOf(child: ChildProcess, ended: Promise<unknown>): Promise<number> {
  const listening = once(child, 'message', { signal: AbortSignal.timeout(startTimeoutMs) })
  const first = await Promise.race([listening, ended])
  const [message] = Array.isArray(first) ? (first as [{ port: number }]) : []
  if (!message) throw new Error('it ended')
  return message.port
}
