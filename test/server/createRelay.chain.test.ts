import {
  concatHex,
  decodeErrorResult,
  decodeFunctionData,
  encodeFunctionData,
  http,
  numberToHex,
  parseEther,
  parseGwei,
  type Address,
  type Hex,
  type SignedAuthorization,
} from 'viem'
import { createGelatoEvmRelayerClient } from '@gelatocloud/gasless'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { delegationManagerAbi } from '../../src/delegation/abis.js'
import { caveats } from '../../src/delegation/caveats.js'
import { hashDelegation, type Caveat } from '../../src/delegation/delegation.js'
import { anyDelegate, framework, rootAuthority } from '../../src/delegation/framework.js'
import { encodeRedeemDelegations, type Redemption } from '../../src/delegation/redeem.js'
import { createRelayClient } from '../../src/execution/relayClient.js'
import { encodeRelayTransaction, type RelayTransaction } from '../../src/execution/relayWire.js'
import { createRelay, InvalidRelayLimitsError } from '../../src/server/index.js'
import { serveFetch, type ServedFetch } from '../../src/testing/chain/serveFetch.js'
import { startLocalChain, type LocalChain } from '../../src/testing/chain/startLocalChain.js'
import { newAccount, pins, soon, startRelayWorld, until, type RelayWorld } from './relayWorld.js'

let chain: LocalChain
let sword: Address
let { startRelay, mint, sign, grant, pinnedLeaf, redeem, mintThrough, batchOf, upgrade, swordsOf, sentBy } = {} as RelayWorld
const served: ServedFetch[] = []

beforeAll(async () => {
  const world = await startRelayWorld()
  ;({ chain, sword } = world)
  ;({ startRelay, mint, sign, grant, pinnedLeaf, redeem, mintThrough, batchOf, upgrade, swordsOf, sentBy } = world.kit)
})
afterEach(async () => {
  await chain.client.setAutomine(true)
  await Promise.all(served.splice(0).map((server) => server.close()))
})
afterAll(() => chain.stop())

async function serve(handler: (request: Request) => Promise<Response>) {
  const server = await serveFetch(handler)
  served.push(server)
  return server.url
}

describe('what it pays for', () => {
  test('a session key without ETH mints a sword for the player', async () => {
    const world = await startRelay()
    const { transaction } = await mintThrough(world)

    const { receipt, transactionHash } = await world.relay.send(transaction)

    expect(receipt.status).toBe('success')
    expect(receipt).toEqual(await chain.client.getTransactionReceipt({ hash: transactionHash }))
    expect(await swordsOf(world.player.address)).toBe(1n)
    expect(await chain.client.getBalance({ address: world.session.address })).toBe(0n)
    expect(world.errors).toEqual([])
  })

  test('a leaf that anyone may redeem, when it is pinned', async () => {
    const world = await startRelay()
    const { transaction } = await mintThrough(world, anyDelegate)
    await world.relay.send(transaction)
    expect(await swordsOf(world.player.address)).toBe(1n)
  })

  test("the first call together with the upgrade of the player's account", async () => {
    const world = await startRelay()
    await chain.client.setCode({ address: world.player.address, bytecode: '0x' })
    const { transaction } = await mintThrough(world)
    await world.relay.send({ ...transaction, authorizationList: [await upgrade(world.player)] })
    expect(await swordsOf(world.player.address)).toBe(1n)
  })

  test('an atomic batch pinned by one leaf, with the upgrade of the session account in the same transaction', async () => {
    const world = await startRelay()
    const { transaction } = await batchOf(world, 3)

    const { receipt } = await world.relay.send({ ...transaction, authorizationList: [await upgrade(world.session)] })

    expect(receipt.type).toBe('eip7702')
    expect(await swordsOf(world.player.address)).toBe(3n)
    expect(await chain.client.getCode({ address: world.session.address })).toBe(concatHex(['0xef0100', framework.EIP7702StatelessDeleGatorImpl]).toLowerCase())
  })

  test('the upgrade of an account that has no ETH, once', async () => {
    const world = await startRelay()
    const transaction = { chainId: chain.chain.id, to: world.session.address, data: '0x' as const, authorizationList: [await upgrade(world.session)] }

    const first = await world.relay.send(transaction)
    expect(await chain.client.getCode({ address: world.session.address })).toMatch(/^0xef0100/)
    expect(await world.relay.send(transaction)).toEqual(first)
    const again = await world.sync({ ...transaction, authorizationList: [await upgrade(world.session, { nonce: 1 })] })
    expect(again.error).toMatchObject({ code: 4210, message: expect.stringContaining('upgraded already') })
  })

  test("the owner's revocation, by a root delegation to the relay; the session cannot act after it", async () => {
    const world = await startRelay()
    const { root, transaction } = await mintThrough(world)
    const { signature, ...rest } = root
    const execution = {
      to: framework.DelegationManager,
      value: 0n,
      data: encodeFunctionData({ abi: delegationManagerAbi, functionName: 'disableDelegation', args: [{ ...rest, signature }] }),
    }
    const order = await sign(world.player, { delegate: world.sponsor.address, caveats: pins(execution) })

    await world.relay.send(redeem({ delegations: [order], execution }))

    const { error } = await world.sync(transaction)
    expect(error?.code).toBe(4211)
    expect(decodeErrorResult({ abi: delegationManagerAbi, data: error?.data ?? '0x' }).errorName).toBe('CannotUseADisabledDelegation')
  })

  test('twenty calls at once, each in its own transaction', async () => {
    const world = await startRelay()
    const calls = await Promise.all(Array.from({ length: 20 }, () => mintThrough(world)))
    const sent = await Promise.all(calls.map(({ transaction }) => world.relay.send(transaction)))
    expect(new Set(sent.map(({ transactionHash }) => transactionHash)).size).toBe(20)
    expect(await swordsOf(world.player.address)).toBe(20n)
    expect(await sentBy(world.sponsor)).toBe(20)
  })
})

describe('one leaf, one transaction', () => {
  test('the same request again, at once and later, gives the same task and no second transaction', async () => {
    const world = await startRelay()
    const { transaction } = await mintThrough(world)

    const [first, second] = await Promise.all([world.relay.send(transaction), world.relay.send(transaction)])
    const third = await world.relay.send(transaction)

    expect(second).toEqual(first)
    expect(third).toEqual(first)
    expect(await world.relay.sendTransaction(transaction)).toBe(first.id)
    expect(await sentBy(world.sponsor)).toBe(1)
  })

  test('what the permission does not allow is refused with the revert data', async () => {
    const world = await startRelay()
    const { transaction } = await mintThrough(world, world.sponsor.address, [caveats.methods(['0x12345678'])])
    const { error } = await world.sync(transaction)
    expect(error?.code).toBe(4211)
    expect(revertReason(error?.data)).toBe('AllowedMethodsEnforcer:method-not-allowed')
    expect(await sentBy(world.sponsor)).toBe(0)
  })

  test('a leaf altered after it was signed is refused', async () => {
    const world = await startRelay()
    const { root, leaf, execution } = await mintThrough(world)
    const { error } = await world.sync(redeem({ delegations: [{ ...leaf, salt: leaf.salt ^ 1n }, root], execution }))
    expect(error?.code).toBe(4211)
    expect(decodeErrorResult({ abi: delegationManagerAbi, data: error?.data ?? '0x' }).errorName).toBe('InvalidEOASignature')
  })

  test('what failed in simulation is not remembered: it can be sent again', async () => {
    const world = await startRelay()
    const { transaction } = await mintThrough(world)
    await chain.client.setCode({ address: world.player.address, bytecode: '0x' })
    const refused = await world.sync(transaction)
    expect(refused.error?.code).toBe(4211)
    await chain.client.setCode({ address: world.player.address, bytecode: concatHex(['0xef0100', framework.EIP7702StatelessDeleGatorImpl]) })
    await world.relay.send(transaction)
    expect(await swordsOf(world.player.address)).toBe(1n)
  })

  test('a request with a broken signature at the same moment does not fail the good one', async () => {
    const world = await startRelay()
    const { root, leaf, execution, transaction } = await mintThrough(world)
    const broken = redeem({ delegations: [{ ...leaf, signature: numberToHex(1n, { size: 65 }) }, root], execution })
    const [refused, sent] = await Promise.all([world.sync(broken), world.relay.send(transaction)])
    expect(refused.error?.code).toBe(4211)
    expect(sent.receipt.status).toBe('success')
  })

  test('a hostile relay cannot take one call out of a batch: the permissions name the session account', async () => {
    const world = await startRelay()
    const { inner } = await batchOf(world, 2)
    const [part] = inner
    const attempt = chain.client.simulateContract({
      account: world.sponsor,
      address: framework.DelegationManager,
      abi: delegationManagerAbi,
      functionName: 'redeemDelegations',
      args: decodedArgs(encodeRedeemDelegations([part as Redemption])),
    })
    await expect(attempt).rejects.toThrow('InvalidDelegate')
  })
})

test("on a chain whose clock is ahead, a leaf's deadline is measured by the chain", async () => {
  const ahead = await startLocalChain()
  try {
    await ahead.increaseTime(7 * 86_400)
    const { timestamp } = await ahead.client.getBlock()
    const player = newAccount()
    const session = newAccount()
    const sponsor = newAccount()
    await ahead.setBalance(sponsor.address, parseEther('1'))
    await ahead.client.setCode({ address: player.address, bytecode: concatHex(['0xef0100', framework.EIP7702StatelessDeleGatorImpl]) })
    const handler = createRelay({ chain: ahead.chain, transport: http(ahead.rpcUrl), account: sponsor })
    const relay = createRelayClient({ url: 'http://relay.test/', fetch: (input, init) => handler(new Request(input as string, init)) })
    const root = await sign(player, { delegate: session.address })
    const execution = { to: session.address, value: 0n, data: '0x' as const }
    const leaf = (until: number) =>
      sign(session, { delegate: anyDelegate, authority: hashDelegation(root), caveats: [...pins(execution).slice(0, 2), caveats.time({ until })] })

    const sent = await relay.send(redeem({ delegations: [await leaf(Number(timestamp) + 600), root], execution }))
    expect(sent.receipt.status).toBe('success')
    const late = relay.send(redeem({ delegations: [await leaf(Number(timestamp) + 7_200), root], execution }))
    await expect(late).rejects.toMatchObject({ code: -32602 })
  } finally {
    await ahead.stop()
  }
})

describe('what it refuses', () => {
  test('every transaction that it does not understand, with a reason', async () => {
    const world = await startRelay({ limits: { maxCallsPerBatch: 2, maxNativeValueWei: 0n } })
    const { player, session, sponsor } = world
    const root = await grant(player, session.address)
    const execution = mint(player.address)
    const leaf = (delegate: Address, limits: readonly Caveat[]) => sign(session, { delegate, authority: hashDelegation(root), caveats: limits })
    const good = { delegations: [await leaf(sponsor.address, pins(execution)), root], execution }
    const [exact, once, until] = pins(execution) as [Caveat, Caveat, Caveat]
    const toRelay = async (limits: Caveat[]) => redeem({ delegations: [await leaf(sponsor.address, limits), root], execution })
    const toAnyone = async (limits: Caveat[]) => redeem({ delegations: [await leaf(anyDelegate, limits), root], execution })
    const nested = async (inner: readonly Redemption[], authority = rootAuthority as Hex) => {
      const call = { to: framework.DelegationManager, value: 0n, data: encodeRedeemDelegations(inner) }
      return redeem({ delegations: [await sign(session, { delegate: sponsor.address, authority, caveats: pins(call) })], execution: call })
    }
    const own = { delegations: [root], execution }
    const call = (data: Hex, to: Address = framework.DelegationManager): RelayTransaction => ({ chainId: chain.chain.id, to, data })
    const value = { ...execution, value: 1n }

    const cases: [RelayTransaction, number, RegExp][] = [
      [call(execution.data, sword), -32602, /must call the DelegationManager/],
      [call('0x', player.address), -32602, /no authorization/],
      [call('0x12345678'), -32602, /not redeemDelegations/],
      [call(concatHex([encodeRedeemDelegations([good]), '0x00'])), -32602, /plainly encoded/],
      [redeem(), -32602, /exactly one redemption/],
      [redeem(good, good), -32602, /exactly one redemption/],
      [redeem({ delegations: [], execution }), -32602, /no delegation/],
      [redeem({ ...good, delegations: [await leaf(player.address, pins(execution)), root] }), -32602, /this relay is/],
      [redeem({ ...good, execution: value }), -32602, /moves 1 wei/],
      [await toRelay([once, until]), -32602, /ExactExecutionEnforcer/],
      [await toRelay([exact, until]), -32602, /LimitedCallsEnforcer/],
      [redeem({ ...good, execution: mint(session.address) }), -32602, /ExactExecutionEnforcer/],
      [await toAnyone([once, until]), -32602, /ExactExecutionEnforcer/],
      [await toAnyone([caveats.exactExecution(mint(session.address)), once, until]), -32602, /ExactExecutionEnforcer/],
      [await toAnyone([exact, until]), -32602, /LimitedCallsEnforcer/],
      [await toAnyone([exact, caveats.callLimit(2), until]), -32602, /LimitedCallsEnforcer/],
      [await toAnyone([exact, once]), -32602, /TimestampEnforcer/],
      [await toAnyone([exact, once, caveats.time({ until: 0 })]), -32602, /TimestampEnforcer/],
      [await toAnyone([exact, once, caveats.time({ until: soon() + 7_200 })]), -32602, /must end within 3600/],
      [await nested([]), -32602, /empty/],
      [await nested([own, own, own]), 4207, /holds 3 calls; at most 2/],
      [await nested([{ ...own, delegations: [] }]), -32602, /must be delegated to/],
      [await nested([{ ...own, delegations: [await grant(player, sponsor.address)] }]), -32602, /must be delegated to/],
      [await nested([{ ...own, execution: value }]), -32602, /moves 1 wei/],
      [await nested([{ ...own, execution: { ...execution, to: framework.DelegationManager } }]), -32602, /does not nest/],
      [await nested([own], hashDelegation(root)), -32602, /stands on nothing else/],
      [{ ...redeem(good), chainId: 1 }, 4206, /serves chain 31337, not 1/],
      [{ ...redeem(good), gas: 6_000_000n }, 4207, /at most 5000000/],
      [{ ...redeem(good), gas: 60_000n }, 4211, /reverts/],
      [{ ...redeem(good), gas: 100n }, 4211, /reverts/],
    ]
    for (const [transaction, code, reason] of cases) {
      const { error } = await world.sync(transaction)
      expect(error, String(reason)).toMatchObject({ code, message: expect.stringMatching(reason) })
    }
    expect(await sentBy(sponsor)).toBe(0)
  })

  test("a stranger's call by a permission that was granted to the relay's own address", async () => {
    const world = await startRelay()
    const granted = await grant(world.player, world.sponsor.address)
    const stranger = newAccount().address
    const { error } = await world.sync(redeem({ delegations: [granted], execution: mint(stranger) }))
    expect(error).toMatchObject({ code: -32602, message: expect.stringContaining('must pin this very execution') })
    expect(await swordsOf(stranger)).toBe(0n)
    // A call that the player did sign needs no deadline, when the relay alone can make it.
    const execution = mint(world.player.address)
    const order = await sign(world.player, { delegate: world.sponsor.address, caveats: pins(execution).slice(0, 2) })
    await world.relay.send(redeem({ delegations: [order], execution }))
    expect(await swordsOf(world.player.address)).toBe(1n)
  })

  test('authorizations that are not for this account, this code and this chain', async () => {
    const world = await startRelay()
    const { transaction } = await batchOf(world, 1)
    const { session, player } = world
    const good = await upgrade(session)
    const cases: [SignedAuthorization[], RegExp][] = [
      [[await upgrade(newAccount())], /does not act for/],
      [[await upgrade(session, { address: sword })], /must be to/],
      [[await upgrade(session, { chainId: 0 })], /for chain 0/],
      [[await upgrade(session, { chainId: 1 })], /for chain 1/],
      [[good, await upgrade(player)], /At most one/],
      [[{ ...good, nonce: 5 }], /does not act for|recovers to no account/],
      [[{ ...good, s: numberToHex(2n ** 256n - 1n) }], /low-s/],
    ]
    for (const [authorizationList, reason] of cases) {
      const { error } = await world.sync({ ...transaction, authorizationList })
      expect(error, String(reason)).toMatchObject({ code: 4210, message: expect.stringMatching(reason) })
    }
    const stale = { chainId: chain.chain.id, to: session.address, data: '0x' as const, authorizationList: [await upgrade(session, { nonce: 3 })] }
    expect((await world.sync(stale)).error).toMatchObject({ code: 4210, message: expect.stringContaining('for nonce 3') })
    expect((await world.rpc('relayer_sendTransaction', { ...encodeRelayTransaction(transaction), authorizationList: [{}] })).error?.code).toBe(4210)
  })

  test('contracts that are not sponsored', async () => {
    const world = await startRelay({ limits: { targets: [framework.EntryPoint] } })
    const single = await world.sync((await mintThrough(world)).transaction)
    const batch = await world.sync((await batchOf(world, 1)).transaction)
    expect(single.error).toMatchObject({ code: -32602, message: expect.stringContaining('not among those') })
    expect(batch.error).toMatchObject({ code: -32602, message: expect.stringContaining('not among those') })
  })

  test('more than one account may have in a window; after it, again', async () => {
    let now = Math.floor(Date.now() / 1000)
    const world = await startRelay({ limits: { perSender: { requests: 2, windowSeconds: 60 } }, clock: () => now })
    const calls = await Promise.all(Array.from({ length: 3 }, () => mintThrough(world)))
    const [first, second, third] = calls.map(({ transaction }) => transaction) as [RelayTransaction, RelayTransaction, RelayTransaction]
    await world.relay.send(first)
    await world.relay.send(second)
    // The batch is made by the session account, and still counts for the player it acts for.
    const batch = await batchOf(world, 1)

    expect((await world.sync(third)).error).toMatchObject({ code: 4203, message: expect.stringContaining('possible in 60') })
    expect((await world.sync(batch.transaction)).error?.code).toBe(4203)
    await world.relay.send(first)
    now += 61
    await world.relay.send(third)
    expect(await swordsOf(world.player.address)).toBe(3n)
  })

  test('a stranger cannot use up an account’s allowance with what the chain refuses', async () => {
    const world = await startRelay({ limits: { perSender: { requests: 1, windowSeconds: 60 } } })
    const { transaction, root, leaf, execution } = await mintThrough(world)
    await world.sync(redeem({ delegations: [{ ...leaf, salt: 1n }, root], execution }))
    await world.relay.send(transaction)
  })

  test('more gas than its budget, counting what is in flight by its estimate and what is done by its price', async () => {
    const probe = await startRelay()
    const { receipt } = await probe.relay.send((await mintThrough(probe)).transaction)
    const cost = receipt.gasUsed * receipt.effectiveGasPrice
    let now = soon()
    // One estimate fits; two do not.
    const world = await startRelay({ limits: { spending: { maxWei: (cost * 45n) / 10n, windowSeconds: 3_600 } }, clock: () => now })
    const [first, second] = await Promise.all([mintThrough(world), mintThrough(world)])

    await chain.client.setAutomine(false)
    const id = await world.relay.sendTransaction(first.transaction)
    expect((await world.sync(second.transaction, 0)).error).toMatchObject({ code: 4205, message: expect.stringContaining('budget') })
    await chain.client.setAutomine(true)
    await chain.client.mine({ blocks: 1 })
    await until(() => world.relay.getStatus(id), ({ status }) => status === 200)
    now += 3_601
    await world.relay.send(second.transaction)
  })

  test('callers without one of its keys', async () => {
    const world = await startRelay({ apiKeys: ['alpha', 'beta'] })
    expect((await world.rpc('relayer_getCapabilities', [])).error).toMatchObject({ code: 4100 })
    expect((await world.rpc('relayer_getCapabilities', [], { authorization: 'Bearer gamma' })).error).toMatchObject({ code: 4100 })
    expect((await world.rpc('relayer_getCapabilities', [], { authorization: 'Bearer beta' })).result).toBeDefined()
    expect((await world.rpc('relayer_getCapabilities', [], { 'x-api-key': 'alpha' })).result).toBeDefined()
  })

  test('limits that make no sense, at once', () => {
    const base = { chain: chain.chain, transport: http(chain.rpcUrl), account: newAccount() }
    expect(() => createRelay({ ...base, limits: { maxGas: 16_777_217n } })).toThrow(InvalidRelayLimitsError)
    expect(() => createRelay({ ...base, limits: { perSender: { requests: 0, windowSeconds: 1 } } })).toThrow(InvalidRelayLimitsError)
  })
})

describe('what becomes of a task', () => {
  test('too slow for one answer: -32070 with the id, 110 while it waits, 200 once it is mined', async () => {
    const world = await startRelay()
    const { transaction } = await mintThrough(world)
    await chain.client.setAutomine(false)

    const { error } = await world.sync(transaction, 1)
    expect(error).toMatchObject({ code: -32070, data: expect.stringMatching(/^0x[0-9a-f]{64}$/) })
    const id = error?.data as Hex
    const submitted = await until(() => world.relay.getStatus(id), ({ status }) => status === 110)
    const done = await minedUntil(() => world.relay.getStatus(id), ({ status }) => status === 200)

    expect(done).toMatchObject({ id, receipt: { status: 'success', transactionHash: (submitted as { transactionHash: Hex }).transactionHash } })
    expect((await world.rpc('relayer_getStatus', { id, logs: true })).result).toMatchObject({ id, chainId: '31337', createdAt: expect.any(Number), status: 200 })
  })

  test('our client goes on with the id that it is given', async () => {
    const world = await startRelay()
    const { transaction } = await mintThrough(world)
    await chain.client.setAutomine(false)
    const impatient = createRelayClient({
      url: 'http://relay.test/',
      pollingIntervalMs: 5,
      fetch: (input, init) => world.handler(new Request(input as string, { ...init, body: String(init?.body).replace('"timeout":10000', '"timeout":0') })),
    })
    const sent = impatient.send(transaction)
    await until(() => chain.client.getTransactionCount({ address: world.sponsor.address, blockTag: 'pending' }), (count) => count === 1)
    await chain.client.mine({ blocks: 1 })
    expect((await sent).receipt.status).toBe('success')
  })

  test('included and reverted: 500 with the revert data and the receipt', async () => {
    const world = await startRelay()
    const root = await grant(world.player, world.session.address, [caveats.callLimit(1)])
    const execution = mint(world.player.address)
    const [first, second] = await Promise.all(
      [1, 2].map(async () => redeem({ delegations: [await pinnedLeaf(world.session, root, execution, world.sponsor.address), root], execution })),
    ) as [RelayTransaction, RelayTransaction]
    await chain.client.setAutomine(false)

    const ids = [await world.relay.sendTransaction(first), await world.relay.sendTransaction(second)] as const
    await until(() => world.relay.getStatus(ids[1]), ({ status }) => status === 110)
    const reverted = await minedUntil(() => world.relay.getStatus(ids[1]), ({ status }) => status !== 110)

    expect(reverted).toMatchObject({ status: 500, receipt: { status: 'reverted' } })
    expect(revertReason((reverted as { data: Hex }).data)).toBe('LimitedCallsEnforcer:limit-exceeded')
    await expect(world.relay.send(second)).rejects.toMatchObject({ name: 'RelayRevertedError', id: ids[1] })
    expect(await swordsOf(world.player.address)).toBe(1n)
  })

  test('a nonce taken by someone else: it counts anew', async () => {
    const world = await startRelay()
    const [first, second] = await Promise.all([mintThrough(world), mintThrough(world)])
    await chain.client.setAutomine(false)
    const id = await world.relay.sendTransaction(first.transaction)
    await until(() => world.relay.getStatus(id), ({ status }) => status === 110)
    await chain.client.sendTransaction({ account: world.sponsor, chain: chain.chain, to: world.player.address, nonce: 1, gas: 100_000n, maxFeePerGas: parseGwei('100'), maxPriorityFeePerGas: parseGwei('90') })
    const next = await world.relay.sendTransaction(second.transaction)
    await until(() => world.relay.getStatus(next), ({ status }) => status === 110)
    expect(await minedUntil(() => world.relay.getStatus(next), ({ status }) => status !== 110)).toMatchObject({ status: 200 })
    expect(await sentBy(world.sponsor)).toBe(3)
  })

  test('a relay that cannot pay rejects, and takes the same request again later', async () => {
    const world = await startRelay()
    const { transaction } = await mintThrough(world)
    await chain.setBalance(world.sponsor.address, 1n)
    await expect(world.relay.send(transaction)).rejects.toMatchObject({ name: 'RelayRejectedError', code: 400, shortMessage: expect.stringContaining('cannot pay') })
    await chain.setBalance(world.sponsor.address, parseEther('1'))
    expect((await world.relay.send(transaction)).receipt.status).toBe('success')
  })

  test('a node that is down is named to the operator, not to the caller', async () => {
    const errors: unknown[] = []
    const secret = 'http://127.0.0.1:9/v2/secret-key'
    const world = await startRelay({ transport: http(secret, { retryCount: 0 }), onError: (error) => errors.push(error) })
    const { error } = await world.sync((await mintThrough(world)).transaction)
    expect(error?.code).toBe(-32603)
    expect(JSON.stringify(error)).not.toContain('secret')
    expect(String((errors[0] as Error).cause)).toContain('secret-key')
  })
})

describe('JSON-RPC over Fetch', () => {
  const post = (body: string) => new Request('http://relay/', { method: 'POST', body })
  const read = async (response: Response) => ({ http: response.status, body: await response.json() })

  test('malformed requests get the codes of the standard', async () => {
    const { handler, rpc } = await startRelay({ limits: { maxBodyBytes: 200 } })
    expect(await read(await handler(post('{')))).toMatchObject({ http: 400, body: { id: null, error: { code: -32700 } } })
    expect(await read(await handler(post('')))).toMatchObject({ body: { error: { code: -32700 } } })
    for (const body of ['[]', '1', 'null', '{"jsonrpc":"2.0","id":1}', '{"jsonrpc":"2.0","method":"relayer_getCapabilities"}', '{"id":1,"method":"relayer_getCapabilities"}']) {
      expect((await read(await handler(post(body)))).body, body).toMatchObject({ id: null, error: { code: -32600 } })
    }
    expect((await read(await handler(post('x'.repeat(201))))).body).toMatchObject({ error: { code: 4207 } })
    expect((await rpc('eth_sendTransaction', [])).error?.code).toBe(-32601)
    expect((await rpc('constructor', [])).error?.code).toBe(-32601)
    expect((await rpc('relayer_getCapabilities', ['x'])).error?.code).toBe(-32602)
    expect((await rpc('relayer_getStatus', { id: '0x12' })).error).toMatchObject({ code: -32602, message: expect.stringContaining('id') })
    expect((await rpc('relayer_getStatus', { id: numberToHex(1n, { size: 32 }) })).error?.code).toBe(4208)
    expect((await rpc('relayer_sendTransaction', { chainId: '31337', data: '0x' })).error).toMatchObject({ code: -32602, message: expect.stringContaining('to') })
    expect((await rpc('relayer_sendTransaction', { chainId: '31337', to: sword, payment: { type: 'token' } })).error?.code).toBe(4202)
  })

  test('a body that streams past the limit is stopped', async () => {
    const { handler } = await startRelay({ limits: { maxBodyBytes: 1_000 } })
    let pulled = 0
    const endless = new ReadableStream<Uint8Array>({ pull: (controller) => controller.enqueue(new Uint8Array(400).fill(32 + (pulled++ % 2))) })
    const request = new Request('http://relay/', { method: 'POST', body: endless, duplex: 'half' } as RequestInit)
    expect((await read(await handler(request))).body).toMatchObject({ error: { code: 4207 } })
    expect(pulled).toBeLessThan(10)
  })

  test('batches are answered in order, each on its own', async () => {
    const { handler, sponsor } = await startRelay()
    const requests = [
      { jsonrpc: '2.0', id: 'a', method: 'relayer_getCapabilities', params: ['31337'] },
      { jsonrpc: '2.0', id: 'b', method: 'nothing' },
      { jsonrpc: '2.0', id: 'c', method: 'relayer_getCapabilities', params: ['1'] },
      7,
    ]
    expect((await read(await handler(post(JSON.stringify(requests))))).body).toMatchObject([
      { id: 'a', result: { 31337: { feeCollector: sponsor.address, tokens: [], targetAddress: sponsor.address } } },
      { id: 'b', error: { code: -32601 } },
      { id: 'c', result: {} },
      { id: null, error: { code: -32600 } },
    ])
    expect((await read(await handler(post(JSON.stringify(Array(51).fill(1)))))).body).toMatchObject({ error: { code: 4207 } })
  })

  test('a page of another origin may call', async () => {
    const { handler } = await startRelay({ cors: 'https://game.example' })
    const preflight = await handler(new Request('http://relay/', { method: 'OPTIONS', headers: { 'access-control-request-headers': 'x-own' } }))
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-origin')).toBe('https://game.example')
    expect(preflight.headers.get('access-control-allow-headers')).toBe('x-own')
    expect((await handler(new Request('http://relay/'))).status).toBe(405)
    expect((await handler(post('{'))).headers.get('access-control-allow-origin')).toBe('https://game.example')
  })
})

describe("Gelato's client, unmodified", () => {
  async function startGelato() {
    const world = await startRelay({ apiKeys: ['key'] })
    const answers: string[] = []
    const baseUrl = await serve(async (request) => {
      const response = await world.handler(request)
      answers.push(await response.clone().text())
      return response
    })
    const gelato = createGelatoEvmRelayerClient({ apiKey: 'key', baseUrl, pollingInterval: 100, ws: { disable: true } })
    return { ...world, gelato, baseUrl, answers }
  }

  test('reads the capabilities', async () => {
    const { gelato, sponsor } = await startGelato()
    expect(await gelato.getCapabilities()).toEqual({ 31337: { feeCollector: sponsor.address, tokens: [] } })
  })

  test('sends, reads the status and waits for the receipt', async () => {
    const world = await startGelato()
    const { transaction } = await batchOf(world, 2)
    const authorizationList = [await upgrade(world.session)]
    const id = await world.gelato.sendTransaction({ ...asTheirs(transaction), gas: 2_000_000n, authorizationList })
    expect(await until(() => world.gelato.getStatus({ id }), ({ status }) => (status as number) === 200)).toMatchObject({ chainId: 31337, id, receipt: { status: 'success' } })
    const receipt = await world.gelato.waitForReceipt({ id }, { usePolling: true })
    expect(receipt).toMatchObject({ status: 'success', type: 'eip7702' })
    expect(await swordsOf(world.player.address)).toBe(2n)
  })

  test('sends and gets the receipt in one request', async () => {
    const world = await startGelato()
    const { transaction } = await mintThrough(world, anyDelegate)
    const receipt = await world.gelato.sendTransactionSync(asTheirs(transaction))
    expect(receipt.status).toBe('success')
    expect(receipt.gasUsed).toBeTypeOf('bigint')
  })

  test('learns why a transaction would revert', async () => {
    const world = await startGelato()
    const { transaction } = await mintThrough(world, anyDelegate, [caveats.methods(['0x12345678'])])
    const sent = world.gelato.sendTransaction(asTheirs(transaction))
    const error = (await sent.catch((cause: unknown) => cause)) as { name: string; revertData: Hex }
    expect(error.name).toBe('SimulationFailedRpcError')
    expect(revertReason(error.revertData)).toBe('AllowedMethodsEnforcer:method-not-allowed')
  })

  test('takes the id when the relay is too slow, and a foreign key is refused', async () => {
    const world = await startGelato()
    const { transaction } = await mintThrough(world)
    await chain.client.setAutomine(false)
    const polling = { requestTimeout: 50, ws: undefined } as unknown as Parameters<typeof world.gelato.sendTransactionSync>[1]
    const receipt = world.gelato.sendTransactionSync(asTheirs(transaction), polling)
    await until(async () => world.answers, (answers) => answers.some((answer) => answer.includes('-32070')))
    await chain.client.mine({ blocks: 1 })
    expect((await receipt).status).toBe('success')

    const stranger = createGelatoEvmRelayerClient({ apiKey: 'other', baseUrl: world.baseUrl, ws: { disable: true } })
    await expect(stranger.getCapabilities()).rejects.toMatchObject({ code: 4100 })
  })
})

const asTheirs = ({ chainId, to, data }: RelayTransaction) => ({ chainId, to, data })

/** Blocks come by hand, and a transaction is in the pool a moment after it was sent. */
async function minedUntil<value>(look: () => Promise<value>, isThere: (value: value) => boolean): Promise<value> {
  return until(async () => {
    await chain.client.mine({ blocks: 1 })
    return look()
  }, isThere)
}

function revertReason(data: Hex | undefined): string {
  return String(decodeErrorResult({ abi: [{ type: 'error', name: 'Error', inputs: [{ name: 'reason', type: 'string' }] }], data: data ?? '0x' }).args[0])
}

function decodedArgs(data: Hex) {
  const { args } = decodeFunctionData({ abi: delegationManagerAbi, data }) as { args: readonly [readonly Hex[], readonly Hex[], readonly Hex[]] }
  return args
}
