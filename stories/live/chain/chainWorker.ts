/** The chain, in a thread of its own: the page only sends requests. */
import { createVmChain, type VmChain } from './createVmChain.js'
import type { Genesis } from './genesis.js'
import { toRpcErrorObject } from './rpcError.js'
import type { ChainAnswer, ChainQuestion } from './workerMessages.js'

/** The page's clock, as of its last message: a story may play at a moment of its own, which a worker cannot see. */
let now = 0
let chain: Promise<VmChain> | undefined

async function open(genesisUrl: string): Promise<VmChain> {
  const answer = await fetch(genesisUrl)
  if (!answer.ok) throw new Error(`The chain's first state could not be read: HTTP ${answer.status}.`)
  return createVmChain({ genesis: (await answer.json()) as Genesis, clock: () => now })
}

self.addEventListener('message', async ({ data: { id, at, genesisUrl, request } }: MessageEvent<ChainQuestion>) => {
  now = at
  chain ??= open(genesisUrl)
  let answer: ChainAnswer
  try {
    answer = { id, result: await (await chain).request(request) }
  } catch (error) {
    answer = { id, error: toRpcErrorObject(error) }
  }
  self.postMessage(answer)
})
