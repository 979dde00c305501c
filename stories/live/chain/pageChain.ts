import { custom, defineChain, type Chain, type CustomTransport } from 'viem'
import { RpcError } from './rpcError.js'
import type { ChainAnswer, ChainQuestion } from './workerMessages.js'

export type PageChain = {
  chain: Chain
  /** For viem and wagmi. It is the node: no wallet stands behind it. */
  transport: CustomTransport
  request: (request: { method: string; params?: unknown }) => Promise<unknown>
  /** Ends the worker; what was asked and not answered stays so. */
  stop: () => void
}

/** A chain of one's own in this page, without a server: an EVM in a Web Worker. */
export function startPageChain({ chainId, genesisUrl }: { chainId: number; genesisUrl: string }): PageChain {
  const worker = new Worker(new URL('./chainWorker.ts', import.meta.url), { type: 'module', name: 'chain' })
  const waiting = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>()
  let lastId = 0
  let failure: Error | undefined

  worker.addEventListener('message', ({ data }: MessageEvent<ChainAnswer>) => {
    const asked = waiting.get(data.id)
    waiting.delete(data.id)
    if ('error' in data) asked?.reject(new RpcError(data.error))
    else asked?.resolve(data.result)
  })
  worker.addEventListener('error', ({ message }) => {
    failure = new Error(`The chain in this page has stopped: ${message || 'its worker could not be loaded.'}`)
    for (const { reject } of waiting.values()) reject(failure)
    waiting.clear()
  })

  const request: PageChain['request'] = (request) =>
    new Promise((resolve, reject) => {
      if (failure) return reject(failure)
      const id = (lastId += 1)
      waiting.set(id, { resolve, reject })
      const question: ChainQuestion = { id, genesisUrl, at: Math.floor(Date.now() / 1000), request }
      worker.postMessage(question)
    })

  return {
    chain: defineChain({
      id: chainId,
      name: 'Chain in this page',
      nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
      rpcUrls: { default: { http: [] } },
      testnet: true,
    }),
    transport: custom({ request: request as Parameters<typeof custom>[0]['request'] }, { retryCount: 0 }),
    request,
    stop: () => worker.terminate(),
  }
}
