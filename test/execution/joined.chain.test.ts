import { createWalletClient, encodeFunctionData, getAddress, http, parseEther, parseEventLogs, slice, type Address, type Hash, type LocalAccount } from 'viem'
import { generatePrivateKey } from 'viem/accounts'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { goldAbi, swordAbi } from '../../demo/contracts/artifacts.js'
import { getPermissionUsage } from '../../src/actions/getPermissionUsage.js'
import { directLane } from '../../src/execution/directLane.js'
import { contractCall } from '../../src/permissions/contractCall.js'
import { defineSession, type SessionDefinition } from '../../src/permissions/defineSession.js'
import { expiresIn } from '../../src/permissions/expiry.js'
import { erc20Allowance } from '../../src/permissions/tokenPermissions.js'
import { gold, newAccount, startShop } from '../startShop.js'
import { countedApp, type NodeAnswers } from './countedApp.js'

// Fifty calls that are simulated at once keep a busy machine busy.
vi.setConfig({ testTimeout: 90_000 })

let world: Awaited<ReturnType<typeof startShop>>
let playing: SessionDefinition
let key: LocalAccount

beforeAll(async () => {
  world = await startShop({ lane: 'direct' })
  playing = defineSession({
    name: 'playing',
    expiry: expiresIn({ days: 3 }),
    permissions: [
      contractCall({ address: world.sword, abi: swordAbi, functions: ['mint'], callLimit: 1_000 }),
      erc20Allowance({ token: world.gold, limit: gold(1_000_000) }),
    ],
  })
})
afterAll(() => world.stop())

beforeEach(async () => {
  const { session } = await world.grant(playing)
  key = (await world.config.sessions.signer(session)) as LocalAccount
  await world.chain.setBalance(key.address, parseEther('10'))
})
afterEach(async () => {
  await world.chain.client.setAutomine(true)
})

const page = (answers: NodeAnswers = {}, lane = directLane({ patienceMs: 300 })) => {
  const app = countedApp(world, () => lane, answers)
  return { ...app, send: (calls: readonly unknown[], options = {}) => app.send(calls, { session: playing, ...options }) }
}
const mintTo = (to: Address) => ({ ...world.mint, args: [to] })
/** The contract refuses it, with an error of its own. */
const mintToNobody = () => mintTo('0x0000000000000000000000000000000000000000')
const newPlayers = (count: number) => Array.from({ length: count }, () => getAddress(slice(generatePrivateKey(), 12)))
const swordsOf = (players: readonly Address[]) => Promise.all(players.map((player) => world.balance(world.sword, player)))
const transactionsOfKey = (blockTag: 'latest' | 'pending' = 'latest') => world.chain.client.getTransactionCount({ address: key.address, blockTag })
const transactionsIn = (asked: readonly string[]) => asked.filter((method) => method.startsWith('eth_sendRawTransaction')).length
const hashesOf = (sent: readonly { transactionHash: Hash }[]) => new Set(sent.map(({ transactionHash }) => transactionHash))
type Outcome = { status: 'sent'; hash: Hash } | { status: 'failed'; error: Error }
const outcomeOf = (sent: Promise<{ transactionHash: Hash }>): Promise<Outcome> =>
  sent.then(({ transactionHash }) => ({ status: 'sent', hash: transactionHash }), (error: Error) => ({ status: 'failed', error }))

describe('in one tick', () => {
  test('fifty sends are one request and one transaction, also on a page that has just begun', async () => {
    const app = page({}, directLane())
    const [first, ...players] = newPlayers(51)
    const early = newPlayers(3)
    expect(hashesOf(await Promise.all(early.map((player) => app.send([mintTo(player)])))).size).toBe(1)
    await app.send([mintTo(first as Address)])
    let hashes = new Set<Hash>()
    expect(await app.during(async () => (hashes = hashesOf(await Promise.all(players.map((player) => app.send([mintTo(player)]))))))).toEqual(['eth_sendRawTransactionSync'])
    expect(hashes.size).toBe(1)
    expect(await swordsOf([...early, ...players])).toEqual([...early, ...players].map(() => 1n))
  })

  test('one of fifty that the called contract refuses fails alone, with its own error; the others happen once, in two transactions', async () => {
    const app = page()
    await app.send([world.mint])
    const players = newPlayers(49)
    const calls = [...players.slice(0, 20).map(mintTo), mintToNobody(), ...players.slice(20).map(mintTo)]
    const before = await transactionsOfKey()
    let outcomes: Outcome[] = []
    const asked = await app.during(async () => (outcomes = await Promise.all(calls.map((call) => outcomeOf(app.send([call]))))))

    expect(outcomes.flatMap((outcome, index) => (outcome.status === 'failed' ? [index] : []))).toEqual([20])
    expect(outcomes[20]).toMatchObject({ error: { name: 'SessionCallRevertedError', data: expect.stringMatching(/^0x64a0ae92/) } })
    expect(await swordsOf(players)).toEqual(players.map(() => 1n))
    // The first, in which all of them failed, and the one of those that remained.
    expect(transactionsIn(asked)).toBe(2)
    expect(await transactionsOfKey()).toBe(before + 2)
    // Each kept to its own account of what is left.
    const usage = await getPermissionUsage(app.config, { session: playing })
    expect(usage.permissions[0]?.calls).toEqual({ limit: 1_000, left: 1_000 - 50 })
  })

  test('after such a failure nothing that fails is sent again with others: they are simulated together first', async () => {
    const app = page()
    await app.send([world.mint])
    const players = newPlayers(4)
    const round = () => Promise.all([...players.map(mintTo), mintToNobody()].map((call) => outcomeOf(app.send([call]))))
    await round()
    const before = await transactionsOfKey()
    const outcomes = await round()
    expect(outcomes.map(({ status }) => status)).toEqual(['sent', 'sent', 'sent', 'sent', 'failed'])
    expect(await transactionsOfKey()).toBe(before + 1)
    expect(await swordsOf(players)).toEqual([2n, 2n, 2n, 2n])
  })

  test('the calls of one send stay one: what fails takes its own calls along and no others', async () => {
    const app = page()
    await app.send([world.mint])
    await app.send([world.pay(gold(1)), world.mint])
    const [one, other, third] = newPlayers(3) as [Address, Address, Address]
    const outcomes = await Promise.all([
      outcomeOf(app.send([world.pay(gold(5), one), mintTo(one)])),
      outcomeOf(app.send([world.pay(gold(5), other), mintToNobody()])),
      outcomeOf(app.send([mintTo(third)])),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual(['sent', 'failed', 'sent'])
    expect(await Promise.all([one, other].map((player) => world.balance(world.gold, player)))).toEqual([gold(5), 0n])
    expect(await swordsOf([one, other, third])).toEqual([1n, 0n, 1n])
  })

  test('two that pass alone and not together: the first one happens, the second is refused', async () => {
    const app = page()
    const left = await world.balance(world.gold, world.player)
    const most = (left * 2n) / 3n
    const [one, other, player] = newPlayers(3) as [Address, Address, Address]
    await app.send([world.pay(1n)])
    await app.send([world.mint])
    const outcomes = await Promise.all([
      outcomeOf(app.send([mintTo(player)])),
      outcomeOf(app.send([world.pay(most, one)])),
      outcomeOf(app.send([world.pay(most, other)])),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual(['sent', 'sent', 'failed'])
    expect(outcomes[2]).toMatchObject({ error: { name: 'SessionCallRevertedError' } })
    expect(await Promise.all([one, other].map((to) => world.balance(world.gold, to)))).toEqual([most, 0n])
    expect(await swordsOf([player])).toEqual([1n])
    await giveGold(most)
  })

  test('when every one of them fails each has its own error, and nothing more is sent', async () => {
    const app = page()
    await app.send([world.mint])
    const tooMuch = (await world.balance(world.gold, world.player)) + 1n
    await app.send([world.pay(1n)])
    const asked = await app.during(async () => {
      const outcomes = await Promise.all([outcomeOf(app.send([mintToNobody()])), outcomeOf(app.send([world.pay(tooMuch)]))])
      expect(outcomes).toMatchObject([{ error: { data: expect.stringMatching(/^0x64a0ae92/) } }, { error: { data: expect.stringMatching(/^0xe450d38c/) } }])
    })
    expect(transactionsIn(asked)).toBe(1)
  })

  test('they happen in the order in which they were sent, and each is told its own logs', async () => {
    const app = page()
    await app.send([world.mint])
    const players = newPlayers(10)
    const sent = await Promise.all(players.map((player) => app.send([mintTo(player), world.pay(1n, player)])))
    expect(hashesOf(sent).size).toBe(1)
    const swords = (logs: (typeof sent)[0]['receipt']['logs'] = []) => parseEventLogs({ abi: swordAbi, eventName: 'Transfer', logs: logs.filter(({ address }) => address.toLowerCase() === world.sword.toLowerCase()) })
    expect(swords(sent[0]?.receipt.logs).map(({ args }) => args.to)).toEqual(players)
    expect(sent.map(({ logs }) => swords(logs).map(({ args }) => args.to))).toEqual(players.map((player) => [player]))
    const paid = sent.map(({ logs = [] }) => parseEventLogs({ abi: goldAbi, eventName: 'Transfer', logs: logs.filter(({ address }) => address.toLowerCase() === world.gold.toLowerCase()) }))
    expect(paid.map((transfers) => transfers.map(({ args }) => args.to))).toEqual(players.map((player) => [player]))
  })

  test('a send that asks for it has a transaction of its own', async () => {
    const app = page()
    await app.send([world.mint])
    const sent = await Promise.all([app.send([world.mint]), app.send([world.mint], { join: false }), app.send([world.mint])])
    expect(hashesOf(sent).size).toBe(3)
  })

  test('what skips the check is simulated, and refused, by itself', async () => {
    const app = page()
    await app.send([world.mint])
    const players = newPlayers(2)
    const [one, other] = players as [Address, Address]
    const forbidden = { ...world.mint, functionName: 'approve', args: [world.shop, 1n] }
    const outcomes = await Promise.all([outcomeOf(app.send([mintTo(one)])), outcomeOf(app.send([forbidden], { skipCheck: true })), outcomeOf(app.send([mintTo(other)]))])
    expect(outcomes).toMatchObject([{ status: 'sent' }, { error: { name: 'FunctionNotAllowedError', by: 'chain' } }, { status: 'sent' }])
    expect(await swordsOf(players)).toEqual([1n, 1n])
  })

  test('a key that can pay for some of them and not for all: as many happen as it can pay for', async () => {
    const app = page()
    await app.send([world.mint])
    const { receipt } = await app.send([world.mint])
    await world.chain.setBalance(key.address, receipt.gasUsed * receipt.effectiveGasPrice * 4n)
    const players = newPlayers(8)
    const outcomes = await Promise.all(players.map((player) => outcomeOf(app.send([mintTo(player)]))))
    const swords = await swordsOf(players)
    expect(outcomes.map(({ status }) => (status === 'sent' ? 1n : 0n))).toEqual(swords)
    expect(swords.filter((count) => count === 1n).length).toBeGreaterThanOrEqual(2)
    expect(swords).toContain(0n)
    for (const outcome of outcomes) if (outcome.status === 'failed') expect(outcome.error.message).toMatch(/exceeds the balance of the account/)
  })
})

describe('while one is on its way', () => {
  test('those that come are collected, and go together when it is in a block', async () => {
    const lane = directLane({ patienceMs: 300, joinForMs: 60_000 })
    let came = 0
    const app = page({}, { ...lane, send: (request) => ((came += 1), lane.send(request)) })
    await app.send([world.mint])
    await world.chain.client.setAutomine(false)
    const before = await transactionsOfKey('pending')
    const players = newPlayers(4) as [Address, Address, Address, Address]
    const first = app.send([mintTo(players[0])])
    await expect.poll(() => transactionsOfKey('pending')).toBe(before + 1)
    const others = []
    for (const player of players.slice(1)) {
      const before = came
      others.push(app.send([mintTo(player)]))
      await expect.poll(() => came).toBe(before + 1)
    }
    expect(await transactionsOfKey('pending')).toBe(before + 1)
    await world.chain.client.setAutomine(true)
    await world.chain.client.mine({ blocks: 1 })
    const sent = [await first, ...(await Promise.all(others))]
    expect(hashesOf(sent).size).toBe(2)
    expect(sent[0]?.transactionHash).not.toBe(sent[1]?.transactionHash)
    expect(await swordsOf(players)).toEqual([1n, 1n, 1n, 1n])
  })

  test('they wait for a slow block so long and no longer, and then are in the same one', async () => {
    const app = page({}, directLane({ patienceMs: 5_000, joinForMs: 50 }))
    await app.send([world.mint])
    await world.chain.client.setAutomine(false)
    const before = await transactionsOfKey('pending')
    const first = app.send([world.mint])
    await expect.poll(() => transactionsOfKey('pending')).toBe(before + 1)
    const others = [app.send([world.mint]), app.send([world.mint])]
    await expect.poll(() => transactionsOfKey('pending')).toBe(before + 2)
    await world.chain.client.setAutomine(true)
    await world.chain.client.mine({ blocks: 1 })
    const sent = [await first, ...(await Promise.all(others))]
    expect(hashesOf(sent).size).toBe(2)
    expect(new Set(sent.map(({ receipt }) => receipt.blockNumber)).size).toBe(1)
  })
})

describe('the gas that one transaction may have (EIP-7825)', () => {
  test('a hundred sends are as many transactions as it takes, each within it', async () => {
    const app = page()
    await app.send([world.mint])
    const players = newPlayers(100)
    const sent = await Promise.all(players.map((player) => app.send([mintTo(player)])))
    expect(await swordsOf(players)).toEqual(players.map(() => 1n))
    const hashes = [...hashesOf(sent)]
    expect(hashes.length).toBeGreaterThan(1)
    expect(hashes.length).toBeLessThan(4)
    for (const hash of hashes) expect((await world.chain.client.getTransaction({ hash })).gas).toBeLessThanOrEqual(16_777_216n)
  })

  test('one send that needs more by itself is refused before anything is sent, and others beside it are not', async () => {
    const app = page()
    await app.send([world.mint])
    let outcomes: Outcome[] = []
    const asked = await app.during(async () => {
      outcomes = await Promise.all([outcomeOf(app.send([world.mint])), outcomeOf(app.send(Array.from({ length: 120 }, () => world.mint))), outcomeOf(app.send([world.mint]))])
    })
    expect(outcomes).toMatchObject([{ status: 'sent' }, { error: { name: 'GasCapExceededError' } }, { status: 'sent' }])
    expect(transactionsIn(asked)).toBe(1)
  })
})

describe('one key in two pages that know nothing of each other', () => {
  test('each of forty happens exactly once', async () => {
    const pages = [page(), page()] as const
    for (const one of pages) await one.send([world.mint])
    const players = newPlayers(40)
    await Promise.all(players.map((player, index) => pages[index % 2 === 0 ? 0 : 1].send([mintTo(player)])))
    expect(await swordsOf(players)).toEqual(players.map(() => 1n))
  })

  test('one of each page’s fails: it alone', async () => {
    const pages = [page(), page()] as const
    for (const one of pages) await one.send([world.mint])
    const players = newPlayers(10)
    const outcomes = await Promise.all([...players.map(mintTo), mintToNobody(), mintToNobody()].map((call, index) => outcomeOf(pages[index % 2 === 0 ? 0 : 1].send([call]))))
    expect(outcomes.map(({ status }) => status)).toEqual([...players.map(() => 'sent'), 'failed', 'failed'])
    expect(await swordsOf(players)).toEqual(players.map(() => 1n))
  })
})

describe('how fast', () => {
  test('a hundred at once, beside the same account without a session, one after the other', async () => {
    const app = page({}, directLane())
    await app.send([world.mint])
    await Promise.all(Array.from({ length: 10 }, () => app.send([world.mint])))
    const began = performance.now()
    const asked = await app.during(() => Promise.all(Array.from({ length: 100 }, () => app.send([world.mint]))))
    const joined = 100_000 / (performance.now() - began)
    expect(new Set(asked)).toEqual(new Set(['eth_sendRawTransactionSync']))
    expect(asked.length).toBeLessThanOrEqual(3)

    const account = newAccount()
    await world.chain.setBalance(account.address, parseEther('10'))
    const wallet = createWalletClient({ account, chain: world.chain.chain, transport: http(world.chain.rpcUrl) })
    const data = encodeFunctionData({ abi: swordAbi, functionName: 'mint', args: [account.address] })
    const alone = () => wallet.sendTransactionSync({ to: world.sword, data })
    for (let warmUp = 0; warmUp < 5; warmUp += 1) await alone()
    const beganAlone = performance.now()
    for (let action = 0; action < 50; action += 1) await alone()
    const inSequence = 50_000 / (performance.now() - beganAlone)
    // How fast a busy machine is proves nothing; `asked` does.
    console.log(`joined: ${joined.toFixed(0)}/s · the same account in sequence: ${inSequence.toFixed(0)}/s · ${(joined / inSequence).toFixed(1)} times`)
  })
})

async function giveGold(amount: bigint): Promise<void> {
  const { client, chain } = world.chain
  const [bank] = await client.getAddresses()
  const data = encodeFunctionData({ abi: goldAbi, functionName: 'mint', args: [world.player, amount] })
  await client.waitForTransactionReceipt({ hash: await client.sendTransaction({ account: bank as Address, chain, to: world.gold, data }) })
}
