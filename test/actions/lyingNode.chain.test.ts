import { encodeFunctionData } from 'viem'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { getPermissionUsage, getSessionKey, grantPermissions, reconcileSessions } from '../../src/actions/index.js'
import { delegationManagerAbi } from '../../src/delegation/abis.js'
import { rootOf } from '../../src/delegation/context.js'
import { framework } from '../../src/delegation/framework.js'
import { isDelegated } from '../../src/delegation/grantedPermission.js'
import type { Session } from '../../src/index.js'
import { startShop } from '../startShop.js'

let world: Awaited<ReturnType<typeof startShop>>
beforeAll(async () => {
  world = await startShop()
})
afterAll(() => world.stop())
afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

type Rpc = { id: number; method: string; params?: readonly unknown[] }

/** The app's node, with other answers to some methods. */
function nodeSays(lie: (call: Rpc, genuine: () => Promise<unknown>) => Promise<unknown>) {
  const { fetch } = globalThis
  vi.stubGlobal('fetch', async (url: string | URL | Request, init?: RequestInit) => {
    if (!String(url instanceof Request ? url.url : url).startsWith(world.chain.rpcUrl)) return fetch(url, init)
    const call = JSON.parse(String(init?.body)) as Rpc
    const genuine = async () => ((await (await fetch(url, init)).json()) as { result: unknown }).result
    return Response.json({ jsonrpc: '2.0', id: call.id, result: await lie(call, genuine) })
  })
}

const stored = async ({ id }: Pick<Session, 'id'>) => (await world.store.get(id)) as Session
const named = (name: string) => ({ ...world.shopping, name })

test('a node that says it is a week later: shown as expired, refused in words, and the key stays', async () => {
  const session = named('time')
  const { session: granted } = await world.grant(session)
  const week = 7 * 86_400
  nodeSays(async ({ method }, genuine) => {
    const result = await genuine()
    if (method !== 'eth_getBlockByNumber') return result
    const block = result as { timestamp: string }
    return { ...block, timestamp: `0x${(Number(block.timestamp) + week).toString(16)}` }
  })
  await expect(world.send([world.mint], session)).rejects.toMatchObject({ name: 'SessionExpiredError', shortMessage: expect.stringMatching(/expired|ended/) })
  expect(getSessionKey(world.config, { session }).status).toBe('expired')
  await reconcileSessions(world.config)
  expect((await stored(granted)).status).toBe('active')
  expect(await world.store.getKey(granted.id)).toBeDefined()

  vi.unstubAllGlobals()
  await getPermissionUsage(world.config, { session: granted.id })
  expect(getSessionKey(world.config, { session }).status).toBe('active')
  await world.send([world.mint], session)
})

test.each([-1, 1])('this device’s clock is %i day off: the chain’s time decides, and a session lasts what was agreed', async (days) => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + days * 86_400_000 })
  const session = named(`clock ${days}`)
  const chainTime = Number((await world.chain.client.getBlock()).timestamp)
  const { session: granted } = await world.grant(session)
  expect(granted.expiry - chainTime).toBeGreaterThanOrEqual(3 * 86_400)
  expect(granted.expiry - chainTime).toBeLessThan(3 * 86_400 + 60)
  await world.send([world.mint], session)
  await reconcileSessions(world.config)
  expect(getSessionKey(world.config, { session }).status).toBe('active')
})

test('a node that says everything was revoked: refused, shown as ended, and never the end of the key', async () => {
  const session = named('revoked')
  const { session: granted } = await world.grant(session)
  // To the kit a lie is a chain on which it is true for a moment.
  const snapshot = await world.chain.client.snapshot()
  await world.chain.client.impersonateAccount({ address: world.player })
  await world.chain.setBalance(world.player, 10n ** 18n)
  for (const { context } of granted.granted.filter(isDelegated)) {
    const data = encodeFunctionData({ abi: delegationManagerAbi, functionName: 'disableDelegation', args: [rootOf(context)] })
    await world.chain.client.waitForTransactionReceipt({ hash: await world.chain.client.sendTransaction({ account: world.player, to: framework.DelegationManager, data }) })
  }
  await expect(world.send([world.mint], session)).rejects.toMatchObject({ name: 'SessionRevokedError' })
  await world.chain.client.revert({ id: snapshot })

  await expect.poll(async () => (await stored(granted)).status).toBe('revoked')
  expect(await world.store.getKey(granted.id), 'the key is kept').toBeDefined()
  await reconcileSessions(world.config)
  expect((await stored(granted)).status).toBe('active')
  await world.send([world.mint], session)
})

test('a node that is dead: nobody is asked, nothing is lost, and it works again when it is back', async () => {
  const session = named('dead')
  const { session: granted } = await world.grant(session)
  const asked = world.questions.length
  const rows = (await world.store.list()).length
  nodeSays(() => Promise.reject(new TypeError('fetch failed')))
  await expect(world.send([world.mint], session)).rejects.toThrow(/HTTP request failed|fetch failed/)
  await expect(grantPermissions(world.config, named('never'))).rejects.toThrow(/HTTP request failed|fetch failed/)
  await reconcileSessions(world.config)
  expect(world.questions.length).toBe(asked)
  expect((await world.store.list()).length).toBe(rows)
  vi.unstubAllGlobals()
  expect((await stored(granted)).status).toBe('active')
  await world.send([world.mint], session)
})
