import { createWalletClient, http, parseEther, type Hex } from 'viem'
import { createConfig, type Connector } from 'wagmi'
import { connect } from 'wagmi/actions'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createSessionKeyConfig, type SessionKeyConfig } from '../../src/actions/createSessionKeyConfig.js'
import { getGrantedPermissions } from '../../src/actions/getGrantedPermissions.js'
import { getPermissionUsage } from '../../src/actions/getPermissionUsage.js'
import { grantPermissions, type GrantPermissionsParameters } from '../../src/actions/grantPermissions.js'
import { revokePermissions } from '../../src/actions/revokePermissions.js'
import { sendSessionCalls } from '../../src/actions/sendSessionCalls.js'
import { decodeContext } from '../../src/delegation/context.js'
import { enforcers } from '../../src/delegation/framework.js'
import { SpendLimitExceededError } from '../../src/execution/errors.js'
import { WalletChainMismatchError } from '../../src/dialects/errors.js'
import { expiresIn } from '../../src/permissions/expiry.js'
import { erc20Allowance } from '../../src/permissions/tokenPermissions.js'
import { createMemoryStore } from '../../src/sessions/memoryStore.js'
import { mockWallet, type MockWallet } from '../../src/testing/index.js'
import { gold, startShop } from '../startShop.js'

let world: Awaited<ReturnType<typeof startShop>>
beforeAll(async () => {
  world = await startShop()
  // A first grant makes the player's account a smart account, as MetaMask does before it grants.
  await world.grant()
  await world.chain.setBalance(world.player, parseEther('1'))
})
afterAll(() => world.stop())

/** MetaMask as the mock speaks it, with the player's real key, on the real chain: what it signs the contracts enforce. */
async function metaMask(decision: 'grant' | 'broaden' | 'narrow' = 'grant'): Promise<{ wallet: MockWallet; config: SessionKeyConfig }> {
  const wallet = mockWallet({ dialect: 'erc7715', decision, owner: world.owner })
  const { chain, rpcUrl } = world.chain
  const sender = createWalletClient({ account: world.owner, chain, transport: http(rpcUrl) })
  const { request } = wallet.provider
  wallet.provider.request = async (call) => {
    const answer = await request(call)
    if (call.method !== 'eth_sendTransaction') return answer
    const [{ to, data }] = call.params as [{ to: Hex; data: Hex }]
    return sender.sendTransaction({ to, data })
  }
  const wagmi = createConfig({
    chains: [chain],
    transports: { [chain.id]: http(rpcUrl) },
    pollingInterval: 20,
    storage: null,
    multiInjectedProviderDiscovery: false,
    connectors: [wallet.connector],
  })
  await connect(wagmi, { connector: wagmi.connectors[0] as Connector })
  return { wallet, config: createSessionKeyConfig({ wagmi, relay: world.relay.url, store: createMemoryStore() }) }
}

const spending = (options: Partial<GrantPermissionsParameters> = {}): GrantPermissionsParameters => ({
  name: 'spending',
  permissions: [erc20Allowance({ token: world.gold, limit: gold(100) })],
  expiry: expiresIn({ days: 1 }),
  ...options,
})
/** MetaMask fills in its own clock as a start, and the newest block may be older. */
const nextBlock = () => world.chain.client.mine({ blocks: 1 })
const left = async (config: SessionKeyConfig) => (await getPermissionUsage(config)).permissions[0]?.amount?.left

describe('a permission that MetaMask granted', () => {
  test('acts, counts on-chain, and is refused by the chain beyond its limit', async () => {
    const { config } = await metaMask()
    const { diff, session } = await grantPermissions(config, spending())
    // It fills in a start where none was asked for.
    expect(diff).toEqual([{ asked: 0, path: 'startTime', kind: 'narrower' }])
    await nextBlock()
    expect(await left(config)).toBe(gold(100))
    await sendSessionCalls(config, { calls: [world.pay(gold(60))] })
    expect(await left(config)).toBe(gold(40))
    await expect(sendSessionCalls(config, { calls: [world.pay(gold(60))] })).rejects.toThrow(SpendLimitExceededError)
    await expect(sendSessionCalls(config, { calls: [world.pay(gold(60))], skipCheck: true })).rejects.toMatchObject({ name: 'SpendLimitExceededError', by: 'chain' })
    await sendSessionCalls(config, { calls: [world.pay(gold(10)), world.pay(gold(30))] })
    expect(await left(config)).toBe(0n)
    const { listed, grants } = await getGrantedPermissions(config)
    expect(listed).toBe(true)
    expect(grants.find(({ delegate }) => delegate === session.address)?.session?.id).toBe(session.id)
  })

  test('is ended by the user’s own transaction, because MetaMask answers no revocation', async () => {
    const { config, wallet } = await metaMask()
    const { session } = await grantPermissions(config, spending())
    const { revokedAt } = await revokePermissions(config, { id: session.id })
    expect(wallet.calls.map(({ method }) => method)).toEqual(expect.arrayContaining(['wallet_revokeExecutionPermission', 'eth_sendTransaction']))
    expect(revokedAt.transactionHash).toMatch(/^0x/)
    expect(await config.sessions.get(session.id)).toMatchObject({ status: 'revoked' })
    await expect(sendSessionCalls(config, { calls: [world.pay(gold(1))] })).rejects.toMatchObject({ name: 'SessionRevokedError' })

    // It is known by now to have no such method.
    const second = (await grantPermissions(config, spending())).session
    const before = wallet.calls.length
    await revokePermissions(config, { id: second.id })
    expect(wallet.calls.slice(before).map(({ method }) => method)).not.toContain('wallet_revokeExecutionPermission')
  })

  test('`via: wallet` sends no transaction, and the session stays as it was', async () => {
    const { config, wallet } = await metaMask()
    const { session } = await grantPermissions(config, spending())
    await expect(revokePermissions(config, { id: session.id, via: 'wallet' })).rejects.toMatchObject({ name: 'WalletMethodNotSupportedError' })
    expect(wallet.calls.map(({ method }) => method)).not.toContain('eth_sendTransaction')
    expect(await config.sessions.get(session.id)).toMatchObject({ status: 'active' })
  })

  test('is not ended by a transaction on another chain', async () => {
    const { config, wallet } = await metaMask()
    const { session } = await grantPermissions(config, spending())
    const { request } = wallet.provider
    wallet.provider.request = (call) => (call.method === 'eth_chainId' ? Promise.resolve('0x1') : request(call))
    await expect(revokePermissions(config, { id: session.id })).rejects.toThrow(WalletChainMismatchError)
    expect(wallet.calls.map(({ method }) => method)).not.toContain('eth_sendTransaction')
    expect(await config.sessions.get(session.id)).toMatchObject({ status: 'active' })
  })
})

describe('raised by the user in the wallet', () => {
  test('kept aside by default; not usable, and the user can end it', async () => {
    const { config } = await metaMask('broaden')
    await expect(grantPermissions(config, spending())).rejects.toMatchObject({ name: 'GrantMismatchError' })
    const [session] = await config.sessions.find()
    expect(session).toMatchObject({ status: 'quarantined' })
    await expect(sendSessionCalls(config, { calls: [world.pay(gold(1))] })).rejects.toMatchObject({ name: 'SessionNotFoundError' })
    await revokePermissions(config, { id: session?.id })
    expect(await config.sessions.get(session?.id as string)).toMatchObject({ status: 'revoked' })
  })

  test('clamped: acts within what was asked and no further, though the chain would allow more', async () => {
    const { config } = await metaMask('broaden')
    const { diff, session } = await grantPermissions(config, spending({ onBroader: 'clamp', adjustable: true }))
    expect(diff.map(({ kind }) => kind)).toContain('broader')
    await nextBlock()
    const usage = await getPermissionUsage(config)
    expect(usage.permissions[0]?.amount).toEqual({ limit: gold(100), left: gold(100) })
    expect(session.granted[0]?.permission).toMatchObject({ limit: gold(200) })
    await sendSessionCalls(config, { calls: [world.pay(gold(70))] })
    expect(await left(config)).toBe(gold(30))
    await expect(sendSessionCalls(config, { calls: [world.pay(gold(31))] })).rejects.toThrow(SpendLimitExceededError)
    // Past our check nobody would stop it, so there is no way past it.
    await expect(sendSessionCalls(config, { calls: [world.pay(gold(31))], skipCheck: true })).rejects.toMatchObject({ name: 'SpendLimitExceededError', by: 'check' })
    await sendSessionCalls(config, { calls: [world.pay(gold(30))] })
    expect(await left(config)).toBe(0n)
  })

  test('its end taken away: acts until the end that was asked for, though the chain would allow more', async () => {
    const { config, wallet } = await metaMask()
    const { request } = wallet.provider
    wallet.provider.request = async (call) => {
      if (call.method !== 'wallet_requestExecutionPermissions') return request(call)
      // As if its user had: what MetaMask signs then names no end.
      return request({ ...call, params: (call.params as { rules: { type: string }[] }[]).map((one) => ({ ...one, rules: one.rules.filter(({ type }) => type !== 'expiry') })) })
    }
    await expect(grantPermissions(config, spending({ adjustable: true, name: 'kept aside' }))).rejects.toMatchObject({ name: 'GrantMismatchError', session: { status: 'quarantined' } })
    const { session } = await grantPermissions(config, spending({ adjustable: true, onBroader: 'clamp' }))
    expect(session).toMatchObject({ status: 'active', grantedExpiry: 0 })
    await nextBlock()
    await sendSessionCalls(config, { calls: [world.pay(gold(10))], session: 'spending' })
    expect((await getPermissionUsage(config, { session: 'spending' })).expired).toBe(false)
    const [granted] = session.granted
    const [delegation] = decodeContext(granted?.context as Hex)
    expect(delegation?.caveats.map(({ enforcer }) => enforcer)).not.toContain(enforcers.TimestampEnforcer)
    await revokePermissions(config, { id: session.id })
    expect(await config.sessions.get(session.id)).toMatchObject({ status: 'revoked' })
  })

  test('lowered: live, with what the user left', async () => {
    const { config } = await metaMask('narrow')
    const { granted } = await grantPermissions(config, spending({ adjustable: true }))
    expect(granted.permissions[0]).toMatchObject({ limit: gold(50) })
    await expect(sendSessionCalls(config, { calls: [world.pay(gold(51))] })).rejects.toThrow(SpendLimitExceededError)
    await sendSessionCalls(config, { calls: [world.pay(gold(50))] })
  })
})
