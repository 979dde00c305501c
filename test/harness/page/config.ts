import { createSessionKeyConfig, type SessionKeyConfig } from 'react-session-keys'
import { createIndexedDbStore } from 'react-session-keys/actions'
import { embeddedWallet } from 'react-session-keys/wallet'
import { defineChain, http, type Address } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { createConfig, type Config, type CreateConnectorFn } from 'wagmi'
import { connect, reconnect } from 'wagmi/actions'
import type { HarnessInfo } from './harnessApi.js'
import { remoteWallet } from './remoteWallet.js'

export type HarnessOptions = {
  /** `remote`: the wallet of the harness's own process · `embedded`: one in this page, whose user is asked by the dialog. */
  wallet: 'remote' | 'embedded'
  /** Who pays for what sessions do, and for what the embedded wallet does: the relay, or each for itself. */
  lane: 'relay' | 'direct'
  /** The store's name; left out, the kit's own. */
  store: string | undefined
}

/** `?wallet=embedded&store=other` */
export function readOptions(search: string): HarnessOptions {
  const parameters = new URLSearchParams(search)
  return {
    wallet: parameters.get('wallet') === 'embedded' ? 'embedded' : 'remote',
    lane: parameters.get('lane') === 'direct' ? 'direct' : 'relay',
    store: parameters.get('store') ?? undefined,
  }
}

/** wagmi and the kit as in any app. */
export function createConfigs({ chainId }: HarnessInfo, { wallet, lane, store }: HarnessOptions): { wagmi: Config; sessionKeys: SessionKeyConfig } {
  const rpc = `${location.origin}/rpc`
  const relay = `${location.origin}/relay/rpc`
  const chain = defineChain({
    id: chainId,
    name: 'Harness chain',
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [rpc] } },
  })
  const connector = wallet === 'embedded' ? walletInPage(lane === 'relay' ? relay : undefined) : remoteWallet(`${location.origin}/wallet`)
  const wagmi = createConfig({
    chains: [chain],
    transports: { [chain.id]: http(rpc) },
    connectors: [connector],
    multiInjectedProviderDiscovery: false,
    pollingInterval: 20,
  })
  const sessionKeys = createSessionKeyConfig({
    wagmi,
    relay,
    lane,
    store: store === undefined ? undefined : createIndexedDbStore({ name: store }),
    consentDelayMs: 0,
  })
  return { wagmi, sessionKeys }
}

/** As it was before, else anew. */
export async function connectWallet(wagmi: Config): Promise<Address> {
  const [before] = await reconnect(wagmi)
  const { accounts } = before ?? (await connect(wagmi, { connector: wagmi.connectors[0]! }))
  return accounts[0]!
}

function walletInPage(sponsor: string | undefined): CreateConnectorFn {
  const owner = privateKeyToAccount(generatePrivateKey())
  return embeddedWallet({ owner, sponsor, app: { name: 'Harness' } }) as CreateConnectorFn
}
