import type { Address, Chain, Hex, LocalAccount } from 'viem'
import { http } from 'viem'
import type { GrantedExecutionPermission } from '../../src/wallet/grantsStore.js'
import { createEmbeddedWallet } from '../../src/wallet/index.js'

export type SurvivingWallet = {
  account: Address
  /** `{ method, params }` → `{ result }` or `{ error }`: EIP-1193 over HTTP. */
  handle(request: Request): Promise<Response>
  /** What it granted, by the session key's address; each with the contexts. Kept whether or not anybody heard the answer. */
  granted: ReadonlyMap<Address, readonly Hex[]>
  /** Resolves when it is doing nothing: what was asked of it before a browser died, it finishes. */
  idle(): Promise<void>
}

/** A wallet whose user says yes to everything, and that outlives the browser: it runs here. */
export function survivingWallet(parameters: { owner: LocalAccount; chain: Chain; rpcUrl: string; sponsor: string }): SurvivingWallet {
  const { owner, chain, rpcUrl, sponsor } = parameters
  const granted = new Map<Address, readonly Hex[]>()
  const underWay = new Set<Promise<unknown>>()
  const wallet = createEmbeddedWallet({
    owner,
    chain,
    transport: http(rpcUrl),
    sponsor,
    origin: 'http://127.0.0.1',
    onConsent: async () => ({ approved: true }),
  })

  async function answer({ method, params }: { method: string; params?: unknown }): Promise<object> {
    try {
      const result = await wallet.request({ method, params })
      if (method === 'wallet_requestExecutionPermissions') {
        const rows = result as readonly GrantedExecutionPermission[]
        for (const { to, context } of rows) granted.set(to, [...(granted.get(to) ?? []), context])
      }
      return { result }
    } catch (error) {
      const { code = -32_603, message } = error as Error & { code?: number }
      return { error: { code, message } }
    }
  }

  return {
    account: owner.address,
    granted,
    async handle(request) {
      const answering = answer((await request.json()) as { method: string; params?: unknown })
      underWay.add(answering)
      return Response.json(await answering.finally(() => underWay.delete(answering)))
    },
    async idle() {
      while (underWay.size > 0) await Promise.all(underWay)
    },
  }
}
