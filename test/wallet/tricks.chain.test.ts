// What a hostile page may ask an embedded wallet for. Each of these once emptied an account behind harmless words.
import { encodeAbiParameters, numberToHex, parseEther, parseUnits, type Address, type Hex } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CallsConsentRequest, PermissionConsentRequest } from '../../src/consent/consentRequest.js'
import { encodeExecuteBatch } from '../../src/delegation/executeBatch.js'
import { enforcers, framework } from '../../src/delegation/framework.js'
import { encodeRedeemDelegations } from '../../src/delegation/redeem.js'
import { describePermission } from '../../src/permissions/describe.js'
import type { GrantedExecutionPermission } from '../../src/wallet/index.js'
import { newAccount, startWorld } from './walletWorld.js'

let world: Awaited<ReturnType<typeof startWorld>>
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

const chainId = '0x7a69'
const gold = (amount: string) => parseUnits(amount, 18)
const amount = (value: bigint) => encodeAbiParameters([{ type: 'uint256' }], [value])
const address = (value: Address) => encodeAbiParameters([{ type: 'address' }], [value])

/** A user who says yes to everything and holds 1000 GOLD, a thief, and a session key that does the thief's bidding. */
async function victim(options: Parameters<(typeof world)['player']>[0] = {}) {
  const player = world.player(options)
  const thief = newAccount().address
  const session = newAccount()
  await world.giveGold(player.account, '1000')
  await player.request('eth_requestAccounts')
  const sendCalls = (...calls: { to: Address; data?: Hex; value?: Hex }[]) =>
    player.request('wallet_sendCalls', [{ version: '2.0.0', chainId, atomicRequired: true, calls }])
  const expiry = (await world.now()) + 86_400
  const askFor = (...permissions: { type: string; data: object }[]) =>
    player.request<GrantedExecutionPermission[]>(
      'wallet_requestExecutionPermissions',
      permissions.map(({ type, data }) => ({
        chainId,
        to: session.address,
        permission: { type, isAdjustmentAllowed: false, data },
        rules: [{ type: 'expiry', data: { timestamp: expiry } }],
      })),
    )
  return { ...player, thief, session, sendCalls, askFor }
}

describe('calls that hide calls', () => {
  test('neither the account itself nor the DelegationManager is called with data, and the user is not asked', async () => {
    const { account, thief, request, sendCalls, questions } = await victim()
    const theft = world.pay(thief, '1000')
    const mint = { to: world.sword, data: world.mint(account).data }
    const hidden = [
      { to: account, data: encodeExecuteBatch([theft]) },
      { to: account.toLowerCase() as Address, data: encodeExecuteBatch([theft]) },
      { to: framework.DelegationManager, data: encodeRedeemDelegations([{ delegations: [], execution: theft }]) },
      { to: framework.EntryPoint, data: '0x12345678' },
      { to: enforcers.NonceEnforcer, data: '0x12345678' },
    ] as const
    for (const call of hidden) {
      await expect(sendCalls(call), call.to).rejects.toMatchObject({ code: -32602, message: expect.stringContaining('could hide others') })
      await expect(sendCalls(mint, call)).rejects.toMatchObject({ code: -32602, message: expect.stringContaining('calls.1') })
      await expect(request('eth_sendTransaction', [call])).rejects.toMatchObject({ code: -32602 })
      await expect(request('eth_sendTransaction', [{ to: call.to, input: call.data }])).rejects.toMatchObject({ code: -32602 })
    }
    expect(questions).toEqual([])
    expect(await world.goldOf(thief)).toBe(0n)
  })

  test('ETH to oneself is no such call', async () => {
    const { account, sendCalls } = await victim({ sponsor: undefined })
    await world.chain.setBalance(account, parseEther('1'))
    await expect(sendCalls({ to: account, value: '0x1' })).resolves.toMatchObject({ id: expect.any(String) })
  })

  test('the user is told that the account becomes a smart account, exactly when it does', async () => {
    const told = (questions: readonly unknown[]) => questions.map((question) => (question as CallsConsentRequest).upgradesAccount)
    const isPlain = async (of: Address) => (await world.chain.client.getCode({ address: of })) === undefined
    const mint = ({ account }: { account: Address }) => ({ to: world.sword, data: world.mint(account).data })

    const sponsored = await victim()
    await sponsored.sendCalls(mint(sponsored))
    await sponsored.sendCalls(mint(sponsored))
    expect(told(sponsored.questions)).toEqual([true, false])

    const paying = await victim({ sponsor: undefined })
    await world.chain.setBalance(paying.account, parseEther('1'))
    await paying.sendCalls(mint(paying))
    expect(await isPlain(paying.account)).toBe(true)
    await paying.sendCalls(mint(paying), mint(paying))
    expect(await isPlain(paying.account)).toBe(false)
    expect(told(paying.questions)).toEqual([false, true])
  })
})

/** Refused before the user is asked; what was granted all the same, the thief would use. */
async function expectRefused({ askFor, session, thief, questions }: Awaited<ReturnType<typeof victim>>, permissions: Parameters<typeof askFor>, theft = world.pay(thief, '1000')) {
  const [error, granted] = await askFor(...permissions).then((rows) => [undefined, rows] as const, (caught: unknown) => [caught, []] as const)
  for (const { context } of granted) await world.redeem(session, context, theft).catch(() => {})
  expect(await world.goldOf(thief)).toBe(0n)
  expect(error).toMatchObject({ code: -32602 })
  expect(questions).toEqual([])
  return error as Error
}

describe('permissions that are more than they say', () => {
  test.each(['join_tg_invmru_haha_fd06787(address player, bool ready)', 'many_msg_babbage(bytes1 side)'])('a name with the selector of transfer: %s', async (signature) => {
    const error = await expectRefused(await victim(), [{ type: 'contract-call', data: { address: world.gold, calls: [signature], callLimit: 1 } }])
    expect(error.message).toContain('is transfer(address,uint256)')
  })

  test.each([
    ['stream', { amountPerSecond: numberToHex(gold('1') / 86_400n), maxAmount: numberToHex(gold('1000')) }],
    ['period', { periodAmount: numberToHex(gold('1000')), periodDuration: 86_400 }],
  ])('a %s that began long ago', async (kind, data) => {
    const type = kind === 'stream' ? 'erc20-token-stream' : 'erc20-token-periodic'
    for (const startTime of [1, (await world.now()) - 3600]) {
      const error = await expectRefused(await victim(), [{ type, data: { tokenAddress: world.gold, ...data, startTime } }])
      expect(error.message).toContain('has passed')
    }
  })

  test('a stream that starts where a quiet chain stands is granted; the words say what it holds already', async () => {
    const { askFor, questions } = await victim()
    const { timestamp } = await world.chain.client.getBlock()
    await world.chain.client.increaseTime({ seconds: 3600 })
    await askFor({ type: 'erc20-token-stream', data: { tokenAddress: world.gold, amountPerSecond: numberToHex(gold('1')), maxAmount: numberToHex(gold('9000')), startTime: Number(timestamp) } })
    const { permissions, metadata, chainTime, expiry } = questions[0] as PermissionConsentRequest
    const [summary] = permissions.map((permission) => describePermission(permission, { metadata, now: chainTime, expiry }).summary)
    expect(summary).toMatch(/^spend up to 36\d\d GOLD at once and 3600 GOLD per hour more, 9000 GOLD at most$/)
  })

  test('“one NFT” of a token: the id would be an amount', async () => {
    const nft = (tokenAddress: Address) => ({ type: 'erc721-token-transfer', data: { tokenAddress, tokenId: numberToHex(gold('1000')) } })
    await expectRefused(await victim(), [nft(world.gold)])
    const mute = newAccount().address
    await world.chain.client.setCode({ address: mute, bytecode: '0x00' })
    for (const nothing of [mute, newAccount().address]) {
      const error = await expectRefused(await victim(), [nft(nothing)])
      expect(error.message).toContain('is not an ERC-721 collection')
    }
    const { askFor } = await victim()
    await expect(askFor(nft(world.sword))).resolves.toHaveLength(1)
  })

  test('a cap beside the same token as a collection', async () => {
    const error = await expectRefused(await victim(), [
      { type: 'erc20-token-allowance', data: { tokenAddress: world.gold, allowanceAmount: numberToHex(gold('1')) } },
      { type: 'erc721-token-transfer', data: { tokenAddress: world.gold, tokenId: numberToHex(gold('1000')) } },
    ])
    expect(error.message).toContain('is undone')
  })

  test.each(['transfer(address to, uint256 value)', 'approve(address spender, uint256 value)', 'increaseAllowance(address spender, uint256 value)'])(
    'a cap beside a pinned %s that nobody counts',
    async (signature) => {
      const robbed = await victim()
      const error = await expectRefused(
        robbed,
        [
          { type: 'erc20-token-allowance', data: { tokenAddress: world.gold, allowanceAmount: numberToHex(gold('1')) } },
          { type: 'contract-call', data: { address: world.gold, calls: [{ signature, args: [address(robbed.thief), amount(gold('500'))] }] } },
        ],
        world.pay(robbed.thief, '500'),
      )
      expect(error.message).toContain('any number of times')
    },
  )

  test('a pinned transfer that is counted moves what the words add up to, and no more', async () => {
    const { askFor, session, thief, questions } = await victim()
    const [cap, pinned] = await askFor(
      { type: 'erc20-token-allowance', data: { tokenAddress: world.gold, allowanceAmount: numberToHex(gold('1')) } },
      { type: 'contract-call', data: { address: world.gold, calls: [{ signature: 'transfer(address to, uint256 value)', args: [address(thief), amount(gold('10'))] }], callLimit: 2 } },
    )
    const { permissions, metadata } = questions[0] as PermissionConsentRequest
    expect(permissions.map((permission) => describePermission(permission, { metadata }).summary)[1]).toMatch(/^transfer exactly 10 GOLD to 0x\w{4}…\w{4}, at most twice, 20 GOLD in all$/)
    const take = (context: Hex | undefined, value: string) => world.redeem(session, context as Hex, world.pay(thief, value))
    await take(pinned?.context, '10')
    await take(pinned?.context, '10')
    await expect(take(pinned?.context, '10')).rejects.toThrow('limit-exceeded')
    await take(cap?.context, '1')
    await expect(take(cap?.context, '1')).rejects.toThrow('exceeded')
    expect(await world.goldOf(thief)).toBe(gold('21'))
  })
})
