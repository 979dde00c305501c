import type { Chain, Client, HttpTransport, PublicActions, TestActions, WalletActions } from 'viem'
import { createTestClient, defineChain, http, publicActions, walletActions } from 'viem'

export type LocalChainClient = Client<
  HttpTransport,
  Chain,
  undefined,
  undefined,
  TestActions & PublicActions<HttpTransport, Chain> & WalletActions<Chain, undefined>
>

export const localChainId = 31337

export function localChain(rpcUrl: string): Chain {
  return defineChain({
    id: localChainId,
    name: 'Local chain',
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [rpcUrl] } },
    testnet: true,
  })
}

export function localChainClient(chain: Chain, options: { batch?: boolean } = {}): LocalChainClient {
  return createTestClient({
    mode: 'anvil',
    chain,
    transport: http(undefined, { batch: options.batch ? { batchSize: 1_000 } : false, retryCount: 0 }),
    pollingInterval: pollingIntervalMs,
    cacheTime: 0,
  })
    .extend(publicActions)
    .extend(walletActions)
}

/** viem waits seconds between looks at a receipt; here the block is there at once. */
const pollingIntervalMs = 20
