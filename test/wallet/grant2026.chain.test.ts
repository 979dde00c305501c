import { createClient, createWalletClient, custom, encodeFunctionData, http, parseEther, parseUnits, type Hex } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { goldAbi, swordAbi, swordBytecode } from '../../demo/contracts/artifacts.js'
import type { PermissionConsentRequest } from '../../src/consent/consentRequest.js'
import { framework } from '../../src/delegation/framework.js'
import type { DelegatedPermission } from '../../src/delegation/grantedPermission.js'
import { contextMismatch } from '../../src/delegation/verifyContext.js'
import { createWalletProbe } from '../../src/dialects/walletProbe.js'
import { erc7715 } from '../../src/dialects/erc7715.js'
import { contractCall } from '../../src/permissions/contractCall.js'
import { erc20Allowance, erc20Periodic, erc20Stream, erc721Transfer, nativeAllowance, nativePeriodic, nativeStream } from '../../src/permissions/tokenPermissions.js'
import { resolveRequest } from '../../src/permissions/resolveRequest.js'
import type { GrantedExecutionPermission } from '../../src/wallet/index.js'
import { newAccount, startWorld } from './walletWorld.js'

let world: Awaited<ReturnType<typeof startWorld>>
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

const day = 60 * 60 * 24
const chainId = '0x7a69'

async function askFor(to: string, more: Record<string, unknown> = {}) {
  return {
    chainId,
    to,
    permission: { type: 'contract-call', isAdjustmentAllowed: false, data: { address: world.sword, calls: ['mint(address to)'] } },
    rules: [{ type: 'expiry', data: { timestamp: (await world.now()) + day } }],
    ...more,
  }
}

describe('wallet_requestExecutionPermissions (2026)', () => {
  test('MetaMask’s Smart Accounts Kit, unmodified: asks, lists, and redeems with a session key that pays for itself', async () => {
    const { erc7710WalletActions, erc7715ProviderActions } = await import('@metamask/smart-accounts-kit/actions')
    const { getSmartAccountsEnvironment, overrideDeployedEnvironment } = await import('@metamask/smart-accounts-kit/utils').then(async (utils) => ({
      ...utils,
      ...(await import('@metamask/smart-accounts-kit')),
    }))
    overrideDeployedEnvironment(world.chain.chain.id, '1.3.0', getSmartAccountsEnvironment(1))
    const { account, wallet } = world.player()
    await world.giveGold(account, '100')
    const session = newAccount()
    await world.chain.setBalance(session.address, parseEther('1'))
    const client = createClient({ chain: world.chain.chain, transport: custom(wallet) }).extend(erc7715ProviderActions())

    const supported = await client.getSupportedExecutionPermissions()
    expect(supported['erc20-token-periodic']).toEqual({ chainIds: [31337], ruleTypes: ['expiry', 'payee'] })

    const expiry = (await world.now()) + day
    const granted = await client.requestExecutionPermissions([
      {
        chainId: world.chain.chain.id,
        to: session.address,
        from: account,
        expiry,
        permission: {
          type: 'erc20-token-periodic',
          isAdjustmentAllowed: true,
          data: { tokenAddress: world.gold, periodAmount: parseUnits('10', 18), periodDuration: 3600, justification: 'Your weekly sword' },
        },
      },
    ])
    expect(granted).toHaveLength(1)
    const [one] = granted as [(typeof granted)[number]]
    expect(one).toMatchObject({
      chainId: 31337,
      from: account,
      to: session.address,
      permission: { type: 'erc20-token-periodic', isAdjustmentAllowed: true, data: { periodAmount: parseUnits('10', 18), justification: 'Your weekly sword' } },
      rules: [{ type: 'expiry', data: { timestamp: expiry } }],
      delegationManager: framework.DelegationManager,
    })
    expect(await client.getGrantedExecutionPermissions()).toEqual(granted)

    const shop = newAccount().address
    const sessionClient = createWalletClient({ account: session, chain: world.chain.chain, transport: http(world.chain.rpcUrl) }).extend(erc7710WalletActions())
    const redeem = (amount: string) =>
      sessionClient.sendTransactionWithDelegation({
        account: session,
        chain: world.chain.chain,
        to: world.gold,
        data: encodeFunctionData({ abi: goldAbi, functionName: 'transfer', args: [shop, parseUnits(amount, 18)] }),
        permissionContext: one.context,
        delegationManager: one.delegationManager,
      })
    await world.chain.client.waitForTransactionReceipt({ hash: await redeem('10') })
    expect(await world.goldOf(shop)).toBe(parseUnits('10', 18))
    await expect(redeem('1')).rejects.toThrow(/transfer-amount-exceeded/)
  })

  test('every kind of permission: what is answered is what is signed, and one prompt shows them all', async () => {
    const { account, request, wallet, questions } = world.player()
    const session = newAccount()
    const payee = newAccount().address
    const otherToken = await world.chain.deploy({ abi: swordAbi, bytecode: swordBytecode })
    const asked = resolveRequest(
      {
        permissions: [
          contractCall({ address: world.sword, abi: swordAbi, functions: ['mint', { name: 'approve', args: [payee, 7n] }], callLimit: 5 }),
          erc20Allowance({ token: world.gold, limit: 5n, payee }),
          erc20Periodic({ token: world.gold, limit: 5n, period: { days: 1 } }),
          erc20Stream({ token: world.gold, perSecond: 1n, max: 9n }),
          nativeAllowance({ limit: 5n, payee }),
          nativePeriodic({ limit: 5n, period: { hours: 1 } }),
          nativeStream({ perSecond: 1n, initial: 2n, max: 9n, payee }),
          erc721Transfer({ token: otherToken, tokenId: 3n }),
        ],
        expiry: (await world.now()) + day,
      },
      await world.now(),
    )
    const grantRequest = { chainId: 31337, account, delegate: session.address, ...asked }
    const { method, params } = erc7715.encodeGrant(grantRequest)
    const answer = erc7715.decodeGrant(await request(method, params), grantRequest)

    expect(answer.expiry).toBe(asked.expiry)
    expect(answer.granted.map(({ permission }) => permission)).toMatchObject(asked.permissions.map((permission) => ({ type: permission.type })))
    for (const granted of answer.granted as DelegatedPermission[]) expect(contextMismatch(granted, { account, delegate: session.address, expiry: asked.expiry })).toBeUndefined()
    expect(questions).toHaveLength(1)
    expect((questions[0] as PermissionConsentRequest).permissions).toHaveLength(8)
    expect(await erc7715.detect(createWalletProbe({ provider: wallet, connectorId: 'test', account, chainId: 31337 }))).toMatchObject({ types: new Set(asked.permissions.map(({ type }) => type)) })
  })

  test('the list holds what is granted, unexpired and unrevoked, by the chain’s clock and the chain’s word', async () => {
    const { request } = world.player()
    const session = newAccount().address
    const [long] = await request<GrantedExecutionPermission[]>('wallet_requestExecutionPermissions', [await askFor(session)])
    const [short] = await request<GrantedExecutionPermission[]>('wallet_requestExecutionPermissions', [
      await askFor(session, { rules: [{ type: 'expiry', data: { timestamp: (await world.now()) + 100 } }] }),
    ])
    const list = () => request<GrantedExecutionPermission[]>('wallet_getGrantedExecutionPermissions', [])
    expect(await list()).toEqual([long, short])
    await world.chain.increaseTime(200)
    expect(await list()).toEqual([long])
    await request('wallet_revokeExecutionPermission', [{ permissionContext: long?.context }])
    expect(await list()).toEqual([])
  })

  const session = newAccount().address
  test.each([
    ['no requests', async () => []],
    ['an object', async () => askFor(session)],
    ['no expiry rule', async () => [await askFor(session, { rules: [] })]],
    ['no rules at all', async () => [await askFor(session, { rules: undefined })]],
    ['an unknown rule', async () => [await askFor(session, { rules: [...(await askFor(session)).rules, { type: 'redeemer', data: { addresses: [session] } }] })]],
    ['a rule twice', async () => [await askFor(session, { rules: [...(await askFor(session)).rules, ...(await askFor(session)).rules] })]],
    ['a payee where there is none', async () => [await askFor(session, { rules: [...(await askFor(session)).rules, { type: 'payee', data: { addresses: [session] } }] })]],
    ['an unknown type', async () => [await askFor(session, { permission: { type: 'token-approval-revocation', isAdjustmentAllowed: false, data: {} } })]],
    ['an unknown field of a request', async () => [await askFor(session, { signer: {} })]],
    ['an unknown field of a permission', async () => [await askFor(session, { permission: { ...(await askFor(session)).permission, policies: [] } })]],
    ['an unknown field of its data', async () => [await askFor(session, { permission: { type: 'contract-call', isAdjustmentAllowed: false, data: { address: world.sword, calls: [], maxGas: '0x1' } } })]],
    ['an expiry that has passed', async () => [await askFor(session, { rules: [{ type: 'expiry', data: { timestamp: 1_600_000_000 } }] })]],
    ['an expiry that is a duration', async () => [await askFor(session, { rules: [{ type: 'expiry', data: { timestamp: day } }] })]],
    ['an expiry in milliseconds', async () => [await askFor(session, { rules: [{ type: 'expiry', data: { timestamp: Date.now() + day } }] })]],
    ['two session keys', async () => [await askFor(session), await askFor(newAccount().address)]],
    ['two expiries', async () => [await askFor(session), await askFor(session, { rules: [{ type: 'expiry', data: { timestamp: (await world.now()) + 3 * day } }] })]],
    ['a start after the end', async () => [await askFor(session, { permission: { type: 'contract-call', isAdjustmentAllowed: false, data: { address: world.sword, calls: [], startTime: (await world.now()) + 9 * day } } })]],
    ['the engine as target', async () => [await askFor(session, { permission: { type: 'contract-call', isAdjustmentAllowed: false, data: { address: framework.EntryPoint, calls: [] } } })]],
    ['the engine as token', async () => [await askFor(session, { permission: { type: 'erc20-token-allowance', isAdjustmentAllowed: false, data: { tokenAddress: framework.DelegationManager, allowanceAmount: '0x1' } } })]],
    ['a chain as a number', async () => [await askFor(session, { chainId: 31337 })]],
  ])('refused before the user is asked: %s', async (_, params) => {
    const { request, questions } = world.player()
    await expect(request('wallet_requestExecutionPermissions', await params())).rejects.toMatchObject({ code: -32602 })
    expect(questions).toEqual([])
  })

  test('another chain is 5710, another account 4100', async () => {
    const { request } = world.player()
    await expect(request('wallet_requestExecutionPermissions', [await askFor(session, { chainId: '0x1' })])).rejects.toMatchObject({ code: 5710 })
    await expect(request('wallet_requestExecutionPermissions', [await askFor(session, { from: newAccount().address })])).rejects.toMatchObject({ code: 4100 })
  })

  test('nonsense is answered with -32602, whatever it is', async () => {
    const { request, questions } = world.player()
    const nonsense = [null, 0, 'x', [], [null], [[]], [{}], {}, [{ permissions: 1 }], [{ toString: 1 }], [[[[]]]], [{ permissionContext: {} }], [{ permissionContext: '0x' }], [{ permissionContext: '0xzz' }], [Number.NaN], [{ chainId: '0x', to: '', permission: null }], [{ permissionContext: `0x${'ff'.repeat(640)}` as Hex }]]
    const methods = ['wallet_grantPermissions', 'wallet_requestExecutionPermissions', 'wallet_revokeExecutionPermission', 'wallet_revokePermissions', 'wallet_switchEthereumChain', 'wallet_requestPermissions', 'wallet_getCallsStatus']
    await request('eth_requestAccounts')
    for (const method of [...methods, 'wallet_sendCalls', 'eth_sendTransaction']) {
      for (const params of nonsense) {
        // A string is an id that nobody knows.
        if (method === 'wallet_getCallsStatus' && Array.isArray(params) && typeof params[0] === 'string') continue
        await expect(request(method, params), `${method} ${JSON.stringify(params)}`).rejects.toMatchObject({ code: -32602 })
      }
    }
    expect(questions).toEqual([])
  })
})
