import { createClient, custom, type Hex } from 'viem'
import type { SessionKeyConfig } from '../../src/actions/createSessionKeyConfig.js'
import { sendSessionCalls, type SendSessionCallsParameters } from '../../src/actions/sendSessionCalls.js'
import { createUsageLedger } from '../../src/actions/usageLedger.js'
import type { Lane } from '../../src/execution/lane.js'
import type { startShop } from '../startShop.js'

export type Forward = () => Promise<unknown>
/** Answers a request in the node's place, with or without asking it. */
export type NodeAnswers = Record<string, (forward: Forward, params: never) => unknown>

/** The shop's app with a page of its own: what it asks its node is written down, and may be answered otherwise. */
export function countedApp(world: Awaited<ReturnType<typeof startShop>>, laneOf: (count: typeof fetch) => Lane, answers: NodeAnswers = {}) {
  const asked: string[] = []
  const transport = custom({
    request: async ({ method, params }: { method: string; params: readonly unknown[] }) => {
      asked.push(method)
      const forward = () => world.chain.client.request({ method, params } as never)
      return answers[method] ? answers[method](forward, params as never) : forward()
    },
  })
  const client = createClient({ chain: world.chain.chain, transport, pollingInterval: 20 })
  const lane = laneOf((url, init) => {
    asked.push((JSON.parse(String(init?.body)) as { method: string }).method)
    return fetch(url, init)
  })
  const wagmi = Object.create(world.config.wagmi, { getClient: { value: () => client } }) as SessionKeyConfig['wagmi']
  const config = { ...world.config, wagmi, lane, usage: createUsageLedger() }
  return {
    asked,
    config,
    client,
    /** What was asked while `work` ran. */
    async during(work: () => Promise<unknown>): Promise<string[]> {
      asked.length = 0
      await work()
      return [...asked]
    },
    send: (calls: readonly unknown[], options: Omit<SendSessionCallsParameters, 'calls'> = {}) => sendSessionCalls(config, { session: world.shopping, ...options, calls: calls as never }),
  }
}

/** What a node without the method says. */
export function methodNotFound(): never {
  throw Object.assign(new Error('the method does not exist'), { code: -32601 })
}

export function refusedByNode(message: string, code = -32000, data?: Hex): never {
  throw Object.assign(new Error(message), { code, data })
}
