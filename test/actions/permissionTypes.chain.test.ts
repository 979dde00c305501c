import { parseAbi, parseEther, type Hex } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { getPermissionUsage } from '../../src/actions/getPermissionUsage.js'
import { defineSession } from '../../src/permissions/defineSession.js'
import { expiresIn } from '../../src/permissions/expiry.js'
import type { Permission } from '../../src/permissions/permission.js'
import { contractCall } from '../../src/permissions/contractCall.js'
import {
  erc20Allowance,
  erc20Periodic,
  erc20Stream,
  erc721Transfer,
  nativeAllowance,
  nativePeriodic,
  nativeStream,
} from '../../src/permissions/tokenPermissions.js'
import { swordAbi } from '../../demo/contracts/artifacts.js'
import { gold, newAccount, startShop } from '../startShop.js'

// What each permission allows and refuses, by our own check and by the contracts alike, over the lane a shop would use.
const day = 86_400
const friend = newAccount().address
const stranger = newAccount().address
let world: Awaited<ReturnType<typeof startShop>>

beforeAll(async () => {
  world = await startShop()
  await world.chain.setBalance(world.player, parseEther('100'))
})
afterAll(() => world.stop())

async function open(...permissions: Permission[]) {
  const definition = defineSession({ name: crypto.randomUUID(), expiry: expiresIn({ days: 30 }), permissions })
  await world.grant(definition)
  return {
    send: (...calls: readonly unknown[]) => world.send(calls, definition),
    force: (...calls: readonly unknown[]) => world.force(calls, definition),
    left: async () => (await getPermissionUsage(world.config, { session: definition })).permissions[0]?.amount?.left,
    /** Refused by us with this error, and by the contracts when sent all the same. */
    async refuses(call: unknown, name: string, enforcer: string) {
      await expect(world.send([call], definition)).rejects.toMatchObject({ name, by: 'check' })
      await expect(world.force([call], definition)).rejects.toMatchObject({ name, by: 'chain', revert: { contract: enforcer } })
    },
  }
}

const native = (value: bigint, to: Hex = friend, data: Hex = '0x') => ({ to, value, data })

describe('ERC-20', () => {
  test('in all, to one payee', async () => {
    const { send, refuses, left } = await open(erc20Allowance({ token: world.gold, limit: gold(10), payee: friend }))
    await send(world.pay(gold(6), friend), world.pay(gold(3), friend))
    expect(await left()).toBe(gold(1))
    await refuses(world.pay(gold(2), friend), 'SpendLimitExceededError', 'ERC20TransferAmountEnforcer')
    await expect(send(world.pay(gold(1), stranger))).rejects.toMatchObject({ name: 'PayeeNotAllowedError' })
    await refuses({ ...world.pay(1n, friend), functionName: 'approve' }, 'FunctionNotAllowedError', 'ERC20TransferAmountEnforcer')
  })

  test('per day, and again the next day', async () => {
    const { send, refuses, left } = await open(erc20Periodic({ token: world.gold, limit: gold(5), period: { days: 1 } }))
    await send(world.pay(gold(5)))
    expect(await left()).toBe(0n)
    await refuses(world.pay(1n), 'SpendLimitExceededError', 'ERC20PeriodTransferEnforcer')
    await world.chain.increaseTime(day)
    expect(await left()).toBe(gold(5))
    await send(world.pay(gold(5)))
  })

  test('out of a stream', async () => {
    const { send, refuses, left } = await open(erc20Stream({ token: world.gold, initial: gold(1), perSecond: gold(1) / 100n, max: gold(20) }))
    await send(world.pay(gold(1)))
    await refuses(world.pay(gold(5)), 'SpendLimitExceededError', 'ERC20StreamingEnforcer')
    await world.chain.increaseTime(600)
    expect(await left()).toBeGreaterThanOrEqual(gold(6))
    await send(world.pay(gold(5)))
    await world.chain.increaseTime(day)
    expect(await left()).toBe(gold(14))
  })
})

describe('the native token', () => {
  test('in all, to one payee, and never with calldata', async () => {
    const { send, force, refuses, left } = await open(nativeAllowance({ limit: parseEther('1'), payee: friend }))
    await send(native(parseEther('0.4')))
    expect(await world.chain.client.getBalance({ address: friend })).toBe(parseEther('0.4'))
    expect(await left()).toBe(parseEther('0.6'))
    await refuses(native(parseEther('0.7')), 'SpendLimitExceededError', 'NativeTokenTransferAmountEnforcer')
    const call = native(0n, friend, '0xa9059cbb')
    await expect(send(call)).rejects.toMatchObject({ name: 'ContractNotAllowedError', by: 'check' })
    await expect(force(call)).rejects.toMatchObject({ by: 'chain', revert: { contract: 'ExactCalldataEnforcer' } })
    await expect(send(native(1n, stranger))).rejects.toMatchObject({ name: 'PayeeNotAllowedError' })
  })

  test('per day', async () => {
    const { send, refuses } = await open(nativePeriodic({ limit: parseEther('1'), period: { days: 1 } }))
    await send(native(parseEther('1')))
    await refuses(native(1n), 'SpendLimitExceededError', 'NativeTokenPeriodTransferEnforcer')
    await world.chain.increaseTime(day)
    await send(native(parseEther('1')))
  })

  test('out of a stream', async () => {
    const { send, refuses } = await open(nativeStream({ perSecond: parseEther('0.001'), max: parseEther('5') }))
    await world.chain.increaseTime(1000)
    await send(native(parseEther('1')))
    await refuses(native(parseEther('1')), 'SpendLimitExceededError', 'NativeTokenStreamingEnforcer')
  })

  test('with a call, up to a value per call', async () => {
    const abi = parseAbi(['function deposit() payable'])
    const { refuses } = await open(contractCall({ address: world.sword, abi, functions: ['deposit'], valueLimit: 10n }))
    await refuses({ to: world.sword, abi, functionName: 'deposit', value: 11n }, 'ValueLimitExceededError', 'ValueLteEnforcer')
  })
})

test('one ERC-721 token, by id', async () => {
  const { sword, player, chain } = world
  const minting = await open(contractCall({ address: sword, abi: swordAbi, functions: ['mint'] }))
  await minting.send(world.mint, world.mint)
  const give = (id: bigint) => ({ to: sword, abi: swordAbi, functionName: 'transferFrom', args: [player, friend, id] })
  const { send, refuses } = await open(erc721Transfer({ token: sword, tokenId: 1n }))
  await refuses(give(2n), 'ArgumentNotAllowedError', 'ERC721TransferEnforcer')
  await send(give(1n))
  expect(await chain.client.readContract({ address: sword, abi: swordAbi, functionName: 'ownerOf', args: [1n] })).toBe(friend)
})

test('nothing before its start', async () => {
  const { timestamp } = await world.chain.client.getBlock()
  const startTime = Number(timestamp) + 1000
  const { send, refuses } = await open(contractCall({ address: world.sword, abi: swordAbi, functions: ['mint'], startTime }))
  await refuses(world.mint, 'SessionNotStartedError', 'TimestampEnforcer')
  await world.chain.increaseTime(1000)
  await send(world.mint)
})
