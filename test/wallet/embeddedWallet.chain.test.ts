import { createConfig, createStorage, type Config } from 'wagmi'
import { connect, disconnect, getCapabilities, getConnection, reconnect, sendCalls, switchChain, waitForCallsStatus } from 'wagmi/actions'
import { http } from 'viem'
import { mainnet } from 'viem/chains'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createEmbeddedWallet, embeddedWallet, type EmbeddedWalletParameters } from '../../src/wallet/index.js'
import { newAccount, startWorld } from './walletWorld.js'

let world: Awaited<ReturnType<typeof startWorld>>
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

/** wagmi as an app sets it up. The same `items` are the same browser. */
function startApp(parameters: Partial<EmbeddedWalletParameters> = {}, items = new Map<string, string>()) {
  const storage = createStorage({
    storage: {
      getItem: (key) => items.get(key) ?? null,
      setItem: (key, value) => void items.set(key, value),
      removeItem: (key) => void items.delete(key),
    },
  })
  const owner = newAccount()
  let asked = 0
  const config: Config = createConfig({
    chains: [world.chain.chain],
    transports: { [world.chain.chain.id]: http(world.chain.rpcUrl) },
    connectors: [
      embeddedWallet({
        owner: async () => {
          asked += 1
          return owner
        },
        sponsor: world.relay.url,
        onConsent: async () => ({ approved: true }),
        ...parameters,
      } as EmbeddedWalletParameters),
    ],
    storage,
    pollingInterval: 20,
  })
  const [connector] = config.connectors as [Config['connectors'][number]]
  return { config, connector, items, owner, ownerAsked: () => asked }
}

describe('embeddedWallet in wagmi', () => {
  test('connect, capabilities, calls, disconnect', async () => {
    const { config, connector, owner, ownerAsked } = startApp()
    expect(connector).toMatchObject({ id: 'embedded', type: 'embedded', name: 'Embedded wallet', consent: { ask: expect.any(Function), mount: expect.any(Function) } })
    expect(ownerAsked()).toBe(0)

    expect(await connect(config, { connector })).toEqual({ accounts: [owner.address], chainId: world.chain.chain.id })
    expect(getConnection(config)).toMatchObject({ status: 'connected', address: owner.address })
    expect(await getCapabilities(config, { chainId: world.chain.chain.id as never })).toMatchObject({ atomic: { status: 'supported' }, permissions: { supported: true } })

    const { to, data } = world.mint(owner.address)
    const { id } = await sendCalls(config, { calls: [{ to, data }, { to, data }] })
    expect(await waitForCallsStatus(config, { id })).toMatchObject({ status: 'success', atomic: true })
    expect(await world.swords(owner.address)).toBe(2n)

    await disconnect(config)
    expect(getConnection(config).status).toBe('disconnected')
    expect(await connector.getAccounts()).toEqual([])
    expect(ownerAsked()).toBe(1)
  })

  test('after a reload it connects again by itself, but not after a disconnect, nor before it ever was connected', async () => {
    const fresh = startApp()
    expect(await reconnect(fresh.config)).toEqual([])
    expect(fresh.ownerAsked()).toBe(0)

    await connect(fresh.config, { connector: fresh.connector })
    const reloaded = startApp({ owner: fresh.owner }, fresh.items)
    expect(await reloaded.connector.isAuthorized()).toBe(true)
    expect(await reconnect(reloaded.config)).toHaveLength(1)
    expect(getConnection(reloaded.config)).toMatchObject({ status: 'connected', address: fresh.owner.address })

    await disconnect(reloaded.config)
    const again = startApp({ owner: fresh.owner }, fresh.items)
    expect(await reconnect(again.config)).toEqual([])
  })

  test('grants are found again after a reload, in wagmi’s storage', async () => {
    const app = startApp()
    await connect(app.config, { connector: app.connector })
    const provider = (await app.connector.getProvider()) as ReturnType<typeof createEmbeddedWallet>
    const session = newAccount()
    await provider.request({
      method: 'wallet_grantPermissions',
      params: [{ signer: { type: 'account', data: { id: session.address } }, expiry: 3600, permissions: [{ type: 'contract-call', data: { address: world.sword, calls: [] }, policies: [] }] }],
    })
    const reloaded = startApp({ owner: app.owner }, app.items)
    const after = (await reloaded.connector.getProvider()) as typeof provider
    expect(await after.request({ method: 'wallet_getGrantedExecutionPermissions' })).toEqual([expect.objectContaining({ to: session.address })])
    await after.request({ method: 'wallet_revokePermissions', params: [{ permissionContext: session.address }] })
    expect(await after.request({ method: 'wallet_getGrantedExecutionPermissions' })).toEqual([])
  })

  test('the provider disconnects: wagmi hears it, and does not connect again by itself', async () => {
    const { config, connector, items, owner } = startApp()
    await connect(config, { connector })
    const provider = (await connector.getProvider()) as ReturnType<typeof createEmbeddedWallet>
    await provider.request({ method: 'wallet_revokePermissions', params: [{ eth_accounts: {} }] })
    expect(getConnection(config).status).toBe('disconnected')
    expect(await reconnect(startApp({ owner }, items).config)).toEqual([])
    expect(await connect(config, { connector })).toMatchObject({ accounts: [owner.address] })
  })

  test('another chain than the wallet’s is refused with 4902', async () => {
    const owner = newAccount()
    const config: Config = createConfig({
      chains: [world.chain.chain, mainnet],
      transports: { [world.chain.chain.id]: http(world.chain.rpcUrl), [mainnet.id]: http(world.chain.rpcUrl) },
      connectors: [embeddedWallet({ owner, id: 'mine', name: 'Mine' })],
      storage: null,
    })
    const [connector] = config.connectors as [Config['connectors'][number]]
    expect(connector.id).toBe('mine')
    await expect(connect(config, { connector, chainId: mainnet.id })).rejects.toMatchObject({ code: 4902 })
    await connect(config, { connector })
    await expect(switchChain(config, { chainId: mainnet.id })).rejects.toMatchObject({ code: 4902 })
  })

  test('a wallet made beforehand, and accounts with their capabilities', async () => {
    const owner = newAccount()
    const provider = createEmbeddedWallet({ owner, chain: world.chain.chain, transport: http(world.chain.rpcUrl) })
    const { config, connector } = startApp({ provider } as Partial<EmbeddedWalletParameters>)
    expect((connector as unknown as { consent: unknown }).consent).toBe(provider.consent)
    expect(await connect(config, { connector, withCapabilities: true })).toMatchObject({ accounts: [{ address: owner.address, capabilities: {} }] })
  })
})
