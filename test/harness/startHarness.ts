import { serveFetch } from '../../src/testing/chain/serveFetch.js'
import { startShop } from '../startShop.js'
import { buildPage, fileOf } from './buildPage.js'
import type { HarnessInfo } from './page/harnessApi.js'
import { survivingWallet, type SurvivingWallet } from './survivingWallet.js'

export type HarnessServer = Pick<Awaited<ReturnType<typeof startShop>>, 'chain'> & {
  /** Of the page; its query says which wallet and which store (`page/config.ts`). */
  url: string
  wallet: SurvivingWallet
  info: HarnessInfo
  stop(): Promise<void>
}

/** The page, and behind it on the same origin: the chain (`/rpc`), the relay (`/relay/rpc`) and a wallet (`/wallet`). */
export async function startHarness(): Promise<HarnessServer> {
  const page = await buildPage(new URL('page/index.html', import.meta.url))
  const shop = await startShop()
  const { chain, relay, owner, sword, gold } = shop
  const wallet = survivingWallet({ owner, chain: chain.chain, rpcUrl: chain.rpcUrl, sponsor: relay.url })
  const info: HarnessInfo = { chainId: chain.chain.id, sword, gold }
  const routes: Record<string, (request: Request) => Promise<Response> | Response> = {
    '/harness.json': () => Response.json(info),
    '/rpc': (request) => forward(request, chain.rpcUrl),
    '/relay/rpc': (request) => forward(request, relay.url),
    '/wallet': wallet.handle,
  }
  const served = await serveFetch((request) => fileOf(page, request) ?? routes[new URL(request.url).pathname]?.(request) ?? new Response(null, { status: 404 }))
  return {
    chain,
    wallet,
    info,
    url: `${served.url}/`,
    async stop() {
      await served.close()
      await shop.stop()
    },
  }
}

async function forward(request: Request, url: string): Promise<Response> {
  const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: await request.text() })
  return new Response(await answer.text(), { status: answer.status, headers: { 'content-type': 'application/json' } })
}
