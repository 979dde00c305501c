import { createClient, custom, encodeAbiParameters, encodeEventTopics, encodeFunctionData, parseAbi, parseEther, toFunctionSelector, type Hex } from 'viem'
import { sendTransaction } from 'viem/actions'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { goldAbi } from '../../demo/contracts/artifacts.js'
import { sendSessionCalls } from '../../src/actions/sendSessionCalls.js'
import { encodeSessionCalls } from '../../src/actions/sessionCalls.js'
import { caveats } from '../../src/delegation/caveats.js'
import { hashDelegation } from '../../src/delegation/delegation.js'
import type { DelegatedPermission } from '../../src/delegation/grantedPermission.js'
import { enforcers, framework } from '../../src/delegation/framework.js'
import { decodeRedeemDelegations } from '../../src/delegation/redeem.js'
import { directLane } from '../../src/execution/directLane.js'
import { AlreadyRedeemedError, SignedCallExpiredError } from '../../src/execution/errors.js'
import type { LaneRequest } from '../../src/execution/lane.js'
import { isRedeemed } from '../../src/execution/leafRedemption.js'
import { redemptionsFor } from '../../src/execution/redemptions.js'
import { createRelayClient, type RelayClient } from '../../src/execution/relayClient.js'
import { InvalidRelayConfigError, RelayOutcomeUnknownError, RelayRevertedError, RelayUnknownTransactionError } from '../../src/execution/relayErrors.js'
import { relayLane, type RelayConfirmation } from '../../src/execution/relayLane.js'
import type { Session } from '../../src/sessions/session.js'
import { serveFetch, type ServedFetch } from '../../src/testing/chain/serveFetch.js'
import { gold, newAccount, startShop } from '../startShop.js'

let world: Awaited<ReturnType<typeof startShop>>
let session: Session
let paidBefore: bigint
const served: ServedFetch[] = []

beforeAll(async () => {
  world = await startShop({ lane: 'relay' })
  session = (await world.grant()).session
})
beforeEach(async () => {
  paidBefore = await world.balance(world.gold, world.shop)
})
afterEach(async () => {
  await world.chain.client.setAutomine(true)
  await Promise.all(served.splice(0).map((server) => server.close()))
})
afterAll(() => world.stop())

type Rpc = { jsonrpc: '2.0'; id: number; method: string; params: { to: Hex; data: Hex } }
type Answer = { result?: unknown; error?: { code: number; message?: string; data?: unknown } }

/** The shop's relay behind one that answers sending as it is told; what it throws is a lost answer. */
async function relayThat(answer: (forward: () => Promise<Answer>, request: Rpc, attempt: number) => Promise<Answer>, row: object = {}, confirmation: RelayConfirmation = {}) {
  const sent: Rpc[] = []
  const server = await serveFetch(async (incoming) => {
    const request = (await incoming.json()) as Rpc
    const forward = async () => (await (await fetch(world.relay.url, { method: 'POST', body: JSON.stringify(request) })).json()) as Answer
    if (request.method === 'relayer_getCapabilities') {
      const { result } = (await forward()) as { result: Record<string, object> }
      return Response.json({ jsonrpc: '2.0', id: request.id, result: { 31337: { ...result[31337], ...row } } })
    }
    sent.push(request)
    return Response.json({ jsonrpc: '2.0', id: request.id, ...(await answer(forward, request, sent.length)) })
  })
  served.push(server)
  const lane = relayLane(createRelayClient({ url: server.url, pollingIntervalMs: 5, totalTimeoutMs: 200 }), { receiptTimeoutMs: 100, ...confirmation })
  const pay = () => sendSessionCalls({ ...world.config, lane }, { session: world.shopping, calls: [world.pay(gold(10))] as never })
  return { sent, lane, pay }
}

const leafHashOf = ({ params }: Rpc) => hashDelegation(decodeRedeemDelegations(params.data)?.[0]?.delegations[0] ?? failed('no leaf'))
const failed = (reason: string): never => {
  throw new Error(reason)
}
const paid = async () => (await world.balance(world.gold, world.shop)) - paidBefore
const limitExceeded = '0x08c379a0000000000000000000000000000000000000000000000000000000000000002000000000000000000000000000000000000000000000000000000000000000234c696d6974656443616c6c73456e666f726365723a6c696d69742d65786365656465640000000000000000000000000000000000000000000000000000000000'

const hash = (digit: string) => `0x${digit.repeat(64)}` as Hex

function invented(transactionHash: Hex, status: '0x1' | '0x0' = '0x1') {
  const { address } = newAccount()
  const gas = { cumulativeGasUsed: '0x1', gasUsed: '0x1', effectiveGasPrice: '0x1' }
  const receipt = { transactionHash, transactionIndex: '0x0', blockHash: hash('2'), blockNumber: '0x1', from: address, to: address, logs: [], status, ...gas }
  return { id: 'x', status: status === '0x1' ? 200 : 500, receipt }
}

/** A payment for the lane, over a node that answers some methods otherwise and writes down what it is asked. */
async function request(answers: Record<string, () => unknown> = {}, asked: string[] = []): Promise<LaneRequest> {
  const { client } = world.chain
  const transport = custom({
    request: async ({ method, params }) => {
      asked.push(method)
      return answers[method]?.() ?? client.request({ method, params } as never)
    },
  })
  return {
    chainId: session.chainId,
    client: createClient({ chain: world.chain.chain, transport, pollingInterval: 20 }),
    signer: await world.config.sessions.signer(session),
    redemptions: redemptionsFor(session.granted as DelegatedPermission[], encodeSessionCalls([world.pay(gold(10))]), [{ permission: 1 }]),
    now: Number((await client.getBlock()).timestamp),
  }
}

/** Some relays do not say why a transaction reverted. */
function withoutReasons(relay: RelayClient): RelayClient {
  const send: RelayClient['send'] = (transaction) =>
    relay.send(transaction).catch((error: unknown) => {
      throw error instanceof RelayRevertedError ? new RelayRevertedError({ id: error.id, data: undefined, receipt: error.receipt }) : error
    })
  return { ...relay, send }
}

describe('the call happened, whatever the relay says', () => {
  test.each<[string, Parameters<typeof relayThat>[0], number]>([
    ['refused, because the leaf was redeemed first', async (forward) => (await forward(), { error: { code: 4211, message: 'reverts', data: limitExceeded } }), 1],
    ['refused for another reason', async (forward) => (await forward(), { error: { code: 4203, message: 'slow down' } }), 1],
    ['an answer that is lost, then the same again', (forward, _, attempt) => forward().then((answer) => (attempt === 1 ? failed('lost') : answer)), 2],
    ['both answers lost', (forward) => forward().then(() => failed('lost')), 2],
    ['the first answer lost, the second a refusal', (forward, _, attempt) => forward().then(() => (attempt === 1 ? failed('lost') : { error: { code: 4203 } })), 2],
    ['an answer that is none', async (forward) => (await forward(), { result: 'thank you' }), 1],
    ['never a word on the task', async (forward, { method }) => (method === 'relayer_getStatus' ? { result: { id: 'x', status: 100 } } : (await forward(), { error: { code: -32070, data: 'x' } })), NaN],
    ['a transaction that the chain does not know', async (forward) => (await forward(), { result: invented(hash('1')) }), 1],
  ])('%s', async (_, answer, requests) => {
    const { pay, sent } = await relayThat(answer)

    const { receipt, transactionHash } = await pay()

    expect(receipt).toEqual(await world.chain.client.getTransactionReceipt({ hash: transactionHash }))
    expect(receipt.status).toBe('success')
    expect(await paid()).toBe(gold(10))
    if (requests) expect(sent).toHaveLength(requests)
    expect(new Set(sent.filter(({ params }) => params.data).map(({ params }) => params.data)).size).toBe(1)
  })

  test('somebody else redeemed the open leaf in the block in which the relay’s transaction reverted', async () => {
    const thief = newAccount()
    await world.chain.setBalance(thief.address, parseEther('1'))
    const { client, chain } = world.chain
    const { pay } = await relayThat(
      async (forward, { params, method }) => {
        if (method === 'relayer_getStatus') return forward()
        await client.setAutomine(false)
        const answer = forward()
        await expect.poll(() => client.getTransactionCount({ address: world.sponsor.address, blockTag: 'pending' })).toBeGreaterThan(
          await client.getTransactionCount({ address: world.sponsor.address }),
        )
        await sendTransaction(client, { account: thief, chain, to: params.to, data: params.data, gas: 1_000_000n, maxPriorityFeePerGas: 10n ** 11n, maxFeePerGas: 10n ** 12n })
        await client.mine({ blocks: 1 })
        const told = await answer
        expect(told).toMatchObject({ result: { status: 500 } })
        return told
      },
      { targetAddress: null },
    )

    const { receipt } = await pay()

    expect(receipt.from.toLowerCase()).toBe(thief.address.toLowerCase())
    expect(await paid()).toBe(gold(10))
  })

  test('a node that cannot find the transaction: never "nothing happened"', async () => {
    const { lane, sent } = await relayThat((forward) => forward().then(() => failed('lost')))
    const error = await lane.send(await request({ eth_getLogs: () => [] })).catch((cause: unknown) => cause)
    expect(error).toBeInstanceOf(AlreadyRedeemedError)
    expect(error).toMatchObject({ leafHash: leafHashOf(sent[0] as Rpc), message: expect.not.stringContaining('Nothing was sent') })
    expect(await paid()).toBe(gold(10))
  })
})

describe('the call has not happened', () => {
  test('nobody knows yet: which call, and until when it may still happen', async () => {
    const { pay, sent } = await relayThat(() => failed('down'))
    const error = (await pay().catch((cause: unknown) => cause)) as RelayOutcomeUnknownError

    expect(error).toBeInstanceOf(RelayOutcomeUnknownError)
    expect(error).toMatchObject({ leafHash: leafHashOf(sent[0] as Rpc), cause: { name: 'RelayUnreachableError' } })
    const { timestamp } = await world.chain.client.getBlock()
    const [leaf] = decodeRedeemDelegations((sent[0] as Rpc).params.data)?.[0]?.delegations ?? []
    expect(leaf?.caveats).toContainEqual(caveats.time({ until: error.deadline }))
    expect(error.deadline).toBeLessThanOrEqual(Math.max(Number(timestamp), Date.now() / 1000) + 300)
    expect(error.message).toMatch(/may still happen until .+, and not after[^]+Look before trying again/)
    expect(await isRedeemed(world.chain.client, error.leafHash)).toBe(false)
    expect(await paid()).toBe(0n)
  })

  test('too slow: the task stays in the cause', async () => {
    const { pay } = await relayThat(async (_, { method }) => (method === 'relayer_getStatus' ? { result: { id: 'x', status: 110, hash: hash('1') } } : { error: { code: -32070, data: 'x' } }))
    await expect(pay()).rejects.toMatchObject({ name: 'RelayOutcomeUnknownError', cause: { name: 'RelayTimeoutError', id: 'x', transactionHash: hash('1') } })
  })

  test('an invented receipt, of a success or of a revert', async () => {
    for (const status of ['0x1', '0x0'] as const) {
      const { pay } = await relayThat(async () => ({ result: invented(hash('1'), status) }))
      const error = await pay().catch((cause: unknown) => cause)
      expect(error).toBeInstanceOf(RelayUnknownTransactionError)
      expect(error).toBeInstanceOf(RelayOutcomeUnknownError)
      expect(error).toMatchObject({ transactionHash: hash('1'), shortMessage: expect.stringContaining('the chain does not know') })
      expect(await paid()).toBe(0n)
    }
  })

  test("the receipt of another player's transaction", async () => {
    const { transactionHash } = await world.send([world.mint])
    const { pay } = await relayThat(async () => ({ result: invented(transactionHash) }))
    await expect(pay()).rejects.toMatchObject({ name: 'RelayUnknownTransactionError', shortMessage: expect.stringContaining('does not hold this call') })
    expect(await paid()).toBe(0n)
  })

  test('held back past its deadline: the session has not ended', async () => {
    const { pay } = await relayThat(async (forward) => {
      await world.chain.increaseTime(301)
      return forward()
    })
    const error = await pay().catch((cause: unknown) => cause)
    expect(error).toBeInstanceOf(SignedCallExpiredError)
    expect(error).toMatchObject({ by: 'chain', revert: { contract: 'TimestampEnforcer' }, shortMessage: expect.stringContaining('held back too long') })
    await world.send([world.pay(gold(1))])
  })
})

const increasedCountAbi = parseAbi([
  'event IncreasedCount(address indexed sender, address indexed redeemer, bytes32 indexed delegationHash, uint256 limit, uint256 callCount)',
])

/** A receipt that says everything that the kit looks for. */
function forged(leafHash: Hex) {
  const told = invented(hash('1'))
  const topics = encodeEventTopics({ abi: increasedCountAbi, args: { sender: framework.DelegationManager, redeemer: world.sponsor.address, delegationHash: leafHash } })
  const place = { transactionHash: hash('1'), transactionIndex: '0x0', blockHash: hash('2'), blockNumber: '0x1', logIndex: '0x0' }
  const data = encodeAbiParameters([{ type: 'uint256' }, { type: 'uint256' }], [1n, 1n])
  return { ...told, receipt: { ...told.receipt, logs: [{ address: enforcers.LimitedCallsEnforcer, topics, data, ...place }] } }
}

describe('confirmed after the result', () => {
  const unconfirmed: Error[] = []
  const after: RelayConfirmation = { confirm: 'after', onUnconfirmed: (error) => unconfirmed.push(error) }
  beforeEach(() => {
    unconfirmed.length = 0
  })

  test('a forged receipt is the result, and is told of as soon as the chain was asked', async () => {
    const { pay, sent } = await relayThat(async (_, request) => ({ result: forged(leafHashOf(request)) }), {}, after)
    expect(await pay()).toMatchObject({ transactionHash: hash('1'), receipt: { status: 'success' } })
    await expect.poll(() => unconfirmed).toHaveLength(1)
    expect(unconfirmed[0]).toBeInstanceOf(RelayUnknownTransactionError)
    expect(unconfirmed[0]).toMatchObject({ transactionHash: hash('1'), leafHash: leafHashOf(sent[0] as Rpc) })
    expect(await paid()).toBe(0n)
  })

  test('by default the same is refused before it is a result', async () => {
    const { pay } = await relayThat(async (_, request) => ({ result: forged(leafHashOf(request)) }))
    await expect(pay()).rejects.toBeInstanceOf(RelayUnknownTransactionError)
  })

  test('a receipt without the call’s own log, or of a revert, is held against the chain first', async () => {
    for (const status of ['0x1', '0x0'] as const) {
      const { pay } = await relayThat(async () => ({ result: invented(hash('1'), status) }), {}, after)
      await expect(pay()).rejects.toBeInstanceOf(RelayUnknownTransactionError)
    }
    expect(unconfirmed).toEqual([])
  })

  test('a lie about which transaction it was does no harm: the call did happen', async () => {
    const { pay } = await relayThat(async (forward, request) => (await forward(), { result: forged(leafHashOf(request)) }), {}, after)
    await pay()
    expect(await paid()).toBe(gold(10))
    expect(unconfirmed).toEqual([])
  })

  test('nobody to tell: refused when it is configured', () => {
    const relay = createRelayClient({ url: world.relay.url })
    expect(() => relayLane(relay, { confirm: 'after' } as never)).toThrow(InvalidRelayConfigError)
  })
})

test('beyond the relay’s answer, one receipt is asked for', async () => {
  const { lane } = await relayThat((forward) => forward())
  const asked: string[] = []
  await lane.send({ ...(await request({}, asked)), blockNumber: await world.chain.client.getBlockNumber() })
  expect(asked).toEqual(['eth_getTransactionReceipt'])
})

test.each(['relay', 'direct'] as const)('included and reverted over the %s lane: the reason is read from the chain', async (name) => {
  const { client, chain } = world.chain
  const lane = name === 'relay' ? relayLane(withoutReasons(createRelayClient({ url: world.relay.url }))) : directLane()
  const sender = name === 'relay' ? world.sponsor.address : session.address
  await Promise.all([world.player, session.address].map((address) => world.chain.setBalance(address, parseEther('10'))))
  const snapshot = await client.snapshot()
  const pending = () => client.getTransactionCount({ address: sender, blockTag: 'pending' })
  const before = await pending()

  await client.setAutomine(false)
  const sent = sendSessionCalls({ ...world.config, lane }, { session: world.shopping, calls: [world.pay(gold(10))] as never }).catch((error: unknown) => error)
  await expect.poll(pending).toBe(before + 1)
  // In the same block, before it, the player spends all they have.
  await sendTransaction(client, {
    account: world.owner,
    chain,
    to: world.gold,
    data: encodeFunctionData({ abi: goldAbi, functionName: 'transfer', args: [newAccount().address, await world.balance(world.gold, world.player)] }),
    gas: 200_000n,
    maxPriorityFeePerGas: 10n ** 11n,
    maxFeePerGas: 10n ** 12n,
  })
  await client.mine({ blocks: 1 })

  const reason = toFunctionSelector('ERC20InsufficientBalance(address,uint256,uint256)')
  expect(await sent).toMatchObject({ name: 'SessionCallRevertedError', revert: { contract: 'call', reason } })
  await client.revert({ id: snapshot })
})
