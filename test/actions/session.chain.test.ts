import { UserRejectedRequestError } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { getPermissionUsage } from '../../src/actions/getPermissionUsage.js'
import { getSessionKey } from '../../src/actions/getSessionKey.js'
import { revokePermissions } from '../../src/actions/revokePermissions.js'
import {
  CallLimitExceededError,
  CallRefusedError,
  ContractNotAllowedError,
  FunctionNotAllowedError,
  SessionExpiredError,
  SpendLimitExceededError,
} from '../../src/execution/errors.js'
import type { DelegatedPermission } from '../../src/delegation/grantedPermission.js'
import { decodeRevertReason, findRevertData } from '../../src/delegation/revertReason.js'
import { redemptionsFor } from '../../src/execution/redemptions.js'
import { encodeSessionCalls } from '../../src/actions/sessionCalls.js'
import { gold, startShop } from '../startShop.js'

describe.each(['relay', 'direct'] as const)('a session over the %s lane', (lane) => {
  let world: Awaited<ReturnType<typeof startShop>>
  beforeAll(async () => {
    world = await startShop({ lane })
  })
  afterAll(() => world.stop())

  test('one consent, then mints and atomic purchases without another', async () => {
    const { grant, send, mint, buy, swords, balance, shop, chain, questions } = world
    const { session, diff, losses } = await grant()
    expect({ diff, losses, status: session.status }).toEqual({ diff: [], losses: [], status: 'active' })
    if (lane === 'direct') await chain.setBalance(session.address, 10n ** 18n)

    await send([mint])
    await send(buy())

    expect(await swords()).toBe(2n)
    expect(await balance(world.gold, shop)).toBe(gold(100))
    expect(questions).toHaveLength(1)
    if (lane === 'relay') expect(await chain.client.getBalance({ address: session.address })).toBe(0n)
  })

  test('five clicks at once are five swords', async () => {
    const before = await world.swords()
    await Promise.all(Array.from({ length: 5 }, () => world.send([world.mint])))
    expect(await world.swords()).toBe(before + 5n)
  })

  test('what is left is read from the chain', async () => {
    const usage = await getPermissionUsage(world.config, { session: world.shopping })
    expect(usage.permissions.map(({ calls, amount }) => ({ calls, amount }))).toEqual([
      { calls: { limit: 50, left: 43 }, amount: undefined },
      { calls: undefined, amount: { limit: gold(1000), left: gold(900) } },
    ])
  })

  test('the eleventh purchase is refused before anything is sent, and by the chain if sent anyway', async () => {
    const { send, force, buy, balance, shop, chain } = world
    for (let bought = 1; bought < 10; bought += 1) await send(buy())
    const before = await chain.client.getBlockNumber()

    const refused = await send(buy()).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(SpendLimitExceededError)
    expect(refused).toMatchObject({ by: 'check', shortMessage: 'This session may spend 1000 GOLD; 0 GOLD is left and the call needs 100 GOLD.' })
    expect(await chain.client.getBlockNumber()).toBe(before)

    await expect(force(buy())).rejects.toMatchObject({
      name: 'SpendLimitExceededError',
      by: 'chain',
      revert: { contract: 'ERC20TransferAmountEnforcer', reason: 'allowance-exceeded' },
    })
    expect(await balance(world.gold, shop)).toBe(gold(1000))
  })

  test('another contract and another function are refused by us and by the chain', async () => {
    const { send, force, mint, pay, usd } = world
    const foreign = { ...pay(1n), to: usd }
    await expect(send([foreign])).rejects.toThrow(ContractNotAllowedError)
    await expect(send([foreign])).rejects.toThrow(/^This session may not call Test USD \(0x.{4}….{4}\)\./)
    await expect(force([foreign])).rejects.toMatchObject({ by: 'chain', revert: { contract: 'AllowedTargetsEnforcer' } })
    const approve = { ...mint, functionName: 'approve', args: [world.shop, 1n] }
    await expect(send([approve])).rejects.toThrow(FunctionNotAllowedError)
    await expect(force([approve])).rejects.toMatchObject({ by: 'chain', revert: { contract: 'AllowedMethodsEnforcer' } })
  })

  test('a batch with one bad call does nothing at all', async () => {
    const { force, mint, pay, swords } = world
    const before = await swords()
    await expect(force([mint, pay(gold(1))])).rejects.toThrow(CallRefusedError)
    expect(await swords()).toBe(before)
  })

  test('revoked: gone for us, and refused by the chain to whoever kept the key', async () => {
    const { config, store, shopping, force, mint, questions, chain } = world
    const { session } = getSessionKey(config, { session: shopping })
    if (!session) throw new Error('no session')
    const stolen = await config.sessions.signer(session)

    const { revokedAt } = await revokePermissions(config, { session: shopping })

    expect(revokedAt.blockNumber).toBeGreaterThan(0n)
    expect(questions).toHaveLength(1)
    expect(getSessionKey(config, { session: shopping })).toMatchObject({ status: 'revoked' })
    expect(await store.getKey(session.id)).toBeUndefined()
    await expect(force([mint])).rejects.toMatchObject({ name: 'SessionRevokedError', by: 'check', shortMessage: 'This session was ended.' })

    const redemptions = redemptionsFor(session.granted as DelegatedPermission[], encodeSessionCalls([mint]), [{ permission: 0 }])
    const theft = config.lane.send({ chainId: session.chainId, client: chain.client, signer: stolen, redemptions, now: 0 })
    expect(decodeRevertReason(findRevertData(await theft.catch((error: unknown) => error)) ?? '0x')).toMatchObject({
      reason: 'CannotUseADisabledDelegation',
    })
  })

  test('expired by the chain’s clock: refused by us and by the chain', async () => {
    const { grant, send, force, mint, chain } = world
    const { session } = await grant()
    if (lane === 'direct') await chain.setBalance(session.address, 10n ** 18n)
    await send([mint])
    await chain.increaseTime(3 * 86_400)
    await expect(send([mint])).rejects.toThrow(SessionExpiredError)
    await expect(force([mint])).rejects.toMatchObject({ name: 'SessionExpiredError', by: 'chain' })
  })

  test('a rejected request is a rejection, and leaves no key', async () => {
    const { config, store, decide, grant } = world
    decide({ approved: false, reason: 'reject-press' })
    await expect(grant({ ...world.shopping, name: 'again' })).rejects.toThrow(UserRejectedRequestError)
    decide({ approved: true })
    const rejected = (await config.sessions.find()).find(({ name }) => name === 'again')
    expect(rejected?.status).toBe('rejected')
    expect(rejected && (await store.getKey(rejected.id))).toBeUndefined()
  })

  test('the call limit counts on-chain', async () => {
    const { grant, send, force, mint, shopping, chain } = world
    const [minting] = shopping.permissions
    const once = { ...shopping, name: 'once', permissions: [{ ...minting, callLimit: 1 } as typeof minting] }
    const { session } = await grant(once)
    if (lane === 'direct') await chain.setBalance(session.address, 10n ** 18n)
    await send([mint], once)
    await expect(send([mint], once)).rejects.toThrow(CallLimitExceededError)
    await expect(force([mint], once)).rejects.toMatchObject({ name: 'CallLimitExceededError', by: 'chain' })
  })
})
