import { connect, disconnect, getConnection, reconnect, switchChain, watchConnection } from 'wagmi/actions'
import { createConfig, type Config } from 'wagmi'
import { mainnet } from 'viem/chains'
import { expect, test } from 'vitest'
import { mockWallet, type MockDialectId, type MockWallet } from '../../src/testing/index.js'

const dialects: MockDialectId[] = ['embedded', 'erc7715', 'erc7715-2024', 'zerodev', 'openfort', 'porto', 'none']

function wagmiOf({ connector, mockChain: { chain, transport } }: MockWallet) {
  const config = createConfig({
    chains: [chain, mainnet],
    connectors: [connector],
    transports: { [chain.id]: transport, [mainnet.id]: transport },
    storage: null,
    multiInjectedProviderDiscovery: false,
  })
  return { config, connector: config.connectors[0] as Config['connectors'][number], chainId: chain.id }
}

test.each(dialects)('%s: wagmi connects, refuses other chains, and disconnects', async (dialect) => {
  const wallet = mockWallet({ dialect })
  const { config, connector, chainId } = wagmiOf(wallet)
  expect(await connect(config, { connector })).toEqual({ accounts: [wallet.account], chainId })
  expect(getConnection(config)).toMatchObject({ status: 'connected', address: wallet.account, chainId })
  await expect(switchChain(config, { chainId: mainnet.id })).rejects.toThrow()
  expect(getConnection(config)).toMatchObject({ chainId })
  await disconnect(config)
  expect(getConnection(config).status).toBe('disconnected')
  expect(await connector.isAuthorized()).toBe(false)
})

test.each(dialects.filter((dialect) => dialect !== 'embedded'))('%s: a page that was here before is connected again', async (dialect) => {
  const { config, connector } = wagmiOf(mockWallet({ dialect }))
  expect(await reconnect(config, { connectors: [connector] })).toHaveLength(1)
  expect(getConnection(config).status).toBe('connected')
})

test('a wallet that takes its account away is disconnected', async () => {
  const { provider, ...wallet } = mockWallet({ dialect: 'erc7715' })
  const { config, connector } = wagmiOf({ provider, ...wallet })
  await connect(config, { connector })
  const statuses: string[] = []
  watchConnection(config, { onChange: ({ status }) => statuses.push(status) })
  await provider.request({ method: 'wallet_revokePermissions', params: [{ eth_accounts: {} }] })
  expect(statuses).toEqual(['disconnected'])
})

test('a plain wallet has an account, sends transactions and reads, and knows no wallet_ method', async () => {
  const { provider, account, calls } = mockWallet({ dialect: 'none' })
  const ask = (method: string, params?: unknown) => provider.request({ method, params })
  expect(await ask('eth_accounts')).toEqual([account])
  expect(await ask('eth_blockNumber')).toBe('0x1')
  expect(await ask('eth_sendTransaction', [{ to: account }])).toMatch(/^0x[0-9a-f]{64}$/)
  for (const method of ['wallet_getCapabilities', 'wallet_grantPermissions', 'wallet_requestExecutionPermissions', 'wallet_getPermissions', 'wallet_switchEthereumChain']) {
    await expect(ask(method, [])).rejects.toMatchObject({ code: 4200 })
  }
  expect(calls).toHaveLength(8)
})
