import { getAddress, http, numberToHex, SwitchChainError, type Address, type Chain, type Transport } from 'viem'
import type { CreateConnectorFn } from 'wagmi'
import type { ConsentQueue } from '../consent/consentQueue.js'
import { createEmbeddedWallet, type CreateEmbeddedWalletParameters, type EmbeddedWalletProvider } from './createEmbeddedWallet.js'
import type { WalletStorage } from './grantsStore.js'

type Appearance = {
  /** @default 'embedded' */
  id?: string | undefined
  /** @default 'Embedded wallet' */
  name?: string | undefined
  icon?: string | undefined
}

type NewWallet = Omit<CreateEmbeddedWalletParameters, 'chain' | 'transport'> & {
  /** @default the first chain of wagmi's config */
  chain?: Chain | undefined
  /** @default wagmi's transport for that chain */
  transport?: Transport | undefined
}

/** What `createEmbeddedWallet` takes, or a wallet that it made. */
export type EmbeddedWalletParameters = Appearance & (NewWallet | { provider: EmbeddedWalletProvider })

export type EmbeddedWalletProperties = {
  /** Questions to the user; the kit's dialog finds them here. */
  consent: ConsentQueue
}

export type EmbeddedWalletConnector = CreateConnectorFn<EmbeddedWalletProvider, EmbeddedWalletProperties, Record<string, unknown>>

/**
 * The embedded wallet as a wagmi connector. Nothing is asked of the owner before the first use, and the browser is not
 * touched. Grants are remembered in `storage`, by default wagmi's own.
 *
 * @example createConfig({ chains, transports, connectors: [embeddedWallet({ owner, sponsor: 'https://shop.example/relay' })] })
 */
export function embeddedWallet(parameters: EmbeddedWalletParameters): EmbeddedWalletConnector {
  const { id = 'embedded', name = 'Embedded wallet', icon } = parameters
  const connectedKey = `${id}.connected`

  // wagmi's createConnector returns what it is given; without it this file needs wagmi for its types only.
  return (config) => {
    const provider = 'provider' in parameters ? parameters.provider : newWallet(parameters, config)
    let listening = false

    return {
      id,
      name,
      type: embeddedWallet.type,
      ...(icon === undefined ? {} : { icon }),
      consent: provider.consent,

      async connect({ chainId, withCapabilities } = {}) {
        if (chainId !== undefined) await switchTo(provider, chainId)
        const accounts = await readAccounts(provider, 'eth_requestAccounts')
        if (!listening) {
          listening = true
          provider.on('accountsChanged', this.onAccountsChanged)
          provider.on('chainChanged', this.onChainChanged)
        }
        await config.storage?.setItem(connectedKey, true)
        return {
          accounts: (withCapabilities ? accounts.map((address) => ({ address, capabilities: {} })) : accounts) as never,
          chainId: await readChainId(provider),
        }
      },

      async disconnect() {
        // wagmi asked for it, so it need not be told.
        listening = false
        provider.removeListener('accountsChanged', this.onAccountsChanged)
        provider.removeListener('chainChanged', this.onChainChanged)
        await provider.request({ method: 'wallet_revokePermissions', params: [{ eth_accounts: {} }] })
        await config.storage?.removeItem(connectedKey)
      },

      getAccounts: () => readAccounts(provider, 'eth_accounts'),
      getChainId: () => readChainId(provider),
      getProvider: async () => provider,

      /** The wallet begins locked after a reload, so what counts is whether the page was connected before it. */
      isAuthorized: async () => Boolean(await config.storage?.getItem(connectedKey)),

      async switchChain({ chainId }) {
        await switchTo(provider, chainId)
        const chain = config.chains.find((one) => one.id === chainId)
        if (!chain) throw new SwitchChainError(new Error(`Chain ${chainId} is not in wagmi's config.`))
        return chain
      },

      onAccountsChanged(accounts) {
        if (accounts.length > 0) {
          config.emitter.emit('change', { accounts: accounts.map((account) => getAddress(account)) })
          return
        }
        // Disconnected through the provider: after a reload wagmi must not connect by itself.
        void config.storage?.removeItem(connectedKey)
        config.emitter.emit('disconnect')
      },
      onChainChanged: (chainId) => void config.emitter.emit('change', { chainId: Number(chainId) }),
      onDisconnect: () => void config.emitter.emit('disconnect'),
    }
  }
}
embeddedWallet.type = 'embedded' as const

function newWallet(parameters: NewWallet, config: Parameters<CreateConnectorFn>[0]): EmbeddedWalletProvider {
  const { owner, chain = config.chains[0], transport, sponsor, consent, onConsent, app, origin, storage } = parameters
  return createEmbeddedWallet({
    owner,
    chain,
    transport: transport ?? config.transports?.[chain.id] ?? http(),
    sponsor,
    consent,
    onConsent,
    app,
    origin,
    storage: storage ?? (config.storage as WalletStorage | null | undefined) ?? undefined,
  })
}

async function readAccounts(provider: EmbeddedWalletProvider, method: 'eth_accounts' | 'eth_requestAccounts'): Promise<readonly Address[]> {
  return (await provider.request({ method })) as Address[]
}

async function readChainId(provider: EmbeddedWalletProvider): Promise<number> {
  return Number(await provider.request({ method: 'eth_chainId' }))
}

/** @throws {SwitchChainError} 4902: the wallet is on one chain */
async function switchTo(provider: EmbeddedWalletProvider, chainId: number): Promise<void> {
  await provider.request({ method: 'wallet_switchEthereumChain', params: [{ chainId: numberToHex(chainId) }] })
}
