/**
 * A server process: sends one intent and says what became of it, over a store that outlives it. Told to, it dies by SIGKILL at the moment in
 * which its node is to be asked `dieAt`, before or after the node has heard it.
 */
import { custom, defineChain, http, type EIP1193RequestFn } from 'viem'
import { createSessionAgent, environmentKeys, type CreateSessionAgentParameters } from '../../src/server/index.js'
import { remoteStore } from './remoteStore.js'

export type AgentOrder = {
  storeUrl: string
  rpcUrl: string
  chainId: number
  secret: string
  session: string
  intents: readonly { intent: string; calls: readonly { to: string; data: string }[] }[]
  relay?: string | undefined
  dieAt?: { method: string; moment: 'before' | 'after' } | undefined
  leaseMs: number
  recover?: boolean | undefined
}

const order = JSON.parse(process.env['ORDER'] ?? '') as AgentOrder
const { dieAt } = order
const chain = defineChain({ id: order.chainId, name: 'Local', nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 }, rpcUrls: { default: { http: [order.rpcUrl] } } })
const node = http(order.rpcUrl)({ chain })

function die() {
  process.kill(process.pid, 'SIGKILL')
}

const request = (async (call: { method: string }) => {
  const isMoment = dieAt !== undefined && call.method.startsWith(dieAt.method)
  if (isMoment && dieAt.moment === 'before') die()
  const answer: unknown = await node.request(call as never)
  if (isMoment) die()
  return answer
}) as EIP1193RequestFn

/** A relay is asked by its own client; it dies in the same way. */
const asked = globalThis.fetch
globalThis.fetch = async (input, init) => {
  const isRelay = order.relay !== undefined && String(input) === order.relay
  const isMoment = isRelay && dieAt !== undefined && String(init?.body).includes(`"${dieAt.method}`)
  if (isMoment && dieAt.moment === 'before') die()
  const answer = await asked(input, init)
  if (isMoment) die()
  return answer
}

const parameters: CreateSessionAgentParameters = {
  store: remoteStore(order.storeUrl),
  custody: environmentKeys({ secret: order.secret }),
  chains: [{ chain, transport: custom({ request }), pollingInterval: 20 }],
  relay: order.relay,
  leaseMs: order.leaseMs,
}
const agent = createSessionAgent(parameters)
const recovered = order.recover ? (await agent.recover()).map(({ id, state }) => `${id} ${state.status}`) : []
const sent = await Promise.all(
  order.intents.map(({ intent, calls }) =>
    agent.send({ session: order.session, intent, calls: calls as never }).then(
      ({ transactionHash }) => ({ intent, transactionHash }),
      (error: Error) => ({ intent, error: error.name, message: error.message }),
    ),
  ),
)
process.stdout.write(JSON.stringify({ recovered, sent }))
