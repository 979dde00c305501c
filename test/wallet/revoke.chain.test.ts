import { http, parseEther, type Hex } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { GrantedExecutionPermission, GrantPermissionsAnswer } from '../../src/wallet/index.js'
import { NoGasError } from '../../src/wallet/index.js'
import { newAccount, startWorld } from './walletWorld.js'

let world: Awaited<ReturnType<typeof startWorld>>
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

type Player = ReturnType<(typeof world)['player']>

async function grantMint({ request }: Pick<Player, 'request'>, session: { address: Hex }) {
  const { permissionsContext } = await request<GrantPermissionsAnswer>('wallet_grantPermissions', [
    {
      signer: { type: 'account', data: { id: session.address } },
      expiry: 86_400,
      permissions: [{ type: 'contract-call', data: { address: world.sword, calls: [] }, policies: [] }],
    },
  ])
  return permissionsContext
}

describe('revocation', () => {
  test.each([
    ['wallet_revokeExecutionPermission, a list', 'wallet_revokeExecutionPermission', (context: Hex) => [{ permissionContext: context }]],
    ['wallet_revokeExecutionPermission, an object', 'wallet_revokeExecutionPermission', (context: Hex) => ({ permissionContext: context })],
    ['wallet_revokePermissions, by context', 'wallet_revokePermissions', (context: Hex) => [{ permissionContext: context }]],
    ['wallet_revokePermissions, by session key', 'wallet_revokePermissions', (_: Hex, session: Hex) => [{ permissionContext: session }]],
  ])('a player without ETH revokes, and the chain refuses the session from then on: %s', async (_, method, params) => {
    const player = world.player()
    const session = newAccount()
    const context = await grantMint(player, session)
    await world.redeem(session, context, world.mint(player.account))

    const answer = await player.request<{ transactionHash?: Hex }>(method, params(context, session.address))
    expect(await world.chain.client.getTransactionReceipt({ hash: answer.transactionHash as Hex })).toMatchObject({ status: 'success' })

    await expect(world.redeem(session, context, world.mint(player.account))).rejects.toThrow(/CannotUseADisabledDelegation/)
    expect(await world.swords(player.account)).toBe(1n)
    expect(await world.chain.client.getBalance({ address: player.account })).toBe(0n)
    // Once more is no failure, and costs nothing.
    expect(await player.request(method, params(context, session.address))).toEqual({})
  })

  test('all grants to one key end in one transaction, those to other keys live on', async () => {
    const player = world.player()
    const [session, other] = [newAccount(), newAccount()]
    const contexts = [await grantMint(player, session), await grantMint(player, session), await grantMint(player, session)]
    const kept = await grantMint(player, other)
    const block = await world.chain.client.getBlockNumber()

    await player.request('wallet_revokePermissions', [{ permissionContext: session.address }])

    expect(await world.chain.client.getBlockNumber()).toBe(block + 1n)
    for (const context of contexts) {
      await expect(world.redeem(session, context, world.mint(player.account))).rejects.toThrow(/CannotUseADisabledDelegation/)
    }
    await world.redeem(other, kept, world.mint(player.account))
  })

  test('several permissions of one 2024 grant have one context, which revokes them all', async () => {
    const player = world.player()
    const session = newAccount()
    const { permissionsContext } = await player.request<GrantPermissionsAnswer>('wallet_grantPermissions', [
      {
        signer: { type: 'account', data: { id: session.address } },
        expiry: 86_400,
        permissions: [
          { type: 'contract-call', data: { address: world.sword, calls: [] }, policies: [] },
          { type: 'erc20-token-transfer', data: { address: world.gold }, policies: [{ type: 'token-allowance', data: { allowance: '0x1' } }] },
        ],
      },
    ])
    const list = () => player.request<GrantedExecutionPermission[]>('wallet_getGrantedExecutionPermissions', [])
    expect(await list()).toHaveLength(2)
    await player.request('wallet_revokePermissions', [{ permissionContext: permissionsContext }])
    expect(await list()).toEqual([])
  })

  test('disconnecting is not revoking, and revoking is not disconnecting', async () => {
    const player = world.player()
    const session = newAccount()
    const changes: unknown[] = []
    player.wallet.on('accountsChanged', (accounts) => changes.push(accounts))
    expect(await player.request('eth_accounts')).toEqual([])
    expect(await player.request('eth_requestAccounts')).toEqual([player.account])
    const context = await grantMint(player, session)
    expect(await player.request('wallet_getPermissions')).toMatchObject([{ parentCapability: 'eth_accounts', caveats: [{ value: [player.account] }] }])

    expect(await player.request('wallet_revokePermissions', [{ eth_accounts: {} }])).toBeNull()
    expect(await player.request('eth_accounts')).toEqual([])
    expect(await player.request('wallet_getPermissions')).toEqual([])
    expect(changes).toEqual([[player.account], []])
    await world.redeem(session, context, world.mint(player.account))

    await player.request('wallet_requestPermissions', [{ eth_accounts: {} }])
    await player.request('wallet_revokePermissions', [{ permissionContext: context }])
    expect(await player.request('eth_accounts')).toEqual([player.account])
  })

  test.each([
    ['nothing', []],
    ['both at once', [{ eth_accounts: {}, permissionContext: `0x${'11'.repeat(20)}` }]],
    ['another spelling', [{ permissionsContext: `0x${'11'.repeat(20)}` }]],
    ['an id', [{ id: '0x01' }]],
    ['a session id of another wallet', [{ permissionContext: 'ses_123' }]],
    ['a key that nothing was granted to', [{ permissionContext: `0x${'11'.repeat(20)}` }]],
    ['another EIP-2255 permission', [{ eth_chainId: {} }]],
  ])('wallet_revokePermissions is strict: %s', async (_, params) => {
    const { request, account } = world.player()
    await request('eth_requestAccounts')
    await expect(request('wallet_revokePermissions', params)).rejects.toMatchObject({ code: -32602 })
    expect(await request('eth_accounts')).toEqual([account])
  })

  test('a permission of another account is not ours to revoke', async () => {
    const session = newAccount()
    const context = await grantMint(world.player(), session)
    await expect(world.player().request('wallet_revokeExecutionPermission', [{ permissionContext: context }])).rejects.toMatchObject({ code: -32602 })
  })

  test('two revocations at once, of the same grant: both succeed', async () => {
    const player = world.player()
    const session = newAccount()
    const context = await grantMint(player, session)
    const revoke = () => player.request('wallet_revokeExecutionPermission', [{ permissionContext: context }])
    await Promise.all([revoke(), revoke()])
    await expect(world.redeem(session, context, world.mint(player.account))).rejects.toThrow(/CannotUseADisabledDelegation/)
  })

  test('grants outlive the page in the storage it is given; a stranger’s rows in there are ignored', async () => {
    const items = new Map<string, string>()
    const storage = { getItem: (key: string) => items.get(key) ?? null, setItem: (key: string, value: string) => items.set(key, value) }
    const player = world.player({ storage })
    const session = newAccount()
    await grantMint(player, session)
    const [[key, text]] = [...items] as [[string, string]]
    expect(text).not.toContain('privateKey')
    items.set(key, JSON.stringify([{ context: '0x' }, 7, { ...JSON.parse(text)[0], from: session.address, context: '0x00' }, ...JSON.parse(text)]))

    const reloaded = world.player({ storage, owner: player.owner })
    expect(await reloaded.request('wallet_getGrantedExecutionPermissions', [])).toHaveLength(1)
    await reloaded.request('wallet_revokePermissions', [{ permissionContext: session.address }])
    expect(await reloaded.request('wallet_getGrantedExecutionPermissions', [])).toEqual([])
    items.set(key, '{not json')
    expect(await world.player({ storage, owner: player.owner }).request('wallet_getGrantedExecutionPermissions', [])).toEqual([])
  })

  test('without a sponsor the owner pays; one without ETH is told so', async () => {
    const player = world.player({ sponsor: undefined })
    const session = newAccount()
    const refused = await grantMint(player, session).catch((error: unknown) => error)
    expect(refused).toMatchObject({ code: -32603, message: expect.stringContaining('has no ETH'), cause: expect.any(NoGasError) })

    await world.chain.setBalance(player.account, parseEther('1'))
    const contexts = [await grantMint(player, session), await grantMint(player, session)] as const
    await world.redeem(session, contexts[0], world.mint(player.account))
    await player.request('wallet_revokePermissions', [{ permissionContext: contexts[0] }])
    await player.request('wallet_revokePermissions', [{ permissionContext: session.address }])
    for (const context of contexts) {
      await expect(world.redeem(session, context, world.mint(player.account))).rejects.toThrow(/CannotUseADisabledDelegation/)
    }
    expect(await world.chain.client.getBalance({ address: player.account })).toBeLessThan(parseEther('1'))
  })

  test('a sponsor that does not answer: the request fails, with the reason', async () => {
    const player = world.player({ sponsor: 'http://127.0.0.1:9/', transport: http(world.chain.rpcUrl) })
    await expect(grantMint(player, newAccount())).rejects.toMatchObject({ code: -32603, cause: { name: 'RelayUnreachableError' } })
  })
})
