import { hexToBigInt, numberToHex, parseEther, type Hex } from 'viem'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { grantPermissions } from '../../src/actions/grantPermissions.js'
import { sendSessionCalls } from '../../src/actions/sendSessionCalls.js'
import { expiresIn } from '../../src/permissions/expiry.js'
import { erc20Allowance, erc20Periodic } from '../../src/permissions/tokenPermissions.js'
import { gold, newAccount, startShop } from '../startShop.js'
import { outcomeOf } from './connectedApp.js'
import { startMetaMask } from './startMetaMask.js'

let world: Awaited<ReturnType<typeof startShop>>
beforeAll(async () => {
  world = await startShop()
  // A first grant makes the player's account a smart account, as MetaMask does before it grants.
  await world.grant()
  await world.chain.setBalance(world.player, parseEther('1'))
})
afterAll(() => world.stop())
afterEach(() => vi.restoreAllMocks())

const now = async () => Number((await world.chain.client.getBlock()).timestamp)
const twice = (amount: unknown) => numberToHex(2n * hexToBigInt(amount as Hex))
const earlier = (data: Record<string, unknown>, seconds: number) => ({ ...data, startTime: (data['startTime'] as number) - seconds })

const hour = 3_600

test('a clamped session does nothing before the start that was asked for, by the chain’s time, whatever the device’s clock says', async () => {
  const payee = newAccount().address
  const { config } = await startMetaMask(world, (data) => ({ ...earlier(data, 2 * hour), allowanceAmount: twice(data['allowanceAmount']) }))
  const startTime = (await now()) + 2 * hour
  const permissions = [erc20Allowance({ token: world.gold, limit: gold(100), startTime })]
  const { session } = await grantPermissions(config, { name: 'later', permissions, expiry: expiresIn({ days: 1 }), onBroader: 'clamp' })
  expect(session.granted[0]).toMatchObject({ within: { startTime, limit: gold(100) }, permission: { limit: gold(200), startTime: startTime - 2 * hour } })
  const pay = () => outcomeOf(sendSessionCalls(config, { calls: [world.pay(gold(90), payee)] }))
  expect(await pay()).toBe('SessionNotStartedError')
  const real = Date.now()
  vi.spyOn(Date, 'now').mockReturnValue(real + 3 * hour * 1_000)
  expect([await pay(), await pay()]).toEqual(['SessionNotStartedError', 'SessionNotStartedError'])
  expect(await world.balance(world.gold, payee)).toBe(0n)
})

/** One period of an hour, from in two hours to the session's end. */
const hourly = async () => {
  const permissions = [erc20Periodic({ token: world.gold, limit: gold(100), period: { hours: 1 }, startTime: (await now()) + 2 * hour })]
  return { name: 'hourly', permissions, expiry: expiresIn({ hours: 3 }), onBroader: 'clamp' } as const
}

test('a period that began earlier by half of one is not clamped: its next period would fall into the session too', async () => {
  const { config } = await startMetaMask(world, (data) => earlier(data, hour / 2))
  await expect(grantPermissions(config, await hourly())).rejects.toMatchObject({ name: 'GrantMismatchError', message: expect.stringContaining('periods would begin at other moments') })
  expect(await config.sessions.find()).toMatchObject([{ status: 'quarantined' }])
})

test('one that began earlier by whole periods is, and gives what was asked', async () => {
  const payee = newAccount().address
  const { config } = await startMetaMask(world, (data) => ({ ...earlier(data, 2 * hour), periodAmount: twice(data['periodAmount']) }))
  const { session } = await grantPermissions(config, await hourly())
  expect(session).toMatchObject({ status: 'active', granted: [{ within: { limit: gold(100) } }] })
  const pay = (amount: number) => outcomeOf(sendSessionCalls(config, { session: 'hourly', calls: [world.pay(gold(amount), payee)] }))
  const goTo = async (timestamp: number) => {
    await world.chain.client.setNextBlockTimestamp({ timestamp: BigInt(timestamp) })
    await world.chain.client.mine({ blocks: 1 })
  }
  expect(await pay(1)).toBe('SessionNotStartedError')
  await goTo(session.granted[0]?.within?.startTime as number)
  expect([await pay(60), await pay(41), await pay(40)]).toEqual(['done', 'SpendLimitExceededError', 'done'])
  await goTo(session.expiry - 60)
  expect(await pay(1)).toBe('SpendLimitExceededError')
  expect(await world.balance(world.gold, payee)).toBe(gold(100))
})
