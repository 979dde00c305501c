import type { Address, Chain, Hex, LocalAccount } from 'viem'
import { http } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import type { GrantedExecutionPermission } from '../../src/wallet/grantsStore.js'
import { createEmbeddedWallet } from '../../src/wallet/index.js'

export type SurvivingWallet = {
  /** Whose turn it is. */
  readonly account: Address
  /** Another user from now on, with an account of their own. What the earlier ones granted is still among `granted`. */
  nextUser(): void
  /** Asks it directly, as a page would. @see EIP-1193 */
  request(request: { method: string; params?: unknown }): Promise<unknown>
  /** `{ method, params }` → `{ result }` or `{ error }`: EIP-1193 over HTTP. */
  handle(request: Request): Promise<Response>
  /** What it granted, by the session key's address; each with the contexts. Kept whether or not anybody heard the answer. */
  granted: ReadonlyMap<Address, readonly Hex[]>
  /** Resolves when it is doing nothing: what was asked of it before a browser died, it finishes. */
  idle(): Promise<void>
}

/** A wallet whose users say yes to everything, and that outlives the browser: it runs here. */
export function survivingWallet(parameters: { owner: LocalAccount; chain: Chain; rpcUrl: string; sponsor: string }): SurvivingWallet {
  const { chain, rpcUrl, sponsor } = parameters
  const granted = new Map<Address, readonly Hex[]>()
  const underWay = new Set<Promise<unknown>>()
  const walletOf = (owner: LocalAccount) => {
    const onConsent = async () => ({ approved: true }) as const
    return createEmbeddedWallet({ owner, chain, transport: http(rpcUrl), sponsor, origin: 'http://127.0.0.1', onConsent })
  }
  let owner = parameters.owner
  let wallet = walletOf(owner)

  async function ask(request: { method: string; params?: unknown }): Promise<unknown> {
    const result = await wallet.request(request)
    if (request.method === 'wallet_requestExecutionPermissions') {
      const rows = result as readonly GrantedExecutionPermission[]
      for (const { to, context } of rows) granted.set(to, [...(granted.get(to) ?? []), context])
    }
    return result
  }

  async function answer(request: { method: string; params?: unknown }): Promise<object> {
    try {
      return { result: await ask(request) }
    } catch (error) {
      const { code = -32_603, message } = error as Error & { code?: number }
      return { error: { code, message } }
    }
  }

  return {
    get account() {
      return owner.address
    },
    nextUser() {
      owner = privateKeyToAccount(generatePrivateKey())
      wallet = walletOf(owner)
    },
    granted,
    request: ask,
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
