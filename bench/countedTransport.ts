import { custom, http, type Transport } from 'viem'

export type CountedTransport = {
  transport: Transport
  /** Also what nobody has waited for. */
  asked: string[]
  answered: string[]
  latency: { ms: number }
}

/** A node at a distance: what it is asked is written down, and each question takes `latency.ms` longer. */
export function countedTransport(rpcUrl: string): CountedTransport {
  const asked: string[] = []
  const answered: string[] = []
  const latency = { ms: 0 }
  const { request } = http(rpcUrl, { retryCount: 0 })({ retryCount: 0 })
  const transport = custom({
    async request(question: { method: string }) {
      asked.push(question.method)
      if (latency.ms > 0) await new Promise((resolve) => setTimeout(resolve, latency.ms))
      return request(question as never).finally(() => answered.push(question.method))
    },
  }, { retryCount: 0 })
  return { transport, asked, answered, latency }
}
