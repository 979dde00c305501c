import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
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
  const port = await freePort()
  const child = spawn(
    process.execPath,
    [
      command,
      ...['--entrypoints', framework.EntryPoint, '--rpc-url', chain.rpcUrl, '--port', String(port)],
      ...['--executor-private-keys', executor, '--utility-private-key', utility, '--min-executor-balance', String(parseEther('1'))],
      // Its tracer wants a node that runs JavaScript.
      ...['--safe-mode', 'false'],
      ...['--block-time', '100', '--min-bundle-interval', '10', '--max-bundle-interval', '50'],
      ...['--enforce-unique-senders-per-bundle', 'false', '--mempool-max-parallel-ops', '200', '--mempool-max-queued-ops', '200'],
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true },
  )
  const release = killWithParent(child)
  const ended = once(child, 'exit').then(release)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output = `${output}${chunk}`.slice(-5_000)))
  const kill = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
    await ended
  }
  const url = `http://127.0.0.1:${port}/rpc`
  try {
    await answers(url, () => child.exitCode !== null || child.signalCode !== null)
  } catch (cause) {
    await kill()
    throw new Error(`The bundler did not start. It said:\n${output}`, { cause })
  }
  return { url, kill }
}

async function answers(url: string, isOver: () => boolean): Promise<void> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_supportedEntryPoints', params: [] })
  for (const startedAt = Date.now(); Date.now() - startedAt < startTimeoutMs && !isOver(); ) {
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body }).catch(() => undefined)
    if (response?.ok) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('no answer')
}

/** Another may take it in between, which shows as a start that fails. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
