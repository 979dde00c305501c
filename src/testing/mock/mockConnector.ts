import { getAddress, numberToHex, SwitchChainError, type Address } from 'viem'
import type { CreateConnectorFn } from 'wagmi'
import type { MockProvider } from './mockDialect.js'

/** The connector that a wallet's own package would bring: as small as wagmi's `mock`. */
export function mockConnector({ id, name, provider }: { id: string; name: string; provider: MockProvider }): CreateConnectorFn<MockProvider> {
  const accountsBy = async (method: string) => ((await provider.request({ method })) as Address[]).map((account) => getAddress(account))
  const chainIdOf = async () => Number(await provider.request({ method: 'eth_chainId' }))

  // wagmi's createConnector returns what it is given; without it this file needs wagmi for its types only.
  return (config) => {
    let listening = false
    let left = false

    return {
      id,
      name,
      type: 'mock',
      async connect({ chainId, withCapabilities } = {}) {
        const accounts = await accountsBy('eth_requestAccounts')
        if (chainId !== undefined && chainId !== (await chainIdOf())) await this.switchChain?.({ chainId })
        left = false
        if (!listening) {
          listening = true
          provider.on('accountsChanged', this.onAccountsChanged)
          provider.on('chainChanged', this.onChainChanged)
          provider.on('disconnect', this.onDisconnect)
        }
        return {
          accounts: (withCapabilities ? accounts.map((address) => ({ address, capabilities: {} })) : accounts) as never,
          chainId: await chainIdOf(),
        }
      },
      /** Tells the wallet nothing, as wagmi's injected connector does where a wallet cannot be told. */
      async disconnect() {
        left = true
        listening = false
        provider.removeListener('accountsChanged', this.onAccountsChanged)
        provider.removeListener('chainChanged', this.onChainChanged)
        provider.removeListener('disconnect', this.onDisconnect)
      },
      getAccounts: () => accountsBy('eth_accounts'),
      getChainId: chainIdOf,
      getProvider: async () => provider,
      isAuthorized: async () => !left && (await accountsBy('eth_accounts').catch(() => [])).length > 0,
      async switchChain({ chainId }) {
        await provider.request({ method: 'wallet_switchEthereumChain', params: [{ chainId: numberToHex(chainId) }] })
        const chain = config.chains.find((one) => one.id === chainId)
        if (!chain) throw new SwitchChainError(new Error(`Chain ${chainId} is not in wagmi's config.`))
        return chain
      },
      onAccountsChanged(accounts) {
        if (accounts.length === 0) config.emitter.emit('disconnect')
        else config.emitter.emit('change', { accounts: accounts.map((account) => getAddress(account)) })
      },
      onChainChanged: (chainId) => void config.emitter.emit('change', { chainId: Number(chainId) }),
      onDisconnect: () => void config.emitter.emit('disconnect'),
    }
  }
}
