import { afterAll, beforeAll, expect, test } from 'vitest'
import { getPermissionUsage } from '../../src/actions/getPermissionUsage.js'
import { contractCall } from '../../src/permissions/contractCall.js'
import { swordAbi } from '../../demo/contracts/artifacts.js'
import { rootOf } from '../../src/delegation/context.js'
import { hashDelegation } from '../../src/delegation/delegation.js'
import type { DelegatedPermission } from '../../src/delegation/grantedPermission.js'
import { countedApp, refusedByNode } from '../execution/countedApp.js'
import { startShop } from '../startShop.js'

let world: Awaited<ReturnType<typeof startShop>>
beforeAll(async () => {
  world = await startShop()
})
afterAll(() => world.stop())

const names = ['one', 'two', 'three', 'four', 'five']
const limits = names.map((_, index) => 10 + index)

test('what is left of five sessions on one screen is one question to the chain, and each gets its own answer', async () => {
  const sessions: Awaited<ReturnType<typeof world.grant>>[] = []
  for (const [index, name] of names.entries()) {
    const permissions = [contractCall({ address: world.sword, abi: swordAbi, functions: ['mint'], callLimit: limits[index]! })]
    sessions.push(await world.grant({ ...world.shopping, name, permissions }))
  }
  const app = countedApp(world, () => world.config.lane)
  const readAll = () => Promise.all(sessions.map(({ session }) => getPermissionUsage(app.config, { session: session.id })))
  expect(await app.during(readAll)).toEqual(['eth_getBlockByNumber', 'eth_call'])
  expect((await readAll()).map(({ permissions }) => permissions.map(({ calls }) => calls))).toEqual(limits.map((limit) => [{ limit, left: limit }]))
})

test('one that cannot be read is in nobody else’s way', async () => {
  const [bad, good] = [await world.grant({ ...world.shopping, name: 'bad' }), await world.grant({ ...world.shopping, name: 'good' })]
  const [{ context }] = bad.session.granted as [DelegatedPermission]
  const hash = hashDelegation(rootOf(context)).slice(2)
  const app = countedApp(world, () => world.config.lane, {
    eth_call: (forward, params: readonly [{ data: string }]) => (params[0].data.includes(hash) ? refusedByNode('execution reverted', 3) : forward()),
  })
  const [read, other] = await Promise.allSettled(['bad', 'good'].map((session) => getPermissionUsage(app.config, { session })))
  expect(read?.status).toBe('rejected')
  expect(other).toMatchObject({ status: 'fulfilled', value: { permissions: good.session.granted.map(() => expect.anything()) } })
})
