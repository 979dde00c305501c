import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { anvilBinary } from '../../../src/testing/chain/anvilBinary.js'
import { startAnvil } from '../../../src/testing/chain/anvilProcess.js'
import { localChain, localChainClient, type LocalChainClient } from '../../../src/testing/chain/localChainClient.js'

/** A node that ends and comes back with the chain it had, without the transactions that waited. It makes a block every so often. */
export type MortalChain = {
  rpcUrl(): string
  client(): LocalChainClient
  /** Ends it; `between` runs while there is none. */
  restart(between: (end: () => Promise<void>) => Promise<void>): Promise<void>
  stop(): Promise<void>
}

export type Node = { rpcUrl: string; stop(): Promise<void> }

/** @param args what the first node has to be started with to keep its chain */
export async function startMortalChain(startFirst: (args: readonly string[]) => Promise<Node>, blockMs: number): Promise<MortalChain> {
  const folder = await mkdtemp(join(tmpdir(), 'rsk-chain-'))
  const keep = ['--state', join(folder, 'state.json')]
  let node = await startFirst(keep)
  let client = localChainClient(localChain(node.rpcUrl))
  let mining = mineEvery(client, blockMs)
  return {
    rpcUrl: () => node.rpcUrl,
    client: () => client,
    async restart(between) {
      await mining.stop()
      await between(() => node.stop())
      node = await startAnvil(anvilBinary(), ['--host', '127.0.0.1', '--port', '0', '--no-mining', '--enable-tx-gas-limit', ...keep])
      client = localChainClient(localChain(node.rpcUrl))
      mining = mineEvery(client, blockMs)
    },
    async stop() {
      await mining.stop()
      await node.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function mineEvery(client: LocalChainClient, blockMs: number): { stop(): Promise<void> } {
  let ending = false
  const ended = (async () => {
    while (!ending) {
      await client.mine({ blocks: 1 })
      await new Promise((resolve) => setTimeout(resolve, blockMs))
    }
  })()
  return {
    stop: async () => {
      ending = true
      await ended
    },
  }
}
