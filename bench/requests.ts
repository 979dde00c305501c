import { directLane } from '../src/execution/directLane.js'
import { parseEther } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { createRelayClient } from '../src/execution/relayClient.js'
import { relayLane } from '../src/execution/relayLane.js'
import { createRelay } from '../src/server/index.js'
import { kitApp } from './actors.js'
import { counted, inTurns, measured, secondsOf, type Figure } from './figure.js'
import { countedTransport } from './countedTransport.js'
import type { BenchShop } from './shop.js'

const viemName = 'viem writeContract and its receipt, by an EOA'
const kitName = '@metamask/smart-accounts-kit sendTransactionWithDelegation and its receipt'
const distances = [0, 50, 150]
const roundsAtDistance = 5

/** Of one action after warm-up: how many requests the app makes, to its node and to the relay; and how long it takes over a slow line. */
export async function requestFigures(shop: BenchShop): Promise<Figure[]> {
  const { chain, config, minting, mint, relay, transports, plain, kit } = shop
  const direct = kitApp(config, chain.chain, transports.ours.transport, directLane(), minting)

  const relayed = countedTransport(chain.rpcUrl)
  const count: typeof fetch = async (url, init) => {
    const { method } = JSON.parse(String(init?.body)) as { method: string }
    relayed.asked.push(method)
    if (relayed.latency.ms > 0) await new Promise((resolve) => setTimeout(resolve, relayed.latency.ms))
    return fetch(url, init).finally(() => relayed.answered.push(method))
  }
  const relays = (confirm: 'before' | 'after') => {
    const options = confirm === 'after' ? ({ confirm, onUnconfirmed: fail } as const) : ({ confirm } as const)
    return kitApp(config, chain.chain, relayed.transport, relayLane(createRelayClient({ url: relay.url, fetch: count }), options), minting)
  }
  const [before, after] = [relays('before'), relays('after')]

  const actors = {
    direct: { transport: transports.ours, act: () => direct.send([mint]) },
    relay: { transport: relayed, act: () => after.send([mint]) },
    relayConfirmed: { transport: relayed, act: () => before.send([mint]) },
    viem: { transport: transports.plain, act: () => plain.mint() },
    kit: { transport: transports.kit, act: () => kit.mint() },
  }
  type Name = keyof typeof actors
  const names = Object.keys(actors) as Name[]
  const requests = {} as Record<Name, number>
  const inAll = {} as Record<Name, number>
  for (const name of names) {
    const { transport, act } = actors[name]
    await act()
    await act()
    await quiet(transport.asked)
    transport.asked.length = 0
    transport.answered.length = 0
    await act()
    requests[name] = transport.answered.length
    await quiet(transport.asked)
    inAll[name] = transport.asked.length
  }
  const peer = { name: kitName, value: requests.kit }
  const figures = [
    counted('requests.direct', untilResult, requests.direct, peer),
    counted('requests.relay', untilResult, requests.relay, peer),
    counted('requests.relay.confirmed', untilResult, requests.relayConfirmed, peer),
    counted('requests.relay.inAll', 'requests per action, those after the result too', inAll.relay, peer),
    counted('requests.relayServer', 'requests of the relay to its node per action', await relayServerRequests(shop)),
    counted('requests.direct.viem', untilResult, requests.direct, { name: viemName, value: requests.viem }),
  ]
  for (const ms of distances) {
    for (const name of names) actors[name].transport.latency.ms = ms
    const times = await inTurns(roundsAtDistance, Object.fromEntries(names.map((name) => [name, () => secondsOf(actors[name].act)])) as Record<Name, () => Promise<number>>)
    const inMs = (name: Name) => times[name].map((seconds) => seconds * 1000)
    const kitTimes = { name: kitName, values: inMs('kit') }
    figures.push(
      measured(`time.direct.${ms}ms`, 'ms per action', inMs('direct'), kitTimes),
      measured(`time.relay.${ms}ms`, 'ms per action', inMs('relay'), kitTimes),
      measured(`time.direct.${ms}ms.viem`, 'ms per action', inMs('direct'), { name: viemName, values: inMs('viem') }),
    )
  }
  for (const name of names) actors[name].transport.latency.ms = 0
  return figures
}

/** What `createRelay` asks its node for one action, after warm-up. */
async function relayServerRequests({ chain, config, minting, mint, transports }: BenchShop): Promise<number> {
  const account = privateKeyToAccount(generatePrivateKey())
  await chain.setBalance(account.address, parseEther('10'))
  const node = countedTransport(chain.rpcUrl)
  const handler = createRelay({ chain: chain.chain, transport: node.transport, account })
  const relay = createRelayClient({ url: 'http://relay.test/', fetch: (url, init) => handler(new Request(url as string, init)) })
  const app = kitApp(config, chain.chain, transports.ours.transport, relayLane(relay), minting)
  await app.send([mint])
  await app.send([mint])
  node.asked.length = 0
  await app.send([mint])
  await quiet(node.asked)
  return node.asked.length
}

const untilResult = 'requests per action, whose answers its result waited for'

/** Until nothing has been asked for a while: what is confirmed afterwards belongs to the action before. */
async function quiet(asked: readonly string[]): Promise<void> {
  for (let before = -1; before !== asked.length; ) {
    before = asked.length
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

function fail(error: Error): never {
  throw error
}
