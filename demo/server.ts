import { randomUUID } from 'node:crypto'
import { createRelay } from '../src/server/index.js'
import { serveFetch, startLocalChain } from '../src/testing/chain/index.js'
import { getAddress, http, isAddress, parseEther, parseUnits, type Address } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { goldAbi, goldBytecode, swordAbi, swordBytecode, testUsdAbi, testUsdBytecode } from './contracts/artifacts.js'
import type { DemoInfo } from './demoInfo.js'
import type { Steward } from './steward.js'

/** Where the shop's GOLD goes. */
const shop = getAddress('0x5407000000000000000000000000000000005407')
const deployer: Address = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266' // anvil's first account: it signs for it
const welcomeGold = parseUnits('2000', 18)
const blockEveryMs = 5_000

export type StartDemoServerParameters = {
  /** Where the page is served, such as `http://127.0.0.1:5173`: players sign in for it. Asked when they do. */
  origins: () => readonly string[]
}

export type DemoServer = { url: string; stop: () => Promise<void> }

// Loaded into Node as it is, where the package's own names would mean a build that may not be there; hence the paths above.

/** The chain, the contracts, the relay and the shop's server behind the page: `/rpc`, `/relay/rpc`, `/faucet`, `/demo.json` and `/api/…`. */
export async function startDemoServer({ origins }: StartDemoServerParameters): Promise<DemoServer> {
  // Only so many old states in memory: the page may stay open for days. What is on its way when all of it ends still needs the chain.
  const { chain, client, rpcUrl, deploy, setBalance, stop } = await startLocalChain({ args: ['--prune-history', '500'], endOnSignal: false })
  try {
    const gold = getAddress(await deploy({ abi: goldAbi, bytecode: goldBytecode, from: deployer }))
    const sword = getAddress(await deploy({ abi: swordAbi, bytecode: swordBytecode, from: deployer }))
    const usd = getAddress(await deploy({ abi: testUsdAbi, bytecode: testUsdBytecode, from: deployer }))

    const relayAccount = privateKeyToAccount(generatePrivateKey())
    await setBalance(relayAccount.address, parseEther('100'))
    const relay = createRelay({
      chain,
      transport: http(rpcUrl),
      account: relayAccount,
      // Players are free to make: what bounds the whole is what it spends.
      limits: { perSender: { requests: 120, windowSeconds: 60 }, spending: { maxWei: parseEther('10'), windowSeconds: 86_400 } },
      onError: (error) => console.error(error),
    })

    const welcomed = new Map<Address, Promise<unknown>>()
    async function welcome(player: Address) {
      const hash = await client.writeContract({ account: deployer, address: gold, abi: goldAbi, functionName: 'mint', args: [player, welcomeGold] })
      await client.waitForTransactionReceipt({ hash })
    }

    let steward: Promise<Steward> | undefined
    /** The shop's server, loaded when a page first asks for it: nobody waits for it to see the page. */
    const api = async (request: Request): Promise<Response> => {
      const parts = { chain, client, rpcUrl, relayUrl: `${served.url}/relay/rpc`, gold, sword, shop, game: deployer, origins }
      steward ??= import('./steward.js').then(({ createSteward }) => createSteward(parts))
      const route = (await steward).routes[new URL(request.url).pathname]
      return route ? route(request) : new Response(null, { status: 404 })
    }

    const info: DemoInfo = { runId: randomUUID(), chainId: chain.id, gold, sword, usd, shop }
    const routes: Record<string, (request: Request) => Promise<Response> | Response> = {
      '/demo.json': () => Response.json(info),
      '/relay/rpc': relay,
      '/rpc': async (request) => {
        const body = await request.text()
        const answer = await fetch(rpcUrl, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
        return new Response(await answer.text(), { status: answer.status, headers: { 'content-type': 'application/json' } })
      },
      '/faucet': async (request) => {
        const { address } = (await request.json()) as { address?: unknown }
        if (typeof address !== 'string' || !isAddress(address)) return Response.json({ error: 'address is missing' }, { status: 400 })
        const player = getAddress(address)
        welcomed.set(player, welcomed.get(player) ?? welcome(player))
        await welcomed.get(player)
        return Response.json({ gold: welcomeGold.toString() })
      },
    }
    const served = await serveFetch((request) => {
      const { pathname } = new URL(request.url)
      const route = pathname.startsWith('/api/') ? api : routes[pathname]
      return route ? route(request) : new Response(null, { status: 404 })
    })

    // Blocks come with transactions at once; these keep the clock of an idle chain on time.
    const ticking = setInterval(() => void client.mine({ blocks: 1 }).catch(() => undefined), blockEveryMs)
    return {
      url: served.url,
      stop: async () => {
        clearInterval(ticking)
        // The chain and the relay last.
        await (await steward?.catch(() => undefined))?.stop()
        await Promise.all([served.close(), stop()])
      },
    }
  } catch (error) {
    await stop()
    throw error
  }
}
