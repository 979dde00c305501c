import { connect, disconnect } from 'wagmi/actions'
import { encodeFunctionData, UserRejectedRequestError, type Hex } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Connector } from 'wagmi'
import { delegationManagerAbi } from '../../src/delegation/abis.js'
import { rootOf } from '../../src/delegation/context.js'
import { framework } from '../../src/delegation/framework.js'
import { isDelegated } from '../../src/delegation/grantedPermission.js'
import {
  contractCall,
  defineSession,
  erc20Allowance,
  erc20Periodic,
  expiresIn,
  type Session,
} from '../../src/index.js'
import { endSessions, getPermissionUsage, getSessionKey, reconcileSessions, renewSession, revokePermissions, sendSessionCalls } from '../../src/actions/index.js'
import type { Provider } from '../../src/dialects/dialect.js'
import { swordAbi } from '../../demo/contracts/artifacts.js'
import { gold, startShop } from '../startShop.js'

let world: Awaited<ReturnType<typeof startShop>>
let provider: Provider
let connector: Connector
beforeAll(async () => {
  world = await startShop()
  connector = world.config.wagmi.connectors[0] as Connector
  provider = (await connector.getProvider()) as Provider
})
afterAll(() => world.stop())

const stored = async ({ id }: Pick<Session, 'id'>) => (await world.store.get(id)) as Session
const sent = () => world.chain.client.getTransactionCount({ address: world.sponsor.address })

/** The account itself calls the manager, past the wallet and the kit: as from another app, or a block explorer. */
async function fromElsewhere(functionName: 'disableDelegation' | 'enableDelegation', session: Session) {
  for (const { context } of session.granted.filter(isDelegated)) {
    const data = encodeFunctionData({ abi: [...delegationManagerAbi, enableAbi], functionName, args: [rootOf(context)] } as never)
    await world.chain.client.impersonateAccount({ address: world.player })
    await world.chain.setBalance(world.player, 10n ** 18n)
    const hash = await world.chain.client.sendTransaction({ account: world.player, to: framework.DelegationManager, data: data as Hex })
    expect((await world.chain.client.waitForTransactionReceipt({ hash })).status).toBe('success')
  }
}
const enableAbi = { ...(delegationManagerAbi.find((item) => 'name' in item && item.name === 'disableDelegation') as object), name: 'enableDelegation' }

test('logging out: every session of the account ends in one transaction, and the keys are gone', async () => {
  const sessions = [
    (await world.grant()).session,
    (await world.grant({ ...world.shopping, name: 'second' })).session,
    (await world.grant({ ...world.shopping, name: 'third' })).session,
  ]
  const before = await sent()
  const asked = world.questions.length
  const { ended, failures, alive } = await endSessions(world.config)
  expect({ failures, alive }).toEqual({ failures: [], alive: [] })
  expect(ended.map(({ status }) => status)).toEqual(['revoked', 'revoked', 'revoked'])
  expect((await sent()) - before, 'one transaction').toBe(1)
  expect(world.questions.length, 'ending what was granted asks nobody').toBe(asked)
  for (const session of sessions) {
    expect(await world.store.getKey(session.id)).toBeUndefined()
    await expect(world.send([world.mint], world.shopping)).rejects.toMatchObject({ name: 'SessionRevokedError' })
  }
})

test('in a wallet that makes no atomic calls each ends by itself, and what fails is named and left as it was', async () => {
  const kept = (await world.grant({ ...world.shopping, name: 'kept' })).session
  const ends = (await world.grant({ ...world.shopping, name: 'ends' })).session
  const { request } = provider
  provider.request = (call) => {
    if (call.method === 'wallet_getCapabilities') return Promise.resolve({})
    const context = JSON.stringify(call.params ?? '')
    if (call.method === 'wallet_revokeExecutionPermission' && kept.granted.some((one) => context.includes(one.context ?? 'none'))) {
      return Promise.reject(new UserRejectedRequestError(new Error('no')))
    }
    return request(call)
  }
  try {
    const { ended, failures, alive } = await endSessions(world.config)
    expect(ended.map(({ id }) => id)).toEqual([ends.id])
    expect(failures.map(({ session, error }) => [session.id, error.name])).toEqual([[kept.id, 'UserRejectedRequestError']])
    expect(alive.map(({ id }) => id)).toEqual([kept.id])
  } finally {
    provider.request = request
  }
  expect((await stored(kept)).status).toBe('active')
  await world.send([world.mint], { ...world.shopping, name: 'kept' })
})

test('the user declines to end them all: nothing changed, nothing is asked a second time', async () => {
  const { request } = provider
  await world.grant({ ...world.shopping, name: 'more' })
  const asked: string[] = []
  provider.request = (call) => {
    asked.push(call.method)
    return call.method === 'wallet_sendCalls' ? Promise.reject(new UserRejectedRequestError(new Error('no'))) : request(call)
  }
  const { ended, failures } = await endSessions(world.config).finally(() => (provider.request = request))
  expect(ended).toEqual([])
  expect(failures.map(({ error }) => error.name)).toEqual(['UserRejectedRequestError', 'UserRejectedRequestError'])
  expect(asked).not.toContain('wallet_revokeExecutionPermission')
  expect((await world.store.list({ statuses: ['active'] })).length).toBe(2)
})

test('a bundle that ends what was granted asks nobody; one with anything else in it is refused', async () => {
  const { session } = await world.grant({ ...world.shopping, name: 'bundle' })
  const disable = session.granted.filter(isDelegated).map(({ context }) => ({
    to: framework.DelegationManager,
    data: encodeFunctionData({ abi: delegationManagerAbi, functionName: 'disableDelegation', args: [rootOf(context)] }),
  }))
  const send = (calls: readonly object[]) =>
    provider.request({ method: 'wallet_sendCalls', params: [{ version: '2.0.0', chainId: '0x7a69', from: world.player, atomicRequired: true, calls }] })
  const foreign = { ...rootOf(session.granted.filter(isDelegated)[0]?.context ?? '0x'), delegator: world.shop }
  const asked = world.questions.length
  await expect(send([...disable, { to: framework.DelegationManager, data: encodeFunctionData({ abi: delegationManagerAbi, functionName: 'disableDelegation', args: [foreign] }) }])).rejects.toMatchObject({ code: -32602 })
  await expect(send([...disable, { to: world.player, data: '0x12345678' }])).rejects.toMatchObject({ code: -32602 })
  await expect(send([{ ...disable[0], data: `${disable[0]?.data}00` }])).rejects.toMatchObject({ code: -32602 })
  await expect(send([{ ...disable[0], value: '0x1' }])).rejects.toMatchObject({ code: -32602 })
  expect(world.questions.length).toBe(asked)
  await send(disable)
  expect(world.questions.length).toBe(asked)
  expect((await getPermissionUsage(world.config, { session: { ...world.shopping, name: 'bundle' } })).revoked).toBe(true)
})

test('lock: nothing acts until the account connects again; disconnecting alone loses nothing', async () => {
  const named = defineSession({ ...world.shopping, name: 'locked' })
  const { session } = await world.grant(named)
  const { alive } = await endSessions(world.config, { mode: 'lock' })
  expect(alive.map(({ id }) => id)).toContain(session.id)
  expect(getSessionKey(world.config, { session: named }).status).toBe('locked')
  await expect(world.send([world.mint], named)).rejects.toMatchObject({ name: 'SessionsLockedError' })

  await disconnect(world.config.wagmi)
  await expect(world.send([world.mint], named)).rejects.toMatchObject({ name: 'NotConnectedError' })
  await connect(world.config.wagmi, { connector })
  await world.send([world.mint], named)
  await disconnect(world.config.wagmi)
  await connect(world.config.wagmi, { connector })
  await world.send([world.mint], named)
})

test('forget: keys and records go, the grants live on and are named', async () => {
  const named = defineSession({ ...world.shopping, name: 'forgotten' })
  const { session } = await world.grant(named)
  const before = await sent()
  const { ended, alive } = await endSessions(world.config, { mode: 'forget' })
  expect(alive.map(({ id }) => id)).toContain(session.id)
  expect(ended.every(({ status }) => status === 'purged')).toBe(true)
  expect(await world.store.getKey(session.id)).toBeUndefined()
  expect(await stored(session)).toMatchObject({ status: 'purged', outcome: 'active', granted: [], address: session.address })
  expect(await sent()).toBe(before)
  await expect(world.send([world.mint], named)).rejects.toMatchObject({ name: 'SessionNotFoundError' })
})

test('renewal: the new terms are asked for, the change is said, and the old grant ends', async () => {
  const before = defineSession({ ...world.shopping, name: 'renewing' })
  const old = (await world.grant(before)).session
  await world.send(world.buy(), before)
  const after = defineSession({ ...before, expiry: expiresIn({ days: 5 }), permissions: [before.permissions[0], erc20Allowance({ token: world.gold, limit: gold(500) })] })
  const { session, change, replaced, failures } = await renewSession(world.config, after)
  expect(failures).toEqual([])
  expect(replaced.map(({ id, status }) => [id, status])).toEqual([[old.id, 'revoked']])
  expect(change).toEqual([
    { asked: undefined, path: 'expiry', kind: 'broader' },
    { asked: 1, path: 'limit', kind: 'narrower' },
  ])
  expect(session.replaces).toBe(old.id)
  expect(await world.store.getKey(old.id)).toBeUndefined()
  await world.send(world.buy(), after)
  const { permissions } = await getPermissionUsage(world.config, { session: after })
  expect(permissions[1]?.amount).toEqual({ limit: gold(500), left: gold(400) })
})

test('a renewal that the user declines leaves the old session as it was', async () => {
  const named = defineSession({ ...world.shopping, name: 'declined' })
  const { session } = await world.grant(named)
  world.decide({ approved: false, reason: 'reject-press' })
  await expect(renewSession(world.config, { ...named, expiry: expiresIn({ days: 4 }) })).rejects.toThrow('User rejected')
  world.decide({ approved: true })
  expect((await stored(session)).status).toBe('active')
  await world.send([world.mint], named)
})

test('a definition that changed since: what it asks for now is offered for renewal, and what was granted still works', async () => {
  const first = defineSession({ ...world.shopping, name: 'growing', permissions: [contractCall({ address: world.sword, abi: swordAbi, functions: ['mint'] })] })
  await world.grant(first)
  const grown = defineSession({ ...first, permissions: [...first.permissions, erc20Allowance({ token: world.gold, limit: gold(10) })] })
  await world.send([world.mint], grown)
  await expect(world.send([world.pay(gold(5))], grown)).rejects.toMatchObject({ name: 'SessionOutdatedError', cause: { name: 'ContractNotAllowedError' } })
  await expect(world.send([world.pay(gold(50))], grown)).rejects.toMatchObject({ name: 'ContractNotAllowedError' })
  await renewSession(world.config, grown)
  await world.send([world.pay(gold(5))], grown)
})

test('used up: said so, still told why, and usable again when its period begins', async () => {
  const daily = defineSession({ name: 'daily', expiry: expiresIn({ days: 3 }), permissions: [erc20Periodic({ token: world.gold, limit: gold(10), period: { days: 1 } })] })
  const { session } = await world.grant(daily)
  await sendSessionCalls(world.config, { session: daily, calls: [world.pay(gold(10))] })
  await getPermissionUsage(world.config, { session: daily })
  expect((await stored(session)).status).toBe('exhausted')
  await expect(world.send([world.pay(1n)], daily)).rejects.toMatchObject({ name: 'SpendLimitExceededError' })
  await world.chain.client.increaseTime({ seconds: 86_400 })
  await world.chain.client.mine({ blocks: 1 })
  await world.send([world.pay(gold(3))], daily)
  await getPermissionUsage(world.config, { session: daily })
  expect((await stored(session)).status).toBe('active')
})

test('ended elsewhere: seen on-chain, its key kept, and alive again when the account enables it again', async () => {
  const named = defineSession({ ...world.shopping, name: 'elsewhere' })
  const { session } = await world.grant(named)
  await fromElsewhere('disableDelegation', session)
  await expect(world.send([world.mint], named)).rejects.toMatchObject({ name: 'SessionRevokedError' })
  await reconcileSessions(world.config)
  await expect.poll(async () => (await stored(session)).status).toBe('revoked')
  expect((await stored(session)).revocation).toMatchObject({ elsewhere: true })
  expect(await world.store.getKey(session.id)).toBeDefined()

  await fromElsewhere('enableDelegation', session)
  await reconcileSessions(world.config)
  expect((await stored(session)).status).toBe('active')
  await world.send([world.mint], named)
  await revokePermissions(world.config, { id: session.id })
  expect(await world.store.getKey(session.id)).toBeUndefined()
})

test('a revocation that was sent when the page died is finished by the next one', async () => {
  const { session } = await world.grant({ ...world.shopping, name: 'dying' })
  const revoking = await world.config.sessions.transition(session, 'revoking')
  for (const { context } of session.granted) await provider.request({ method: 'wallet_revokeExecutionPermission', params: [{ permissionContext: context }] })
  await reconcileSessions(world.config)
  expect((await stored(revoking)).status).toBe('revoked')
  expect(await world.store.getKey(session.id)).toBeUndefined()
})
