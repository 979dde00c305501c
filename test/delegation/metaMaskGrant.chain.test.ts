// Delegations as MetaMask signs them, on the real contracts: the kit takes them, reads them, and agrees with the chain.
import fc from 'fast-check'
import { createPublicClient, custom, type Address } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Caveat, Delegation } from '../../src/delegation/delegation.js'
import { metaMaskCaveats, type MetaMaskPermission } from '../../src/delegation/metaMaskCaveats.js'
import { permissionCaveats } from '../../src/delegation/permissionCaveats.js'
import { readUsage } from '../../src/delegation/usage.js'
import { contextExtras, contextMismatch } from '../../src/delegation/verifyContext.js'
import { check } from '../../src/permissions/check.js'
import type { Permission } from '../../src/permissions/permission.js'
import { newAccount, startDelegationWorld } from './delegationWorld.js'

let world: Awaited<ReturnType<typeof startDelegationWorld>>
beforeAll(async () => {
  world = await startDelegationWorld()
})
afterAll(() => world.stop())

const shop = newAccount().address
const day = 86_400
const tokenTypes = [
  'erc20-token-allowance',
  'erc20-token-periodic',
  'erc20-token-stream',
  'native-token-allowance',
  'native-token-periodic',
  'native-token-stream',
] as const satisfies readonly MetaMaskPermission['type'][]
type TokenType = (typeof tokenTypes)[number]

/** 1000 units: in all, a day, or as a stream of 10 each second. */
function permissionOf(type: TokenType, startTime: number, more: { payee?: Address } = {}): MetaMaskPermission {
  const common = { ...more, startTime }
  const token = world.gold
  const stream = { initial: 100n, perSecond: 10n, max: 1000n }
  switch (type) {
    case 'erc20-token-allowance':
      return { type, token, limit: 1000n, ...common }
    case 'erc20-token-periodic':
      return { type, token, limit: 1000n, period: day, ...common }
    case 'erc20-token-stream':
      return { type, token, ...stream, ...common }
    case 'native-token-allowance':
      return { type, limit: 1000n, ...common }
    case 'native-token-periodic':
      return { type, limit: 1000n, period: day, ...common }
    case 'native-token-stream':
      return { type, ...stream, ...common }
    default:
      return type satisfies never
  }
}

const spend = (permission: Permission, amount: bigint, to = shop) => ('token' in permission ? world.transfer(to, amount) : world.pay(to, amount))

async function grant(permission: MetaMaskPermission, { nonce = 0n, redeemers = [] as Address[], days = 30, compile = metaMaskCaveats } = {}) {
  const [owner, session] = [await world.newPlayer(), await world.newSession()]
  const expiry = (await world.now()) + days * day
  const delegation = await world.sign(owner, session.address, compile(permission, expiry, nonce, redeemers))
  const granted = { permission, ...world.granted(delegation) }
  const usage = async (within?: Permission) => {
    const { usages, asOf } = await readUsage(world.chain.client, [{ permission, within, delegation }])
    return { ...(usages[0] as (typeof usages)[number]), asOf }
  }
  return { owner, session, expiry, delegation, granted, usage, expected: { account: owner.address, delegate: session.address, expiry } }
}

describe.each(tokenTypes)('%s', (type) => {
  test('is taken as it is described, and what it adds is read', async () => {
    const { granted, expected, session } = await grant(permissionOf(type, (await world.now()) + 5, { payee: shop }), { nonce: 7n, redeemers: [shop] })
    expect(contextMismatch(granted, expected)).toBeUndefined()
    expect(contextExtras(granted)).toEqual({ nonce: 7n, redeemers: [shop] })
    expect(contextMismatch({ ...granted, permission: { ...granted.permission, payee: session.address } }, expected)).toBe('other limits than described')
  })

  test('the chain and our check agree on every amount, before and after each use and each day', async () => {
    const permission = permissionOf(type, await world.now())
    const { session, delegation, expiry, usage } = await grant(permission)
    const steps = fc.sample(fc.record({ part: fc.integer({ min: 0, max: 4 }), wait: fc.constantFrom(0, 0, 3, 20, day) }), { numRuns: 8, seed: 7 })
    let answers = { yes: 0, no: 0 }
    for (const { part, wait } of steps) {
      if (wait) await world.chain.increaseTime(wait)
      const { amount, asOf, disabled } = await usage()
      const left = amount?.left as bigint
      expect(disabled).toBe(false)
      for (const wanted of [0n, 1n, left - 1n, left, left + 1n, left * 2n, 1001n].filter((value) => value >= 0n)) {
        const execution = spend(permission, wanted)
        const ours = check({ permissions: [permission], expiry, calls: [execution], now: asOf.timestamp, usage: [{ amount }] })
        const refused = await world.verdict(session, delegation, execution, asOf.blockNumber)
        expect({ wanted, allowed: ours.allowed }).toEqual({ wanted, allowed: refused === undefined })
        if (refused) expect(refused).toMatch(/:(transfer-amount|allowance)-exceeded$/)
        answers = { yes: answers.yes + (refused ? 0 : 1), no: answers.no + (refused ? 1 : 0) }
      }
      // A stream grows until the next block; what was there is still there.
      const amountSpent = (left * BigInt(part)) / 4n
      expect(await world.redeem(session, delegation, spend(permission, amountSpent))).toMatchObject({ status: 'success' })
      const after = await usage()
      if (!type.endsWith('stream') && amountSpent > 0n) expect(after.amount).toEqual({ limit: 1000n, left: left - amountSpent })
    }
    expect(answers.yes).toBeGreaterThan(8)
    expect(answers.no).toBeGreaterThan(8)
  })

  test('not before its start, and not after its end', async () => {
    const start = (await world.now()) + 1_000
    const permission = permissionOf(type, start)
    const { session, delegation, expiry, usage } = await grant(permission, { days: 1 })
    const judged = async () => {
      const { amount, asOf } = await usage()
      const calls = [spend(permission, 1n)]
      const ours = check({ permissions: [permission], expiry, calls, now: asOf.timestamp, usage: [{ amount }] })
      const theirs = await world.verdict(session, delegation, calls[0] as (typeof calls)[0], asOf.blockNumber)
      expect(ours.allowed).toBe(theirs === undefined)
      return theirs
    }
    expect(await judged()).toMatch(/transfer-not-started|allowance-exceeded/)
    // An allowance is whole before it may be used; a period and a stream have yet to begin.
    expect((await usage()).amount?.left).toBe(type.endsWith('allowance') ? 1000n : 0n)
    await world.chain.increaseTime(start - (await world.now()))
    expect(await judged()).toBeUndefined()
    await world.chain.increaseTime(day)
    expect(await judged()).toBe('TimestampEnforcer:expired-delegation')
  })

  test('pays its payee and nobody else', async () => {
    const permission = permissionOf(type, (await world.now()) - 1, { payee: shop })
    const { session, delegation } = await grant(permission)
    expect(await world.verdict(session, delegation, spend(permission, 1n))).toBeUndefined()
    expect(await world.verdict(session, delegation, spend(permission, 1n, session.address))).toMatch(/AllowedCalldata|AllowedTargets/)
  })

  test('is over once the account counts on: every grant of it at once', async () => {
    const permission = permissionOf(type, await world.now())
    const { owner, session, delegation, usage } = await grant(permission)
    expect((await usage()).disabled).toBe(false)
    await world.incrementNonce(owner)
    expect((await usage()).disabled).toBe(true)
    expect(await world.verdict(session, delegation, spend(permission, 1n))).toBe('NonceEnforcer:invalid-nonce')
  })

  test('is over once it was disabled', async () => {
    const permission = permissionOf(type, await world.now())
    const { owner, session, delegation, usage } = await grant(permission)
    await world.disable(owner, delegation)
    expect((await usage()).disabled).toBe(true)
    expect(await world.verdict(session, delegation, spend(permission, 1n))).toBe('DelegationManager:CannotUseADisabledDelegation')
  })

  test('what the kit holds itself to is counted from the same use', async () => {
    const permission = permissionOf(type, (await world.now()) - 100)
    const { session, delegation, usage } = await grant(permission)
    const half = 'limit' in permission ? { ...permission, limit: 500n } : { ...permission, initial: 0n, perSecond: 1n, max: 500n }
    const unlocked = async () => BigInt('limit' in permission ? 500 : Math.min(500, (await world.now()) - (permission.startTime as number)))
    expect((await usage(half)).amount).toEqual({ limit: 500n, left: await unlocked() })
    // Whatever the kit would allow itself, no more than the chain does.
    const double = 'limit' in permission ? { ...permission, limit: 2000n } : { ...permission, initial: 2000n, max: 2000n }
    expect((await usage(double)).amount).toEqual({ limit: 2000n, left: 1000n })

    await world.redeem(session, delegation, spend(permission, 40n))
    expect((await usage(half)).amount).toEqual({ limit: 500n, left: (await unlocked()) - 40n })

    // Somebody who holds the key went further than the kit would.
    await world.redeem(session, delegation, spend(permission, 800n))
    expect((await usage(half)).amount).toEqual({ limit: 500n, left: 0n })
    expect((await usage()).amount?.left).toBe(160n)
  })

  test('of a wider twin before the described limit: the chain would let it through, the kit does not take it', async () => {
    const permission = permissionOf(type, (await world.now()) - 100)
    const wider = 'limit' in permission ? { ...permission, limit: 9_000n } : { ...permission, initial: 9_000n, max: 9_000n }
    const withTwin = (first: MetaMaskPermission, second: MetaMaskPermission) =>
      ((_, expiry, nonce) => [metaMaskCaveats(first, expiry, nonce)[0] as Caveat, ...metaMaskCaveats(second, expiry, nonce)]) satisfies typeof metaMaskCaveats
    const attack = await grant(permission, { compile: withTwin(wider, permission) })
    const otherWayRound = await grant(permission, { compile: withTwin(permission, wider) })

    // Each of the two takes its part, so half of the wider one can go; the described one alone would stop at 1000.
    const before = 'token' in permission ? await world.goldOf(attack.owner.address) : await world.chain.client.getBalance({ address: attack.owner.address })
    expect(await world.verdict(attack.session, attack.delegation, spend(permission, 4_500n))).toBeUndefined()
    await world.redeem(attack.session, attack.delegation, spend(permission, 4_500n))
    const after = 'token' in permission ? await world.goldOf(attack.owner.address) : await world.chain.client.getBalance({ address: attack.owner.address })
    expect(before - after).toBe(4_500n)
    expect(await world.verdict(otherWayRound.session, otherWayRound.delegation, spend(permission, 1_001n))).toMatch(/-exceeded$/)

    expect(contextMismatch(attack.granted, attack.expected)).toBe('other limits than described')
    expect(contextMismatch(otherWayRound.granted, otherWayRound.expected)).toBe('other limits than described')
  })
})

test('a named redeemer keeps out the session key itself; a named session key does not', async () => {
  const permission = permissionOf('native-token-allowance', (await world.now()) - 1)
  const others = await grant(permission, { redeemers: [shop] })
  expect(contextMismatch(others.granted, others.expected)).toBeUndefined()
  expect(await world.verdict(others.session, others.delegation, spend(permission, 1n))).toBe('RedeemerEnforcer:unauthorized-redeemer')

  const { owner, session, expiry } = others
  const named = await world.sign(owner, session.address, metaMaskCaveats(permission, expiry, 0n, [shop, session.address]))
  expect(await world.verdict(session, named, spend(permission, 1n))).toBeUndefined()
})

test('our own allowance and one long period are read alike', async () => {
  const startTime = (await world.now()) + 500
  const permission = permissionOf('erc20-token-allowance', startTime)
  const theirs = await grant(permission)
  const ours = await grant(permission, { compile: (one, expiry) => permissionCaveats(one, expiry ?? 0) })
  const before = { limit: 1000n, left: 1000n }
  expect([(await theirs.usage()).amount, (await ours.usage()).amount]).toEqual([before, before])
  await world.chain.increaseTime(600)
  for (const { session, delegation } of [theirs, ours]) await world.redeem(session, delegation, spend(permission, 300n))
  const after = { limit: 1000n, left: 700n }
  expect([(await theirs.usage()).amount, (await ours.usage()).amount]).toEqual([after, after])
  expect(contextMismatch(ours.granted, ours.expected)).toBeUndefined()
})

test('calls are counted for what the kit holds itself to; of what nothing counts it is not known how much is left', async () => {
  const permission: Permission = { type: 'contract-call', address: world.gold, callLimit: 5, valueLimit: 0n }
  const uncounted: Permission = { ...permission, callLimit: undefined }
  const [owner, session] = [await world.newPlayer(), await world.newSession()]
  const expiry = (await world.now()) + day
  const delegation = await world.sign(owner, session.address, permissionCaveats(permission, expiry))
  const endless = await world.sign(owner, session.address, permissionCaveats(uncounted, expiry))
  const within = { ...permission, callLimit: 2 }
  const left = async () => {
    const read = [{ permission, delegation }, { permission, within, delegation }, { permission: uncounted, within, delegation: endless }, { permission: uncounted, delegation: endless }]
    return (await readUsage(world.chain.client, read)).usages.map(({ calls }) => calls)
  }
  expect(await left()).toEqual([{ limit: 5, left: 5 }, { limit: 2, left: 2 }, { limit: 2, left: undefined, atOnce: 0 }, undefined])
  await world.redeem(session, delegation, world.transfer(shop, 1n))
  expect(await left()).toEqual([{ limit: 5, left: 4 }, { limit: 2, left: 1 }, { limit: 2, left: undefined, atOnce: 0 }, undefined])
  for (let call = 0; call < 3; call += 1) await world.redeem(session, delegation, world.transfer(shop, 1n))
  expect(await left()).toEqual([{ limit: 5, left: 1 }, { limit: 2, left: 0 }, { limit: 2, left: undefined, atOnce: 0 }, undefined])
})

test('a stream so fast that its sum overflows is refused by the enforcer, and has nothing left', async () => {
  const permission: MetaMaskPermission = { type: 'erc20-token-stream', token: world.gold, initial: 1n, perSecond: 1n << 255n, max: 1000n, startTime: (await world.now()) - 100 }
  const { session, delegation, usage } = await grant(permission)
  expect((await usage()).amount).toEqual({ limit: 1000n, left: 0n })
  expect(await world.verdict(session, delegation, spend(permission, 1n))).toBeDefined()
})

test('twenty grants are one question beside one block header', async () => {
  const methods: string[] = []
  const client = createPublicClient({
    chain: world.chain.chain,
    transport: custom({
      request: (request) => {
        methods.push(request.method)
        return world.chain.client.request(request as never)
      },
    }),
  })
  const { delegation } = await grant(permissionOf('erc20-token-allowance', await world.now()))
  const delegated = Array.from({ length: 20 }, (_, index) => {
    const permission = permissionOf(tokenTypes[index % 6] as TokenType, 1_700_000_000)
    return { permission, delegation: { ...delegation, caveats: metaMaskCaveats(permission, 2_000_000_000, 0n) } satisfies Delegation }
  })
  const { usages } = await readUsage(client, delegated)
  expect(methods.sort()).toEqual(['eth_call', 'eth_getBlockByNumber'])
  expect(usages.map(({ amount, disabled }) => ({ amount, disabled }))).toEqual(delegated.map(() => ({ amount: { limit: 1000n, left: 1000n }, disabled: false })))
})
