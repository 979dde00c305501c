import { createClient, custom, parseUnits, type Hex } from 'viem'
import { grantPermissions } from 'viem/experimental'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PermissionConsentRequest } from '../../src/consent/consentRequest.js'
import { decodeContext } from '../../src/delegation/context.js'
import { unbundleContexts } from '../../src/delegation/contextBundle.js'
import { framework } from '../../src/delegation/framework.js'
import type { GrantPermissionsAnswer } from '../../src/wallet/index.js'
import { newAccount, startWorld } from './walletWorld.js'

let world: Awaited<ReturnType<typeof startWorld>>
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

const day = 60 * 60 * 24

describe('wallet_grantPermissions (2024)', () => {
  test('the shortest request there is works as it stands: the session key mints, the player holds no ETH', async () => {
    const { account, request, questions } = world.player()
    const session = newAccount()
    const before = await world.now()

    const answer = await request<GrantPermissionsAnswer>('wallet_grantPermissions', [
      {
        signer: { type: 'account', data: { id: session.address } },
        expiry: 60 * 60 * 24,
        permissions: [{ type: 'contract-call', data: { address: world.sword, calls: [] }, policies: [] }],
      },
    ])

    expect(answer.grantedPermissions).toEqual([{ type: 'contract-call', data: { address: world.sword, calls: [] }, policies: [] }])
    expect(answer.expiry).toBeGreaterThanOrEqual(before + day)
    expect(answer.expiry).toBeLessThan(before + day + 10)
    expect(answer.signerData).toEqual({ submitToAddress: framework.DelegationManager })
    expect(questions).toEqual([
      expect.objectContaining({
        type: 'permissions',
        origin: 'https://shop.example',
        account,
        delegate: session.address,
        expiry: answer.expiry,
        upgradesAccount: true,
        permissions: [{ type: 'contract-call', address: world.sword, valueLimit: 0n }],
        metadata: { [world.sword.toLowerCase()]: { name: 'Sword', symbol: 'SWORD' } },
      }),
    ])

    await world.redeem(session, answer.permissionsContext, world.mint(account))
    expect(await world.swords(account)).toBe(1n)
    await expect(world.redeem(session, answer.permissionsContext, world.pay(session.address, '1'))).rejects.toThrow(/target-address-not-allowed/)
    expect(await world.chain.client.getBalance({ address: account })).toBe(0n)
  })

  test('viem’s grantPermissions, unmodified: two permissions, a context each, both enforced', async () => {
    const { account, wallet } = world.player()
    await world.giveGold(account, '100')
    const session = newAccount()
    const expiry = (await world.now()) + day
    const client = createClient({ transport: custom(wallet) })

    const answer = await grantPermissions(client, {
      signer: { type: 'account', data: { id: session.address } },
      expiry,
      permissions: [
        {
          type: 'contract-call',
          data: { address: world.sword, calls: ['function mint(address to)'] },
          policies: [{ type: { custom: 'call-limit' }, data: { limit: 1 } }],
          required: true,
        },
        {
          type: 'erc20-token-transfer',
          data: { address: world.gold, ticker: 'GOLD' },
          policies: [{ type: 'token-allowance', data: { allowance: parseUnits('10', 18) } }],
          required: true,
        },
      ],
    })

    expect(answer.expiry).toBe(expiry)
    expect(answer.grantedPermissions).toEqual([
      {
        type: 'contract-call',
        data: { address: world.sword, calls: ['function mint(address to)'] },
        policies: [{ type: 'call-limit', data: { limit: 1 } }],
        required: true,
      },
      {
        type: 'erc20-token-transfer',
        data: { address: world.gold, ticker: 'GOLD' },
        policies: [{ type: 'token-allowance', data: { allowance: parseUnits('10', 18) } }],
        required: true,
      },
    ])
    const [mints, pays, ...more] = unbundleContexts(answer.permissionsContext as Hex) as [Hex, Hex]
    expect(more).toEqual([])
    await world.redeem(session, mints, world.mint(account))
    await expect(world.redeem(session, mints, world.mint(account))).rejects.toThrow(/limit-exceeded/)
    await world.redeem(session, pays, world.pay(session.address, '10'))
    await expect(world.redeem(session, pays, world.pay(session.address, '1'))).rejects.toThrow(/allowance-exceeded/)
  })

  test('a session key given as data.address, a call limit written as a count, a pinned argument', async () => {
    const { account, request, questions } = world.player()
    const session = newAccount()
    const to = `0x${account.slice(2).padStart(64, '0').toLowerCase()}`
    const answer = await request<GrantPermissionsAnswer>('wallet_grantPermissions', [
      {
        signer: { type: 'account', data: { address: session.address } },
        chainId: '0x7a69',
        address: account,
        expiry: day,
        permissions: [
          {
            type: 'contract-call',
            data: { address: world.sword, calls: [{ signature: 'mint(address to)', args: [to] }] },
            policies: [{ type: 'call-limit', data: { count: 3 } }],
          },
        ],
      },
    ])
    expect((questions[0] as PermissionConsentRequest).permissions).toEqual([
      { type: 'contract-call', address: world.sword, functions: [{ signature: 'mint(address to)', args: [to] }], callLimit: 3, valueLimit: 0n },
    ])
    await world.redeem(session, answer.permissionsContext, world.mint(account))
    await expect(world.redeem(session, answer.permissionsContext, world.mint(session.address))).rejects.toThrow(/invalid-execution/)
  })

  test('the kit’s own types are taken too; a period that names no start begins now, and says so', async () => {
    const { request } = world.player()
    const now = await world.now()
    const answer = await request<GrantPermissionsAnswer>('wallet_grantPermissions', [
      {
        signer: { type: 'account', data: { id: newAccount().address } },
        expiry: day,
        permissions: [{ type: 'erc20-token-periodic', data: { tokenAddress: world.gold, periodAmount: '0x64', periodDuration: 3600 } }],
      },
    ])
    const [granted] = answer.grantedPermissions as unknown as [{ data: { startTime: number }; policies: unknown[] }]
    expect(granted.policies).toEqual([])
    expect(granted.data.startTime).toBeGreaterThanOrEqual(now)
    expect(granted.data.startTime).toBeLessThan(now + 10)
  })

  test('what the wallet does not know is left out only where it may be', async () => {
    const { request, questions } = world.player()
    const unknown = { type: 'gas-rebate', data: {}, policies: [] }
    const known = { type: 'contract-call', data: { address: world.sword, calls: [] }, policies: [] }
    const ask = (permissions: unknown[]) =>
      request<GrantPermissionsAnswer>('wallet_grantPermissions', [{ signer: { type: 'account', data: { id: newAccount().address } }, expiry: day, permissions }])

    await expect(ask([known, unknown])).rejects.toMatchObject({ code: -32602, message: expect.stringContaining('gas-rebate') })
    await expect(ask([{ ...unknown, required: false }])).rejects.toMatchObject({ code: -32602 })
    await expect(ask([{ ...known, required: true, policies: [{ type: 'rate-limit', data: { count: 1, interval: 60 } }] }])).rejects.toMatchObject({ code: -32602 })
    expect(questions).toEqual([])

    const answer = await ask([{ ...unknown, required: false }, known])
    expect(answer.grantedPermissions).toEqual([known])
    expect(decodeContext(answer.permissionsContext)).toHaveLength(1)
  })

  const session = newAccount().address
  const whole = (address: unknown) => ({ type: 'contract-call', data: { address, calls: [] }, policies: [] })
  test.each([
    ['no parameters', () => undefined],
    ['a bare object', () => ({ signer: { type: 'account', data: { id: session } } })],
    ['a key as signer', () => [{ signer: { type: 'key', data: { id: 'did:key:z6' } }, expiry: day, permissions: [whole(world.sword)] }]],
    ['several keys as signer', () => [{ signer: { type: 'keys', data: { ids: [] } }, expiry: day, permissions: [whole(world.sword)] }]],
    ['the wallet as signer', () => [{ signer: { type: 'wallet' }, expiry: day, permissions: [whole(world.sword)] }]],
    ['no signer', () => [{ expiry: day, permissions: [whole(world.sword)] }]],
    ['an expiry in milliseconds', () => [{ signer: { type: 'account', data: { id: session } }, expiry: Date.now(), permissions: [whole(world.sword)] }]],
    ['an expiry that has passed', () => [{ signer: { type: 'account', data: { id: session } }, expiry: 1_600_000_000, permissions: [whole(world.sword)] }]],
    ['no expiry', () => [{ signer: { type: 'account', data: { id: session } }, permissions: [whole(world.sword)] }]],
    ['no permission', () => [{ signer: { type: 'account', data: { id: session } }, expiry: day, permissions: [] }]],
    ['an unknown field', () => [{ signer: { type: 'account', data: { id: session } }, expiry: day, permissions: [whole(world.sword)], rules: [] }]],
    ['the engine as target', () => [{ signer: { type: 'account', data: { id: session } }, expiry: day, permissions: [whole(framework.DelegationManager)] }]],
    ['the zero address as target', () => [{ signer: { type: 'account', data: { id: session } }, expiry: day, permissions: [whole(`0x${'00'.repeat(20)}`)] }]],
    ['a selector for a signature', () => [{ signer: { type: 'account', data: { id: session } }, expiry: day, permissions: [{ ...whole(world.sword), data: { address: world.sword, calls: ['0x6a627842'] } }] }]],
    ['a token transfer without an allowance', () => [{ signer: { type: 'account', data: { id: session } }, expiry: day, permissions: [{ type: 'erc20-token-transfer', data: { address: world.gold }, policies: [] }] }]],
    ['a limit that another permission undoes', () => [{ signer: { type: 'account', data: { id: session } }, expiry: day, permissions: [whole(world.gold), { type: 'erc20-token-transfer', data: { address: world.gold }, policies: [{ type: 'token-allowance', data: { allowance: '0x1' } }] }] }]],
    ['anybody as session key', () => [{ signer: { type: 'account', data: { id: '0x0000000000000000000000000000000000000a11' } }, expiry: day, permissions: [whole(world.sword)] }]],
    ['the engine as session key', () => [{ signer: { type: 'account', data: { id: framework.DelegationManager } }, expiry: day, permissions: [whole(world.sword)] }]],
    ['nobody as session key', () => [{ signer: { type: 'account', data: { id: `0x${'00'.repeat(20)}` } }, expiry: day, permissions: [whole(world.sword)] }]],
  ])('refused before the user is asked: %s', async (_, params) => {
    const { request, questions } = world.player()
    await expect(request('wallet_grantPermissions', params())).rejects.toMatchObject({ code: -32602, name: 'InvalidParamsRpcError' })
    expect(questions).toEqual([])
  })

  test('the account itself is neither a target nor a session key; another account and another chain have their own codes', async () => {
    const { account, request, questions } = world.player()
    const ask = (id: string, address: string, more: object = {}) =>
      request('wallet_grantPermissions', [{ signer: { type: 'account', data: { id } }, expiry: day, permissions: [whole(address)], ...more }])
    await expect(ask(session, account)).rejects.toMatchObject({ code: -32602, message: expect.stringContaining('the account itself') })
    await expect(ask(account, world.sword)).rejects.toMatchObject({ code: -32602 })
    await expect(ask(session, world.sword, { chainId: '0x1' })).rejects.toMatchObject({ code: 5710 })
    await expect(ask(session, world.sword, { address: newAccount().address })).rejects.toMatchObject({ code: 4100 })
    expect(questions).toEqual([])
  })
})
