import { http, parseEther } from 'viem'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { grantServerSession } from '../../src/actions/grantServerSession.js'
import { createEnrolment } from '../../src/server/index.js'
import { serveFetch } from '../../src/testing/chain/serveFetch.js'
import { startCharging } from '../docs/example/servers/automation.js'
import { custody } from '../server/startServer.js'
import { gold, startShop } from '../startShop.js'

let world: Awaited<ReturnType<typeof startShop>>
beforeAll(async () => void (world = await startShop()))
afterAll(() => world.stop())
afterEach(() => vi.unstubAllEnvs())

test('what the docs show charges whoever enrols, once in thirty days', async () => {
  vi.stubEnv('DATABASE_URL', 'memory:')
  const { chain, shop } = world
  const { server, session, automation, database } = await startCharging({ gold: world.gold, shop, custody, chains: [{ chain: chain.chain, transport: http(chain.rpcUrl), pollingInterval: 20 }] })
  const enrolment = createEnrolment({ ...server, definitions: [session], authenticate: () => ({ id: 'alice' }) })
  const served = await serveFetch(enrolment.handler)
  const { enrolled } = await grantServerSession(world.config, { endpoint: { url: served.url }, session })
  await chain.setBalance(enrolled.address, parseEther('1'))
  const charged = async () => {
    await automation.idle()
    return world.balance(world.gold, shop)
  }
  expect(await charged()).toBe(gold(20))
  await chain.increaseTime(29 * 86_400)
  expect(await charged()).toBe(gold(20))
  await chain.increaseTime(86_400)
  expect(await charged()).toBe(gold(40))
  await automation.stop()
  await served.close()
  await database.close()
}, 120_000)
