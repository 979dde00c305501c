import { UserRejectedRequestError } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { NothingToRevokeError } from '../../src/actions/errors.js'
import { revokePermissions } from '../../src/actions/revokePermissions.js'
import { sendSessionCalls } from '../../src/actions/sendSessionCalls.js'
import type { Provider } from '../../src/dialects/dialect.js'
import { SessionNotFoundError } from '../../src/sessions/errors.js'
import type { Session } from '../../src/sessions/session.js'
import { gold, startShop } from '../startShop.js'

let world: Awaited<ReturnType<typeof startShop>>
let provider: Provider
beforeAll(async () => {
  world = await startShop()
  provider = (await world.config.wagmi.connectors[0]?.getProvider()) as Provider
})
afterAll(() => world.stop())

/** The wallet, with another answer to one method; restored when the callback is done. */
async function answering<result>(method: string, answer: (genuine: () => Promise<unknown>) => Promise<unknown>, during: () => Promise<result>) {
  const { request } = provider
  provider.request = (call) => (call.method === method ? answer(() => request(call)) : request(call))
  return during().finally(() => (provider.request = request))
}

const decline = () => Promise.reject(new UserRejectedRequestError(new Error('no')))
const status = async ({ id }: Session) => (await world.store.get(id))?.status

test('a revocation that the user declines leaves the session as it was', async () => {
  const { session } = await world.grant()
  await answering('wallet_revokeExecutionPermission', decline, async () => {
    await expect(revokePermissions(world.config, { id: session.id })).rejects.toThrow('User rejected')
  })
  expect(await status(session)).toBe('active')
  await world.send([world.mint])
})

test('a quarantined session does not become usable by a declined revocation', async () => {
  const widened = async (genuine: () => Promise<unknown>) => {
    const rows = (await genuine()) as { permission: { data: Record<string, unknown> } }[]
    return rows.map((row, index) => (index === 1 ? { ...row, permission: { ...row.permission, data: { ...row.permission.data, allowanceAmount: '0xffffffffffffffffffffffff' } } } : row))
  }
  await answering('wallet_requestExecutionPermissions', widened, () =>
    expect(world.grant({ ...world.shopping, name: 'wide' })).rejects.toMatchObject({ name: 'GrantMismatchError' }),
  )
  const wide = (await world.store.list()).find(({ name }) => name === 'wide') as Session
  await answering('wallet_revokeExecutionPermission', decline, async () => {
    await expect(revokePermissions(world.config, { id: wide.id })).rejects.toThrow('User rejected')
  })
  expect(await status(wide)).toBe('quarantined')
  await expect(sendSessionCalls(world.config, { session: 'wide', calls: [world.pay(gold(1))] })).rejects.toThrow(SessionNotFoundError)
  await revokePermissions(world.config, { id: wide.id })
  expect(await status(wide)).toBe('revoked')
})

test('where the wallet never said what it granted, the key is kept', async () => {
  const silence = () => Promise.reject(new Error('the connection broke'))
  await answering('wallet_requestExecutionPermissions', silence, () =>
    expect(world.grant({ ...world.shopping, name: 'lost' })).rejects.toMatchObject({ name: 'GrantFailedError' }),
  )
  const lost = (await world.store.list()).find(({ name }) => name === 'lost') as Session
  await expect(revokePermissions(world.config, { id: lost.id })).rejects.toThrow(NothingToRevokeError)
  expect(await status(lost)).toBe('unknown')
  expect(await world.store.getKey(lost.id)).toBeDefined()
})

test('a wallet that says yes and does nothing is not believed', async () => {
  const { session } = await world.grant({ ...world.shopping, name: 'idle' })
  await answering('wallet_revokeExecutionPermission', async () => ({}), () =>
    expect(revokePermissions(world.config, { id: session.id, timeoutMs: 100 })).rejects.toMatchObject({ name: 'RevocationNotConfirmedError' }),
  )
  expect(await status(session)).toBe('revoking')
  expect(await world.store.getKey(session.id)).toBeDefined()
  await revokePermissions(world.config, { id: session.id })
  expect(await status(session)).toBe('revoked')
  expect(await world.store.getKey(session.id)).toBeUndefined()
})

test('after a renewal, ending the session ends every grant of that name', async () => {
  const renewed = { ...world.shopping, name: 'renewed' }
  const first = (await world.grant(renewed)).session
  const second = (await world.grant(renewed)).session
  const { session, ended } = await revokePermissions(world.config, { session: renewed })
  expect(session.id).toBe(second.id)
  expect(ended.map(({ id }) => id)).toEqual([second.id, first.id])
  await expect(world.send([world.mint], renewed)).rejects.toMatchObject({ name: 'SessionRevokedError' })
})

test('a wallet that turns the request away leaves the session as it was', async () => {
  const turned = (await world.grant({ ...world.shopping, name: 'turned' })).session
  const unauthorized = () => Promise.reject(Object.assign(new Error('another account'), { code: 4100 }))
  await answering('wallet_revokeExecutionPermission', unauthorized, () =>
    expect(revokePermissions(world.config, { id: turned.id })).rejects.toThrow('another account'),
  )
  expect(await status(turned)).toBe('active')
  const plain = () => Promise.reject(Object.assign({ code: 4001, message: 'no' }))
  await answering('wallet_revokeExecutionPermission', plain, () =>
    expect(revokePermissions(world.config, { id: turned.id })).rejects.toThrow(UserRejectedRequestError),
  )
})

test('a context that cannot be read is not taken for revoked', async () => {
  const garbled = async (genuine: () => Promise<unknown>) => ((await genuine()) as object[]).map((row) => ({ ...row, context: '0x1234' }))
  await answering('wallet_requestExecutionPermissions', garbled, () =>
    expect(world.grant({ ...world.shopping, name: 'garbled' })).rejects.toMatchObject({ name: 'GrantMismatchError' }),
  )
  const session = (await world.store.list()).find(({ name }) => name === 'garbled') as Session
  await expect(revokePermissions(world.config, { id: session.id })).rejects.toThrow(NothingToRevokeError)
  expect(await status(session)).toBe('quarantined')
})

test('a session of which the user ends only a part does not pass for whole; ending it again ends the rest', async () => {
  const half = { ...world.shopping, name: 'half' }
  const { session } = await world.grant(half)
  let asked = 0
  const firstOnly = (genuine: () => Promise<unknown>) => (++asked === 1 ? genuine() : decline())
  await answering('wallet_revokeExecutionPermission', firstOnly, () =>
    expect(revokePermissions(world.config, { session: half })).rejects.toThrow(UserRejectedRequestError),
  )
  expect(await status(session)).toBe('revoking')
  await expect(world.send([world.mint], half)).rejects.toMatchObject({ name: 'SessionRevokedError' })
  await revokePermissions(world.config, { session: half })
  expect(await status(session)).toBe('revoked')
})
