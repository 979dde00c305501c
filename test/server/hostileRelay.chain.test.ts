/** What a hostile client of a relay can do: each attack with its refusal, and the relay's account as it was. */
import { concatHex, encodeFunctionData, numberToHex, parseAbi, parseEther, parseGwei, toFunctionSelector, type Address, type Hex } from 'viem'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { caveats } from '../../src/delegation/caveats.js'
import { encodeExecuteBatch } from '../../src/delegation/executeBatch.js'
import { hashDelegation, type Caveat } from '../../src/delegation/delegation.js'
import { anyDelegate, framework } from '../../src/delegation/framework.js'
import { p256Account } from '../../src/delegation/p256Account.js'
import { encodeRelayTransaction, type RelayTransaction } from '../../src/execution/relayWire.js'
import { createMemoryCounters } from '../../src/server/relay/counters.js'
import type { CreateRelayParameters, RelayEvent } from '../../src/server/index.js'
import type { LocalChain } from '../../src/testing/chain/startLocalChain.js'
import { newAccount, pins, startRelayWorld, until, type RelayWorld } from './relayWorld.js'

let chain: LocalChain
let sword: Address
let kit: RelayWorld

beforeAll(async () => void ({ chain, sword, kit } = await startRelayWorld()))
afterEach(() => chain.client.setAutomine(true))
afterAll(() => chain.stop())

/** Passes while its slot 0 is empty; then it reverts, or burns all the gas there is. */
const flaky = { reverts: '0x5f54600657005b5f5ffd', burns: '0x5f54600657005b600656' } as const
const hostileCode = {
  /** JUMPDEST PUSH0 JUMP */
  endless: '0x5b5f56',
  /** Reverts with 100,000 bytes. */
  hugeRevert: '0x620186a05ffd',
  /** Returns 100,000 bytes. */
  hugeReturn: '0x620186a05ff3',
  /** CALLER SELFDESTRUCT */
  selfDestruct: '0x33ff',
  /** Sends all that it is called with, and 1 ether, to the origin's caller: ORIGIN BALANCE … CALL from its own balance. */
  draining: '0x5f5f5f5f47335af100',
} as const satisfies Record<string, Hex>

async function place(code: Hex): Promise<Address> {
  const { address } = newAccount()
  await chain.client.setCode({ address, bytecode: code })
  return address
}

const call = (to: Address, data: Hex = '0x12345678', value = 0n) => ({ to, value, data })

async function startRelay(options: Partial<CreateRelayParameters> = {}) {
  const events: RelayEvent[] = []
  const world = await kit.startRelay({ onEvent: (event) => events.push(event), ...options })
  /** What the relay has, has sent, and holds. */
  const state = async () => ({
    balance: await chain.client.getBalance({ address: world.sponsor.address }),
    sent: await kit.sentBy(world.sponsor),
    pending: (await world.handler.health()).pending,
  })
  return { ...world, events, state }
}
type World = Awaited<ReturnType<typeof startRelay>>

type Attack = { make: (world: World) => Promise<RelayTransaction> | RelayTransaction; http: number; code: number; reason: RegExp; options?: Partial<CreateRelayParameters> }

const attacks: Record<string, Attack> = {
  'a call to anything but the DelegationManager': { make: () => ({ chainId: chain.chain.id, to: sword, data: kit.mint(sword).data }), http: 422, code: -32602, reason: /must call the DelegationManager/ },
  'another chain': { make: async (world) => ({ ...(await kit.mintThrough(world)).transaction, chainId: 1 }), http: 403, code: 4206, reason: /serves chain 31337/ },
  'a leaf that is not pinned to one call': {
    async make({ player, session, sponsor }) {
      const root = await kit.grant(player, session.address)
      const leaf = await kit.sign(session, { delegate: sponsor.address, authority: hashDelegation(root), caveats: [caveats.callLimit(1)] })
      return kit.redeem({ delegations: [leaf, root], execution: kit.mint(player.address) })
    },
    http: 422,
    code: -32602,
    reason: /must pin this very execution/,
  },
  'a leaf that is good for many calls': {
    async make({ player, session, sponsor }) {
      const root = await kit.grant(player, session.address)
      const execution = kit.mint(player.address)
      const leaf = await kit.sign(session, { delegate: sponsor.address, authority: hashDelegation(root), caveats: [caveats.exactExecution(execution), caveats.callLimit(1_000)] })
      return kit.redeem({ delegations: [leaf, root], execution })
    },
    http: 422,
    code: -32602,
    reason: /good for one call/,
  },
  "somebody else's signature": {
    async make(world) {
      const { root, leaf, execution } = await kit.mintThrough(world)
      const forged = { ...leaf, signature: (await kit.sign(newAccount(), { delegate: leaf.delegate })).signature }
      return kit.redeem({ delegations: [forged, root], execution })
    },
    http: 422,
    code: 4211,
    reason: /reverts/,
  },
  "the relay's own account as the one that acts": {
    async make({ session, sponsor }) {
      const root = { ...(await kit.sign(session, { delegate: session.address })), delegator: sponsor.address }
      const execution = call(sword)
      return kit.redeem({ delegations: [await kit.pinnedLeaf(session, root, execution, sponsor.address), root], execution })
    },
    http: 422,
    code: -32602,
    reason: /relay's own account/,
  },
  "a call to the relay's own account": { make: (world) => kit.callThrough(world, call(world.sponsor.address)), http: 422, code: -32602, reason: /relay's own account/ },
  'a precompile': { make: (world) => kit.callThrough(world, call('0x0000000000000000000000000000000000000008')), http: 422, code: -32602, reason: /part of the chain/ },
  'the administration of the DelegationManager': {
    make: (world) => kit.callThrough(world, call(framework.DelegationManager, encodeFunctionData({ abi: parseAbi(['function pause()']), functionName: 'pause' }))),
    http: 422,
    code: -32602,
    reason: /only redeemDelegations and disableDelegation/,
  },
  'the same hidden in a batch of the account': {
    async make({ player, sponsor }) {
      const inner = call(framework.DelegationManager, encodeFunctionData({ abi: parseAbi(['function transferOwnership(address)']), functionName: 'transferOwnership', args: [player.address] }))
      const execution = { to: player.address, value: 0n, data: encodeExecuteBatch([inner]) }
      return kit.redeem({ delegations: [await kit.sign(player, { delegate: sponsor.address, caveats: pins(execution) })], execution })
    },
    http: 422,
    code: -32602,
    reason: /may only call disableDelegation/,
  },
  'native token that the account does not have': { make: (world) => kit.callThrough(world, call(newAccount().address, '0x', parseEther('1'))), http: 422, code: 4211, reason: /reverts/ },
  'more native token than is sponsored': {
    make: (world) => kit.callThrough(world, call(newAccount().address, '0x', 1n)),
    options: { limits: { maxNativeValueWei: 0n } },
    http: 422,
    code: -32602,
    reason: /moves 1 wei/,
  },
  'a contract that burns all gas': { make: async (world) => kit.callThrough(world, call(await place(hostileCode.endless))), http: 422, code: 4211, reason: /reverts/ },
  'more gas than one transaction may have': { make: async (world) => ({ ...(await kit.mintThrough(world)).transaction, gas: 16_000_000n }), http: 422, code: 4207, reason: /at most 5000000/ },
  'a revert of a hundred kilobytes': { make: async (world) => kit.callThrough(world, call(await place(hostileCode.hugeRevert))), http: 422, code: 4211, reason: /reverts/ },
  'a permission of yesterday': {
    make: (world) => kit.callThrough(world, kit.mint(world.player.address), [caveats.time({ until: 1_000 })]),
    http: 422,
    code: 4211,
    reason: /reverts/,
  },
  'an authorization to other code': {
    make: async (world) => ({ ...(await kit.mintThrough(world)).transaction, authorizationList: [await kit.upgrade(world.session, { address: sword })] }),
    http: 422,
    code: 4210,
    reason: /must be to/,
  },
  'an authorization for every chain': {
    make: async (world) => ({ ...(await kit.mintThrough(world)).transaction, authorizationList: [await kit.upgrade(world.session, { chainId: 0 })] }),
    http: 422,
    code: 4210,
    reason: /for chain 0/,
  },
  'an authorization of a stranger': {
    make: async (world) => ({ ...(await kit.mintThrough(world)).transaction, authorizationList: [await kit.upgrade(newAccount())] }),
    http: 422,
    code: 4210,
    reason: /does not act for/,
  },
  'two authorizations': {
    make: async (world) => ({ ...(await kit.mintThrough(world)).transaction, authorizationList: [await kit.upgrade(world.session), await kit.upgrade(world.session)] }),
    http: 422,
    code: 4210,
    reason: /At most one/,
  },
  'an upgrade that has been done': {
    make: async ({ player }) => ({ chainId: chain.chain.id, to: player.address, data: '0x', authorizationList: [await kit.upgrade(player as ReturnType<typeof newAccount>)] }),
    http: 409,
    code: 4210,
    reason: /upgraded already/,
  },
  'code of its own through the factory': {
    make: () => ({ chainId: chain.chain.id, to: framework.SimpleFactory, data: encodeFunctionData({ abi: parseAbi(['function deploy(bytes,bytes32)']), functionName: 'deploy', args: [hostileCode.endless, numberToHex(0, { size: 32 })] }) }),
    http: 422,
    code: -32602,
    reason: /only the deployment of a session account/,
  },
  'a contract that is not on the list': {
    make: (world) => kit.mintThrough(world).then(({ transaction }) => transaction),
    options: { limits: { targets: [framework.EntryPoint] } },
    http: 403,
    code: -32602,
    reason: /not among those this relay pays for/,
  },
  'a function that is not on the list': {
    make: (world) => kit.callThrough(world, { to: '0x5407000000000000000000000000000000005407', value: 0n, data: toFunctionSelector('burn(uint256)') }),
    options: { limits: { targets: [{ address: '0x5407000000000000000000000000000000005407', functions: ['mint(address)'] }] } },
    http: 403,
    code: -32602,
    reason: /function 0x42966c68 of/,
  },
  'an account that is not on the list': {
    make: (world) => kit.mintThrough(world).then(({ transaction }) => transaction),
    options: { limits: { accounts: [framework.EntryPoint] } },
    http: 403,
    code: -32602,
    reason: /not among the accounts/,
  },
  'an account that its operator does not know': {
    make: (world) => kit.mintThrough(world).then(({ transaction }) => transaction),
    options: { limits: { accounts: async () => false } },
    http: 403,
    code: -32602,
    reason: /not among the accounts/,
  },
  'a contract that is denied': {
    make: (world) => kit.callThrough(world, call('0x5407000000000000000000000000000000005407')),
    options: { limits: { denied: ['0x5407000000000000000000000000000000005407'] } },
    http: 403,
    code: -32602,
    reason: /does not pay for/,
  },
  'code of its own as an enforcer, where the contracts are listed': {
    async make(world) {
      const own: Caveat = { enforcer: await place(hostileCode.endless), terms: '0x', args: '0x' }
      return kit.callThrough(world, call('0x5407000000000000000000000000000000005407'), [own])
    },
    options: { limits: { targets: ['0x5407000000000000000000000000000000005407'] } },
    http: 403,
    code: -32602,
    reason: /not among the enforcers/,
  },
}

describe('every attack is refused with its reason, and costs the relay nothing', () => {
  test.each(Object.keys(attacks))('%s', async (name) => {
    const { make, http, code, reason, options } = attacks[name] as Attack
    const world = await startRelay(options)
    const before = await world.state()
    const transaction = await make(world)

    const { status, body } = await world.attempt(transaction)

    expect({ http: status, code: body.error?.code }).toEqual({ http, code })
    expect(body.error?.message).toMatch(reason)
    expect(JSON.stringify(body).length).toBeLessThan(10_000)
    expect(await world.state()).toEqual(before)
    expect(world.events.map(({ name: event }) => event)).toEqual(['relay.request.refused'])
    expect(world.events[0]?.attributes).toMatchObject({ 'rpc.code': code, 'http.status': http })
    expect(world.errors).toEqual([])
  })
})

describe('the relay pays for gas, and for nothing else', () => {
  test.each(['selfDestruct', 'draining', 'hugeReturn'] as const)('a contract that %s', async (name) => {
    const world = await startRelay()
    const before = await world.state()
    const { receipt } = await world.relay.send(await kit.callThrough(world, call(await place(hostileCode[name]))))
    expect((await world.state()).balance).toBe(before.balance - receipt.gasUsed * receipt.effectiveGasPrice)
  })
})

describe('one leaf is paid for once', () => {
  test('fifty times in one batch, and at the same time by itself', async () => {
    const world = await startRelay()
    const { transaction } = await kit.mintThrough(world)
    const params = encodeRelayTransaction(transaction)
    const one = (id: number) => ({ jsonrpc: '2.0', id, method: 'relayer_sendTransactionSync', params })
    const batch = world.post(JSON.stringify(Array.from({ length: 50 }, (_, id) => one(id))))
    const [response] = await Promise.all([batch, world.attempt(transaction), world.attempt(transaction)])
    const answers = (await response.json()) as { result: { id: string } }[]
    expect(new Set(answers.map(({ result }) => result.id)).size).toBe(1)
    expect(await kit.sentBy(world.sponsor)).toBe(1)
  })

  test('in other bytes: with an authorization, and without', async () => {
    const world = await startRelay()
    const { transaction } = await kit.mintThrough(world)
    const withList = { ...transaction, authorizationList: [await kit.upgrade(world.session)] }
    const answers = await Promise.all([world.attempt(transaction), world.attempt(withList), world.attempt(transaction), world.attempt(withList)])
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    expect(await kit.sentBy(world.sponsor)).toBe(1)
    expect(await kit.swordsOf(world.player.address)).toBe(1n)
  })

  test('an old one: the relay that did it says so again, another process of it refuses', async () => {
    const world = await startRelay()
    const { transaction } = await kit.mintThrough(world)
    const first = await world.attempt(transaction)
    expect((await world.attempt(transaction)).body.result).toEqual(first.body.result)
    const next = await startRelay({ account: world.sponsor })
    const before = await next.state()
    const { status, body } = await next.attempt(transaction)
    expect({ status, code: body.error?.code }).toEqual({ status: 422, code: 4211 })
    expect(await next.state()).toEqual(before)
  })

  test('to anyone, at two relays that share their counters: one sends it', async () => {
    const counters = createMemoryCounters()
    const [here, there] = [await startRelay({ counters }), await startRelay({ counters })]
    const { transaction } = await kit.mintThrough(here, anyDelegate)
    const answers = await Promise.all([here.attempt(transaction), there.attempt(transaction)])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    expect(answers.find(({ status }) => status === 409)?.body.error).toMatchObject({ code: 4214 })
    expect((await kit.sentBy(here.sponsor)) + (await kit.sentBy(there.sponsor))).toBe(1)
  })
})

describe('what changes between simulation and block is paid for by the quota of whoever did it', () => {
  test.each(Object.keys(flaky) as (keyof typeof flaky)[])('a contract that then %s', async (how) => {
    // Two of them as they are simulated do not fit.
    const world = await startRelay({ limits: { perSender: { windowSeconds: 60, gas: 280_000n } } })
    const trap = await place(flaky[how])
    const setTrap = (value: number) => chain.client.setStorageAt({ address: trap, index: 0, value: numberToHex(value, { size: 32 }) })
    const [first, second, third] = (await Promise.all([1, 2, 3].map(() => kit.callThrough(world, call(trap))))) as [RelayTransaction, RelayTransaction, RelayTransaction]
    await chain.client.setAutomine(false)
    const id = await world.relay.sendTransaction(first)
    await setTrap(1)
    const status = await until(
      async () => {
        await chain.client.mine({ blocks: 1 })
        return world.relay.getStatus(id)
      },
      (task) => task.status >= 200,
    )
    expect(status).toMatchObject({ status: 500, receipt: { status: 'reverted' } })
    await chain.client.setAutomine(true)
    const before = await world.state()

    // Seen coming: it costs nothing.
    expect((await world.attempt(second)).body.error?.code).toBe(4211)
    // Set right again: the reverted gas has used the quota up.
    await setTrap(0)
    const { status: http, headers, body } = await world.attempt(third)
    expect({ http, message: body.error?.message }).toMatchObject({ http: 429, message: expect.stringContaining('280000 gas') })
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await world.state()).toEqual(before)
  })

  test('reverts use up the quota: after it, 429 with Retry-After and no gas; the others go on', async () => {
    let now = Math.floor(Date.now() / 1000)
    const world = await startRelay({ limits: { perSender: { windowSeconds: 60, requests: 2 } }, clock: () => now })
    const trap = await place(flaky.reverts)
    const make = () => kit.callThrough(world, call(trap))
    const transactions = await Promise.all([make(), make(), make()])
    await chain.client.setAutomine(false)
    const ids = [await world.relay.sendTransaction(transactions[0]), await world.relay.sendTransaction(transactions[1])]
    await chain.client.setStorageAt({ address: trap, index: 0, value: numberToHex(1, { size: 32 }) })
    for (const id of ids) {
      await until(
        async () => {
          await chain.client.mine({ blocks: 1 })
          return world.relay.getStatus(id)
        },
        ({ status }) => status === 500,
      )
    }
    await chain.client.setAutomine(true)
    await chain.client.setStorageAt({ address: trap, index: 0, value: numberToHex(0, { size: 32 }) })
    const before = await world.state()

    const refused = await world.attempt(transactions[2])
    expect({ status: refused.status, code: refused.body.error?.code, retry: refused.headers.get('retry-after') }).toEqual({ status: 429, code: 4203, retry: '60' })
    expect(await world.state()).toEqual(before)

    const other = { ...world, player: newAccount(), session: newAccount() }
    await kit.makeSmart(other.player)
    expect((await world.attempt((await kit.mintThrough(other)).transaction)).status).toBe(200)
    now += 61
    expect((await world.attempt(transactions[2])).status).toBe(200)
  })
})

describe('limits', () => {
  const quota = { windowSeconds: 60, requests: 1 }

  test.each([
    ['perSender', { perSender: quota }],
    ['perKey', { perKey: quota }],
    ['perContract', { perContract: quota }],
    ['gas of a sender', { perSender: { windowSeconds: 60, gas: 500_000n } }],
  ] as const)('%s: 429 with Retry-After, and no gas', async (_, limits) => {
    const world = await startRelay({ limits })
    const { root, transaction } = await kit.mintThrough(world)
    expect((await world.attempt(transaction)).status).toBe(200)
    const before = await world.state()
    const { status, headers, body } = await world.attempt((await kit.mintAgain(world, root)).transaction)
    expect({ status, code: body.error?.code }).toEqual({ status: 429, code: 4203 })
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await world.state()).toEqual(before)
  })

  test('what a sender costs, at most and in the end', async () => {
    // So much that the tip is nothing beside it.
    const setPrice = async () => {
      await chain.client.setNextBlockBaseFeePerGas({ baseFeePerGas: parseGwei('100') })
      await chain.client.mine({ blocks: 1 })
    }
    const probe = await startRelay()
    await setPrice()
    const { transactionHash } = await probe.relay.send((await kit.mintThrough(probe)).transaction)
    const { gas, maxFeePerGas = 0n } = await chain.client.getTransaction({ hash: transactionHash })
    // The most that one can cost fits, beside what a first one cost in the end; beside what two cost it does not.
    const world = await startRelay({ limits: { perSender: { windowSeconds: 60, wei: (gas * maxFeePerGas * 103n) / 100n } } })
    await setPrice()
    const { root, transaction } = await kit.mintThrough(world)
    expect((await world.attempt(transaction)).status).toBe(200)
    expect((await world.attempt((await kit.mintAgain(world, root)).transaction)).status).toBe(200)
    const before = await world.state()
    expect((await world.attempt((await kit.mintAgain(world, root)).transaction)).status).toBe(429)
    expect(await world.state()).toEqual(before)
  })

  test('many at once of one sender get no more than the quota', async () => {
    const world = await startRelay({ limits: { perSender: { windowSeconds: 60, requests: 3 } } })
    const all = await Promise.all(Array.from({ length: 10 }, () => kit.mintThrough(world)))
    const answers = await Promise.all(all.map(({ transaction }) => world.attempt(transaction)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(3)
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(7)
    expect(await kit.sentBy(world.sponsor)).toBe(3)
  })

  test('a batch counts for every account whose permission it uses', async () => {
    const world = await startRelay({ limits: { perSender: quota } })
    const other = newAccount()
    await kit.makeSmart(other)
    await kit.makeSmart(world.session)
    expect((await world.attempt((await kit.mintThrough({ ...world, player: other })).transaction)).status).toBe(200)
    const inner = await Promise.all([world.player, other].map(async (player) => ({ delegations: [await kit.grant(player, world.session.address)], execution: kit.mint(player.address) })))
    const execution = { to: framework.DelegationManager, value: 0n, data: kit.redeem(...inner).data }
    const leaf = await kit.sign(world.session, { delegate: world.sponsor.address, caveats: pins(execution) })
    expect((await world.attempt(kit.redeem({ delegations: [leaf], execution }))).status).toBe(429)
  })

  test('new accounts are free to make: upgrades count for all of them together, alone and on the way', async () => {
    const world = await startRelay({ limits: { perSender: quota, newAccounts: { windowSeconds: 60, requests: 2 } } })
    const [first, third] = [newAccount(), newAccount()]
    const upgradeOf = async (account: ReturnType<typeof newAccount>) => ({ chainId: chain.chain.id, to: account.address, data: '0x' as const, authorizationList: [await kit.upgrade(account)] })
    expect((await world.attempt(await upgradeOf(first))).status).toBe(200)
    const second = newAccount()
    const { transaction } = await kit.mintThrough({ ...world, player: second })
    expect((await world.attempt({ ...transaction, authorizationList: [await kit.upgrade(second)] })).status).toBe(200)
    const before = await world.state()
    const { status, body } = await world.attempt(await upgradeOf(third))
    expect({ status, message: body.error?.message }).toEqual({ status: 429, message: expect.stringMatching(/^The making of accounts has had 2 transactions/) as string })
    expect(await world.state()).toEqual(before)
    // A P-256 account counts as well: the base point will do for a key.
    const { deployment } = p256Account({ x: 0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n, y: 0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5n })
    expect((await world.attempt({ chainId: chain.chain.id, to: deployment.factory, data: deployment.factoryData })).status).toBe(429)
    expect(await world.state()).toEqual(before)
    // Who has an account already is not asked to wait.
    expect((await world.attempt((await kit.mintThrough(world)).transaction)).status).toBe(200)
  })

  test('more accounts than can be counted: the next is refused, and no count is forgotten for it', async () => {
    const world = await startRelay({ limits: { perSender: quota }, counters: createMemoryCounters({ maxKeys: 1 }) })
    const { root, transaction } = await kit.mintThrough(world)
    expect((await world.attempt(transaction)).status).toBe(200)
    const other = { ...world, player: newAccount(), session: newAccount() }
    await kit.makeSmart(other.player)
    const before = await world.state()
    const { status, headers } = await world.attempt((await kit.mintThrough(other)).transaction)
    expect(status).toBe(503)
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await world.attempt((await kit.mintAgain(world, root)).transaction)).status).toBe(429)
    expect(await world.state()).toEqual(before)
  })

  test('requests of a caller, refused ones too', async () => {
    const world = await startRelay({ limits: { perClient: { requests: 2, windowSeconds: 60 } }, clientOf: ({ headers }) => headers.get('x-real-ip') ?? undefined })
    const send = (from: string) => world.ask('relayer_sendTransaction', {}, { 'x-real-ip': from })
    expect([(await send('a')).status, (await send('a')).status, (await send('a')).status, (await send('b')).status]).toEqual([400, 400, 429, 400])
    const { transaction } = await kit.mintThrough(world)
    const params = encodeRelayTransaction(transaction)
    const batch = JSON.stringify(Array.from({ length: 20 }, (_, id) => ({ jsonrpc: '2.0', id, method: 'relayer_sendTransaction', params: { ...params, to: sword } })))
    const answers = (await (await world.post(batch, { 'x-real-ip': 'c' })).json()) as { error: { code: number } }[]
    expect(answers.filter(({ error }) => error.code === 4203)).toHaveLength(18)
  })

  test('fees above what it offers: it waits, and asks to be asked again', async () => {
    const world = await startRelay({ limits: { maxFeePerGas: 1_000n } })
    const before = await world.state()
    const { status, headers, body } = await world.attempt((await kit.mintThrough(world)).transaction)
    expect({ status, code: body.error?.code, retry: headers.get('retry-after') }).toEqual({ status: 503, code: 4203, retry: '15' })
    expect(await world.state()).toEqual(before)
  })

  test('a caller without a key: 401', async () => {
    const world = await startRelay({ apiKeys: ['alpha'] })
    const { status, headers } = await world.attempt((await kit.mintThrough(world)).transaction)
    expect({ status, authenticate: headers.get('www-authenticate') }).toEqual({ status: 401, authenticate: 'Bearer' })
  })
})

describe('bodies', () => {
  test.each<[string, string, number]>([
    ['is no JSON', '{', 400],
    ['is too deep', '['.repeat(200_000), 400],
    ['is deep and well formed', `{"jsonrpc":"2.0","id":1,"method":"relayer_sendTransaction","params":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 400],
    ['has numbers beyond any', '{"jsonrpc":"2.0","id":1e999,"method":"relayer_sendTransaction","params":{"chainId":1e999,"to":"0x","gas":1e308}}', 400],
    ['has a name of a hundred kilobytes', `{"jsonrpc":"2.0","id":"${'x'.repeat(100_000)}","method":"relayer_getStatus","params":{}}`, 400],
    ['asks for another method', '{"jsonrpc":"2.0","id":1,"method":"eth_sendTransaction","params":[]}', 404],
    ['is too large', 'x'.repeat(600_000), 413],
    ['holds too many requests', JSON.stringify(Array(51).fill({ jsonrpc: '2.0', id: 1, method: 'relayer_getStatus', params: {} })), 413],
    ['is an empty batch', '[]', 400],
    ['asks for a task that is not there', `{"jsonrpc":"2.0","id":1,"method":"relayer_getStatus","params":{"id":"${numberToHex(1, { size: 32 })}"}}`, 404],
  ])('that %s', async (_, body, http) => {
    const { post } = await startRelay()
    const begun = performance.now()
    const response = await post(body)
    expect(response.status).toBe(http)
    const text = await response.text()
    expect(JSON.parse(text)).toMatchObject({ error: { code: expect.any(Number) } })
    expect(text.length).toBeLessThan(1_000)
    expect(performance.now() - begun).toBeLessThan(2_000)
  })

  test('that never end: 408', async () => {
    const { handler } = await startRelay({ maxBodyMs: 30 })
    const slow = new ReadableStream<Uint8Array>({ start: (controller) => controller.enqueue(new TextEncoder().encode('{"jsonrpc"')) })
    const response = await handler(new Request('http://relay/', { method: 'POST', body: slow, duplex: 'half' } as RequestInit))
    expect(response.status).toBe(408)
  })

  test('that decode to more than they are long', async () => {
    const world = await startRelay()
    const word = (value: number) => numberToHex(value, { size: 32 })
    // Two thousand contexts that all lie in the same place.
    const [count, bytes] = [1_800, 50_016]
    const contexts = concatHex([word(count), ...Array.from({ length: count }, () => word(count * 32)), word(bytes), `0x${'00'.repeat(bytes)}`])
    const end = 0x60 + (contexts.length - 2) / 2
    const bomb = concatHex(['0xcef6d209', word(0x60), word(end), word(end), contexts, word(0)])
    const begun = performance.now()
    const { status, body } = await world.attempt({ chainId: chain.chain.id, to: framework.DelegationManager, data: bomb })
    expect({ status, message: body.error?.message }).toMatchObject({ status: 422, message: expect.stringContaining('plainly encoded') })
    expect(performance.now() - begun).toBeLessThan(300)
  })
})
