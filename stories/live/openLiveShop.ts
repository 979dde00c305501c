import { QueryClient } from '@tanstack/react-query'
import { encodeFunctionData, numberToHex, parseEther, parseUnits, type Address } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { createConfig, type Config } from 'wagmi'
import genesisUrl from 'virtual:live-genesis.json?url'
import { goldAbi } from '../../demo/contracts/artifacts.js'
import { createRelayClient } from '../../src/execution/relayClient.js'
import { createSessionKeyConfig, type SessionKeyConfig } from '../../src/index.js'
import { createRelay } from '../../src/server/index.js'
import { embeddedWallet } from '../../src/wallet/index.js'
import { durableStore } from '../sessionWorld.js'
import { startPageChain, type PageChain } from './chain/pageChain.js'
import { gold, liveChainId } from './contracts.js'

export type LiveShop = {
  wagmi: Config
  sessionKeys: SessionKeyConfig
  queries: QueryClient
  /** Moves the chain's clock: a power that only a chain of one's own gives. */
  passDay: () => Promise<void>
  close: () => void
}

/** It deployed GOLD and hands it out: the first of the development accounts that every local chain knows. */
const treasurer = privateKeyToAccount('0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80')
const welcomeGold = parseUnits('2000', 18)
const daySeconds = 86_400

/**
 * A shop in which everything is real but the money: a chain of its own in a worker, the contracts, a relay that pays for gas, the
 * embedded wallet with a new owner who has 2000 GOLD and no ETH. Nothing leaves the page.
 */
export async function openLiveShop(): Promise<LiveShop> {
  const pageChain = startPageChain({ chainId: liveChainId, genesisUrl: new URL(genesisUrl, document.baseURI).href })
  const { chain, transport } = pageChain
  const owner = privateKeyToAccount(generatePrivateKey())
  const sponsor = privateKeyToAccount(generatePrivateKey())
  await giveEther(pageChain, sponsor.address)
  await giveEther(pageChain, treasurer.address)
  await giveGold(pageChain, owner.address)

  const handle = createRelay({ chain, transport, account: sponsor })
  // As if it were elsewhere: requests and answers, but none of them over a network.
  const relay = { url: 'https://relay.in-this-page.example/rpc', fetch: (input: RequestInfo | URL, init?: RequestInit) => handle(new Request(input, init)) }
  const wagmi = createConfig({
    chains: [chain],
    transports: { [chain.id]: transport },
    connectors: [embeddedWallet({ owner, sponsor: createRelayClient(relay), app: { name: 'The Forge' }, name: 'Forge wallet' })],
    // The wallet, and all that it holds, is there as long as the page.
    storage: null,
    multiInjectedProviderDiscovery: false,
    pollingInterval: 100,
    // A story's clock may stand still, and what is cached by it would never be read again.
    cacheTime: 0,
  })
  return {
    wagmi,
    sessionKeys: createSessionKeyConfig({ wagmi, relay, store: durableStore() }),
    queries: new QueryClient(),
    async passDay() {
      await pageChain.request({ method: 'evm_increaseTime', params: [daySeconds] })
      await pageChain.request({ method: 'evm_mine' })
    },
    close: pageChain.stop,
  }
}

function giveEther({ request }: PageChain, address: Address): Promise<unknown> {
  return request({ method: 'anvil_setBalance', params: [address, numberToHex(parseEther('100'))] })
}

async function giveGold({ request }: PageChain, player: Address): Promise<void> {
  const data = encodeFunctionData({ abi: goldAbi, functionName: 'mint', args: [player, welcomeGold] })
  const nonce = Number(await request({ method: 'eth_getTransactionCount', params: [treasurer.address, 'latest'] }))
  const fees = { gas: 100_000n, maxFeePerGas: 2_000_000_000n, maxPriorityFeePerGas: 0n }
  await request({ method: 'eth_sendRawTransaction', params: [await treasurer.signTransaction({ chainId: liveChainId, type: 'eip1559', to: gold, data, nonce, ...fees })] })
}
