// What Porto's words mean: its own account contract (from the npm package) holds keys with the permissions that we send.
import { Key } from 'porto'
import {
  createWalletClient,
  decodeErrorResult,
  encodeAbiParameters,
  encodeFunctionData,
  encodePacked,
  getAddress,
  http,
  pad,
  parseEther,
  type Address,
  type Hex,
} from 'viem'
import { generatePrivateKey, privateKeyToAccount, type PrivateKeyAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
// Not among the package's entry points.
import * as IthacaAccount from '../../node_modules/porto/dist/core/internal/_generated/contracts/IthacaAccount.js'
import { getAuthorizeCalls } from '../../node_modules/porto/dist/core/internal/mode.js'
import * as PermissionsRequest from '../../node_modules/porto/dist/core/internal/permissionsRequest.js'
import * as Rpc from '../../node_modules/porto/dist/core/internal/schema/rpc.js'
import { goldAbi, goldBytecode, swordAbi, swordBytecode } from '../../demo/contracts/artifacts.js'
import type { Execution } from '../../src/delegation/redeem.js'
import { findRevertData } from '../../src/delegation/revertReason.js'
import type { GrantRequest } from '../../src/dialects/dialect.js'
import { porto } from '../../src/dialects/porto.js'
import type { Permission } from '../../src/permissions/permission.js'
import { startLocalChain } from '../../src/testing/chain/startLocalChain.js'
import { newAccount } from '../delegation/delegationWorld.js'

const day = 86_400
/** Noon of a Wednesday, in UTC. */
const wednesdayNoon = 2_000_030_400

async function startPortoWorld() {
  const chain = await startLocalChain()
  const { client } = chain
  const minter = newAccount()
  await chain.setBalance(minter.address, parseEther('1000'))
  const gold = getAddress(await chain.deploy({ abi: goldAbi, bytecode: goldBytecode, from: minter.address }))
  const sword = getAddress(await chain.deploy({ abi: swordAbi, bytecode: swordBytecode }))
  const implementation = await chain.deploy({ abi: IthacaAccount.abi, bytecode: IthacaAccount.code, args: [newAccount().address] })
  await client.setNextBlockTimestamp({ timestamp: BigInt(wednesdayNoon) })

  async function send(account: PrivateKeyAccount, to: Address, data: Hex, more: object = {}) {
    const wallet = createWalletClient({ account, chain: chain.chain, transport: http(chain.rpcUrl) })
    return client.waitForTransactionReceipt({ hash: await wallet.sendTransaction({ to, data, ...more }) })
  }

  /** A user of Porto, and a session key with these permissions: asked for in our words, made into a key by Porto. */
  async function session(permissions: readonly Permission[]) {
    const owner = newAccount()
    const privateKey = generatePrivateKey()
    const delegate = privateKeyToAccount(privateKey).address
    const account = owner.address
    await chain.setBalance(account, parseEther('100'))
    await send(minter, gold, encodeFunctionData({ abi: goldAbi, functionName: 'mint', args: [account, 1_000_000n] }))
    const expiry = wednesdayNoon + 365 * day
    const request: GrantRequest = { chainId: chain.chain.id, account, delegate, permissions, expiry }
    const asked = Rpc.wallet_grantPermissions.Parameters.parse(porto.encodeGrant(request).params[0])
    const key = await PermissionsRequest.toKey(asked, { chainId: chain.chain.id })
    const calls = getAuthorizeCalls([key as never]).map(({ data = '0x' }) => ({ to: account, value: 0n, data }))
    const authorization = await owner.signAuthorization({ address: implementation, chainId: chain.chain.id, nonce: 1 })
    await send(owner, account, encodeFunctionData({ abi: IthacaAccount.abi, functionName: 'execute', args: [batchMode, encodeAbiParameters(batch, [calls])] }), { authorizationList: [authorization] })

    const data = async (execution: Execution) => {
      const list = [{ to: execution.to, value: execution.value, data: execution.data }]
      const nonce = await client.readContract({ address: account, abi: IthacaAccount.abi, functionName: 'getNonce', args: [0n] })
      const digest = await client.readContract({ address: account, abi: IthacaAccount.abi, functionName: 'computeDigest', args: [list, nonce] })
      const signature = await Key.sign(Key.fromSecp256k1({ privateKey, role: 'session' }), { address: null, payload: digest })
      const opData = encodePacked(['uint256', 'bytes'], [nonce, signature])
      return encodeFunctionData({ abi: IthacaAccount.abi, functionName: 'execute', args: [opDataMode, encodeAbiParameters(batchWithOpData, [list, opData])] })
    }
    return {
      account,
      /** Why the contract refuses a call that the key signed; undefined where it does not. */
      async verdict(execution: Execution): Promise<string | undefined> {
        try {
          await client.call({ account: minter, to: account, data: await data(execution) })
          return undefined
        } catch (error) {
          return decodeErrorResult({ abi: IthacaAccount.abi, data: findRevertData(error) ?? '0x' }).errorName
        }
      },
      async act(execution: Execution) {
        expect(await send(minter, account, await data(execution))).toMatchObject({ status: 'success' })
      },
    }
  }

  const startOf = (moment: bigint, period: number) =>
    client.readContract({ address: implementation, abi: IthacaAccount.abi, functionName: 'startOfSpendPeriod', args: [moment, period] })
  return { chain, gold, sword, session, startOf, stop: () => chain.stop() }
}

const call = { type: 'tuple[]', components: [{ name: 'to', type: 'address' }, { name: 'value', type: 'uint256' }, { name: 'data', type: 'bytes' }] } as const
const batch = [call] as const
const batchWithOpData = [call, { type: 'bytes' }] as const
/** ERC-7821: a batch; a batch with who signed it. */
const batchMode = pad('0x01', { size: 32, dir: 'right' })
const opDataMode = pad('0x01000000000078210001', { size: 32, dir: 'right' })

let world: Awaited<ReturnType<typeof startPortoWorld>>
beforeAll(async () => {
  world = await startPortoWorld()
})
afterAll(() => world.stop())

const shop = newAccount().address
const gold = (functionName: 'transfer' | 'approve', amount: bigint): Execution => ({ to: world.gold, value: 0n, data: encodeFunctionData({ abi: goldAbi, functionName, args: [shop, amount] }) })
const mint = (value = 0n): Execution => ({ to: world.sword, value, data: encodeFunctionData({ abi: swordAbi, functionName: 'mint', args: [shop] }) })

describe('a key of Porto', () => {
  test('counts by the calendar of UTC: minutes, hours and days, and weeks from Monday', async () => {
    const monday = 345_600n
    for (let moment = BigInt(wednesdayNoon) - 12_345n; moment < BigInt(wednesdayNoon + 20 * day); moment += 98_765n) {
      for (const [period, seconds] of [60n, 3_600n, 86_400n].entries()) expect(await world.startOf(moment, period)).toBe(moment - (moment % seconds))
      expect(await world.startOf(moment, 3)).toBe(moment - ((moment - monday) % 604_800n))
    }
  })

  test('so its first day is short: two limits go within a minute, which is why the start is said to be lost', async () => {
    const spends: Permission = { type: 'erc20-token-periodic', token: world.gold, limit: 1000n, period: day }
    const { act, verdict } = await world.session([spends])
    const { client } = world.chain
    const now = (await client.getBlock()).timestamp
    await client.setNextBlockTimestamp({ timestamp: now - (now % BigInt(day)) + BigInt(day) - 30n })
    await client.mine({ blocks: 1 })
    await act(gold('transfer', 1000n))
    expect(await verdict(gold('transfer', 1n))).toBe('ExceededSpendLimit')
    await world.chain.increaseTime(40)
    await act(gold('transfer', 1000n))
    expect(await verdict(gold('transfer', 1n))).toBe('ExceededSpendLimit')
  })

  test('calls what it was given and nothing else, with any arguments and no native token', async () => {
    const mints: Permission = { type: 'contract-call', address: world.sword, functions: [{ signature: 'mint(address to)' }], valueLimit: 0n }
    const { verdict } = await world.session([mints])
    expect(await verdict(mint())).toBeUndefined()
    expect(await verdict({ ...mint(), data: encodeFunctionData({ abi: swordAbi, functionName: 'setApprovalForAll', args: [shop, true] }) })).toBe('UnauthorizedCall')
    expect(await verdict({ to: shop, value: 0n, data: '0x' })).toBe('UnauthorizedCall')
    expect(await verdict(gold('transfer', 1n))).toBe('UnauthorizedCall')
    const { verdict: whole } = await world.session([{ type: 'contract-call', address: shop, valueLimit: 0n }])
    expect(await whole({ to: shop, value: 0n, data: '0x' })).toBeUndefined()
    expect(await whole({ to: shop, value: 1n, data: '0x' })).toBe('NoSpendPermissions')
  })

  test('moves no token without a limit on it, whatever it may call', async () => {
    const { verdict } = await world.session([{ type: 'contract-call', address: world.gold, functions: [{ signature: 'transfer(address,uint256)' }, { signature: 'approve(address,uint256)' }], valueLimit: 0n }])
    expect(await verdict(gold('transfer', 1n))).toBe('NoSpendPermissions')
    expect(await verdict(gold('approve', 1n))).toBe('NoSpendPermissions')
    expect(await verdict(gold('approve', 0n))).toBeUndefined()
  })

  test('for the address 0x3232… calls every contract: the kit has no words for that', async () => {
    const anything: Permission = { type: 'contract-call', address: '0x3232323232323232323232323232323232323232', valueLimit: 0n }
    const { verdict } = await world.session([anything])
    expect(await verdict(mint())).toBeUndefined()
    expect(await verdict({ to: shop, value: 0n, data: '0x' })).toBeUndefined()
    expect(porto.express([anything])).toEqual([{ impossible: expect.any(String) }])
  })

  test('for a function with the four bytes 0x32323232 calls every function: nor for that', async () => {
    const anything: Permission = { type: 'contract-call', address: world.sword, functions: [{ signature: 'f_dambklc()' }], valueLimit: 0n }
    const { verdict } = await world.session([anything])
    expect(await verdict({ ...mint(), data: encodeFunctionData({ abi: swordAbi, functionName: 'setApprovalForAll', args: [shop, true] }) })).toBeUndefined()
    expect(porto.express([anything])).toEqual([{ impossible: expect.any(String) }])
  })

  test('keeps one limit of each length on a token: the later takes the place of the earlier, which is why there is only one', async () => {
    const spends = { type: 'erc20-token-periodic', token: world.gold, period: day } as const
    const both = [{ ...spends, limit: 1000n }, { ...spends, limit: 10n }]
    const { verdict } = await world.session(both)
    expect(await verdict(gold('transfer', 10n))).toBeUndefined()
    expect(await verdict(gold('transfer', 11n))).toBe('ExceededSpendLimit')
    expect(porto.express(both)[1]).toEqual({ impossible: expect.any(String) })
  })
})
