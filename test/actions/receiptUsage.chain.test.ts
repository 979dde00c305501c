import { parseEther } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Connector } from 'wagmi'
import { connect } from 'wagmi/actions'
import { sendSessionCalls } from '../../src/actions/sendSessionCalls.js'
import { readSessionUsage } from '../../src/actions/getPermissionUsage.js'
import { contractCall } from '../../src/permissions/contractCall.js'
import { defineSession } from '../../src/permissions/defineSession.js'
import { expiresIn } from '../../src/permissions/expiry.js'
import type { Permission } from '../../src/permissions/permission.js'
import { erc20Allowance, erc20Periodic, erc20Stream, nativeAllowance, nativePeriodic, nativeStream } from '../../src/permissions/tokenPermissions.js'
import { swordAbi } from '../../demo/contracts/artifacts.js'
import { gold, newAccount, startShop } from '../startShop.js'

// What a receipt says is left, against what the enforcers answer when asked about the same block.
const friend = newAccount().address
let world: Awaited<ReturnType<typeof startShop>>
beforeAll(async () => {
  world = await startShop()
  await world.chain.setBalance(world.player, parseEther('100'))
})
afterAll(() => world.stop())

async function open(...permissions: Permission[]) {
  const definition = defineSession({ name: crypto.randomUUID(), expiry: expiresIn({ days: 30 }), permissions })
  const { session } = await world.grant(definition)
  const { usage } = world.config
  return {
    session,
    send: (...calls: readonly unknown[]) => world.send(calls, definition),
    byReceipt: () => usage.byReceipt(session.id),
    byReading: () => readSessionUsage(world.config, session),
  }
}

const mint = () => contractCall({ address: world.sword, abi: swordAbi, functions: ['mint'], callLimit: 5 })
const period = { days: 1 }
const native = (value: bigint) => ({ to: friend, value })
const cases: readonly [string, () => Permission, () => unknown][] = [
  ['calls', mint, () => world.mint],
  ['tokens in all', () => erc20Allowance({ token: world.gold, limit: gold(10) }), () => world.pay(gold(2))],
  ['tokens of a period', () => erc20Periodic({ token: world.gold, limit: gold(10), period }), () => world.pay(gold(2))],
  ['tokens of a stream', () => erc20Stream({ token: world.gold, initial: gold(8), perSecond: 7n, max: gold(10) }), () => world.pay(gold(2))],
  ['native in all', () => nativeAllowance({ limit: parseEther('1') }), () => native(5n)],
  ['native of a period', () => nativePeriodic({ limit: parseEther('1'), period }), () => native(5n)],
  ['native of a stream', () => nativeStream({ initial: 50n, perSecond: 7n, max: parseEther('1') }), () => native(5n)],
]

test.each(cases)('%s', async (_, permission, call) => {
  const { send, byReceipt, byReading } = await open(permission())
  await send(call())
  await send(call(), call())
  const said = byReceipt()
  expect(said).toBeDefined()
  expect(said).toEqual(await byReading())
})

test('the second time within a period, and the first of the next', async () => {
  const { send, byReceipt, byReading } = await open(erc20Periodic({ token: world.gold, limit: gold(5), period }))
  await send(world.pay(gold(3)))
  await send(world.pay(gold(1)))
  expect(byReceipt()?.permissions[0]?.amount).toEqual({ limit: gold(5), left: gold(1) })
  await world.chain.increaseTime(86_400)
  await byReading()
  await send(world.pay(gold(2)))
  expect(byReceipt()?.permissions[0]?.amount).toEqual({ limit: gold(5), left: gold(3) })
  expect(byReceipt()).toEqual(await byReading())
})

test('several permissions, of which a receipt tells of one', async () => {
  const { send, byReceipt, byReading } = await open(mint(), erc20Allowance({ token: world.gold, limit: gold(10) }))
  await send(world.mint)
  await send(world.pay(gold(3)))
  expect(byReceipt()).toEqual(await byReading())
})

test('what goes by the clock while something else is done', async () => {
  const { send, byReceipt, byReading } = await open(
    mint(),
    erc20Periodic({ token: world.gold, limit: gold(5), period: { minutes: 1 } }),
    nativeStream({ initial: 50n, perSecond: 7n, max: parseEther('1') }),
  )
  await send(world.pay(gold(1)), native(20n))
  await send(world.mint)
  expect(byReceipt()).toEqual(await byReading())
  // Into the next second, and the next period.
  await world.chain.increaseTime(10)
  await send(world.mint)
  expect(byReceipt()).toEqual(await byReading())
  await world.chain.increaseTime(70)
  await send(world.mint)
  expect(byReceipt()?.permissions[1]?.amount?.left).toBe(gold(5))
  expect(byReceipt()).toEqual(await byReading())
})

test('a session that has used all of it is written down as used up, without a read', async () => {
  const { session, send } = await open(erc20Allowance({ token: world.gold, limit: gold(4) }))
  await send(world.pay(gold(4)))
  await expect.poll(async () => (await world.config.sessions.get(session.id))?.status).toBe('exhausted')
})

test('what another page did in between is in it', async () => {
  const { session, send, byReceipt } = await open(erc20Allowance({ token: world.gold, limit: gold(10) }))
  await send(world.pay(gold(1)))
  const other = world.openApp()
  await connect(other.wagmi, { connector: other.wagmi.connectors[0] as Connector })
  await sendSessionCalls(other, { session: session.id, calls: [world.pay(gold(2))] })
  expect(byReceipt()?.permissions[0]?.amount?.left).toBe(gold(9))
  await send(world.pay(gold(3)))
  expect(byReceipt()?.permissions[0]?.amount?.left).toBe(gold(4))
})
