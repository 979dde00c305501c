import { createWalletClient, encodeFunctionData, http, numberToHex, parseEther, parseGwei, type Address, type Hex, type LocalAccount } from 'viem'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { goldAbi } from '../../demo/contracts/artifacts.js'
import { framework } from '../../src/delegation/framework.js'
import { directLane } from '../../src/execution/directLane.js'
import { createRelayClient } from '../../src/execution/relayClient.js'
import { relayLane, type RelayLaneOptions } from '../../src/execution/relayLane.js'
import { gold, newAccount, startShop } from '../startShop.js'
import { countedApp, methodNotFound, refusedByNode, type NodeAnswers } from './countedApp.js'

let world: Awaited<ReturnType<typeof startShop>>
let key: LocalAccount

beforeAll(async () => {
  world = await startShop({ lane: 'direct' })
})
afterAll(() => world.stop())

beforeEach(async () => {
  const { session } = await world.grant()
  key = (await world.config.sessions.signer(session)) as LocalAccount
  await world.chain.setBalance(key.address, parseEther('1'))
  const { client, chain } = world.chain
  const [bank] = await client.getAddresses()
  const data = encodeFunctionData({ abi: goldAbi, functionName: 'mint', args: [world.player, gold(2000)] })
  await client.waitForTransactionReceipt({ hash: await client.sendTransaction({ account: bank as Address, chain, to: world.gold, data }) })
})
afterEach(async () => {
  await world.chain.client.setAutomine(true)
})

const swordsBy = async (work: () => Promise<unknown>) => {
  const before = await world.swords()
  await work()
  return (await world.swords()) - before
}
const transactionsOfKey = (blockTag: 'latest' | 'pending' = 'latest') => world.chain.client.getTransactionCount({ address: key.address, blockTag })
const blockWithBaseFee = async (baseFeePerGas: bigint) => {
  await world.chain.client.setNextBlockBaseFeePerGas({ baseFeePerGas })
  await world.chain.client.mine({ blocks: 1 })
}
const times = <result>(count: number, work: (index: number) => Promise<result>) => Promise.all(Array.from({ length: count }, (_, index) => work(index)))

describe('over the direct lane', () => {
  const direct = (answers: NodeAnswers = {}, lane = directLane({ patienceMs: 300 })) => countedApp(world, () => lane, answers)
  /** Another program that has the same key. */
  const elsewhere = () => createWalletClient({ account: key, chain: world.chain.chain, transport: http(world.chain.rpcUrl) })

  test('after warm-up one action is exactly one request, of one call or of several', async () => {
    const app = countedApp(world, () => directLane())
    for (const calls of [[world.mint], world.buy()]) {
      await app.send(calls)
      for (let action = 1; action <= 3; action += 1) {
        expect(await app.during(() => app.send(calls))).toEqual(['eth_sendRawTransactionSync'])
      }
    }
  })

  test('twenty at once, each with a transaction of its own, happen exactly once, under twenty numbers', async () => {
    const app = direct()
    await app.send([world.mint])
    const before = await transactionsOfKey()
    const sent = times(20, () => app.send([world.mint], { join: false }))
    expect(await swordsBy(() => sent)).toBe(20n)
    expect(new Set((await sent).map(({ transactionHash }) => transactionHash)).size).toBe(20)
    expect(await transactionsOfKey()).toBe(before + 20)
  })

  test('a foreign transaction of the same key in between, included or still waiting', async () => {
    const app = direct()
    const to = newAccount().address
    await app.send([world.mint])
    await elsewhere().sendTransaction({ to, value: 1n })
    expect(await swordsBy(() => app.send([world.mint]))).toBe(1n)

    await world.chain.client.setAutomine(false)
    const next = (await transactionsOfKey('pending')) + 1
    await elsewhere().sendTransaction({ to, value: 1n })
    await expect.poll(() => transactionsOfKey('pending')).toBe(next)
    const waiting = app.send([world.mint])
    await expect.poll(() => transactionsOfKey('pending')).toBe(next + 1)
    await world.chain.client.setAutomine(true)
    await world.chain.client.mine({ blocks: 1 })
    expect((await waiting).receipt.status).toBe('success')
    expect(await world.chain.client.getBalance({ address: to })).toBe(2n)
  })

  test('two that count for themselves at once: each of twenty happens exactly once', async () => {
    const apps = [direct(), direct()] as const
    for (const app of apps) await app.send([world.mint])
    expect(await swordsBy(() => times(20, (index) => apps[index % 2 === 0 ? 0 : 1].send([world.mint])))).toBe(20n)
  })

  test('a node without eth_sendRawTransactionSync is asked for it once', async () => {
    const app = direct({ eth_sendRawTransactionSync: methodNotFound })
    await app.send([world.mint])
    const asked = await app.during(() => app.send([world.mint]))
    expect(asked.slice(0, 2)).toEqual(['eth_sendRawTransaction', 'eth_getTransactionReceipt'])
    expect(new Set(asked).size).toBe(2)
  })

  test.each([
    ['is lost after the node has sent it', async (forward: () => Promise<unknown>) => forward().then(() => Promise.reject(new Error('the connection broke')))],
    ['is lost before it reached the node', () => Promise.reject(new Error('the connection broke'))],
    ['is that it takes too long', (forward: () => Promise<unknown>) => forward().then(() => refusedByNode('not in a block within 2s', 4))],
  ])('an answer that %s: it happens once', async (_, answer) => {
    const app = direct({ eth_sendRawTransactionSync: answer })
    expect(await swordsBy(() => app.send([world.mint]))).toBe(1n)
    expect(await swordsBy(() => times(3, () => app.send([world.mint])))).toBe(3n)
  })

  test('fees that rise tenfold: what the node refuses is offered more', async () => {
    const app = direct()
    await blockWithBaseFee(parseGwei('10'))
    await app.send([world.mint])
    await blockWithBaseFee(parseGwei('100'))
    let asked: string[] = []
    expect(await swordsBy(async () => (asked = await app.during(() => app.send([world.mint]))))).toBe(1n)
    expect(asked.filter((method) => method === 'eth_sendRawTransactionSync')).toHaveLength(2)
  })

  test('fees that rise tenfold while it waits: it is outbid, and happens once', async () => {
    const app = direct()
    await blockWithBaseFee(parseGwei('10'))
    await app.send([world.mint])
    await world.chain.client.setAutomine(false)
    const next = (await transactionsOfKey('pending')) + 1
    const before = await world.swords()
    const waiting = app.send([world.mint])
    await expect.poll(() => transactionsOfKey('pending')).toBe(next)
    await blockWithBaseFee(parseGwei('100'))
    expect(await transactionsOfKey()).toBe(next - 1)
    await expect.poll(() => app.asked.filter((method) => method === 'eth_sendRawTransaction').length).toBeGreaterThan(0)
    await world.chain.client.setAutomine(true)
    await world.chain.client.mine({ blocks: 1 })
    expect((await waiting).receipt.status).toBe('success')
    expect((await world.swords()) - before).toBe(1n)
    expect(await transactionsOfKey()).toBe(next)
  })

  test('one that the node refuses does not hold up those behind it', async () => {
    let refuse = ''
    const app = direct({
      eth_sendRawTransactionSync: (forward, [serialized]: readonly [Hex]) => (serialized === refuse ? refusedByNode('not this one') : forward()),
      eth_estimateGas: (forward, [{ to }]: readonly [{ to: Address }]) => (refuse && to === framework.DelegationManager ? refusedByNode('execution reverted', 3, '0x12345678') : forward()),
    })
    await app.send([world.mint])
    const { signTransaction } = key
    const numbers: number[] = []
    const signed = { ...key, signTransaction: async (...given: Parameters<typeof signTransaction>) => {
      const serialized = await signTransaction(...given)
      numbers.push(given[0].nonce as number)
      if (numbers.length === 2) refuse = serialized as string
      return serialized
    } } as LocalAccount
    app.config.sessions = { ...app.config.sessions, signer: async () => signed }
    const before = await world.swords()
    const outcomes = times(3, () => app.send([world.mint], { join: false }).then(({ receipt }) => receipt.status, (error: Error) => error.name))
    await expect.poll(() => numbers.length).toBeGreaterThan(2)
    expect(await outcomes).toEqual(['success', 'SessionCallRevertedError', 'success'])
    expect((await world.swords()) - before).toBe(2n)
  })

  test('a chain that went back: the numbers that nobody has any more are filled', async () => {
    const app = direct()
    await app.send([world.mint])
    const snapshot = await world.chain.client.snapshot()
    await times(2, () => app.send([world.mint]))
    await world.chain.client.revert({ id: snapshot })
    expect(await swordsBy(() => app.send([world.mint]))).toBe(1n)
  })

  test('gas that was known and is too little: nothing took effect, and it is sent again with enough', async () => {
    let isTight = false
    const app = direct({
      eth_estimateGas: async (forward) => {
        const honest = BigInt((await forward()) as Hex)
        // With the margin on top: just enough.
        return numberToHex(isTight ? (honest * 80n) / 100n : honest)
      },
    })
    const mintTo = (to: Address) => ({ ...world.mint, args: [to] })
    await app.send([world.mint])
    isTight = true
    await app.send([world.mint, world.mint])
    isTight = false
    const [first, second] = [newAccount().address, newAccount().address]
    const asked = await app.during(() => app.send([mintTo(first), mintTo(second)]))
    expect(asked).toEqual(['eth_sendRawTransactionSync', 'eth_estimateGas', 'eth_sendRawTransactionSync'])
    expect(await Promise.all([first, second].map((one) => world.balance(world.sword, one)))).toEqual([1n, 1n])
  })

  test('a key that can just cover it', async () => {
    const app = direct()
    await app.send([world.mint])
    const { receipt } = await app.send([world.mint])
    await world.chain.setBalance(key.address, (receipt.gasUsed * receipt.effectiveGasPrice * 14n) / 10n)
    expect(await swordsBy(() => app.send([world.mint]))).toBe(1n)
    await world.chain.setBalance(key.address, 1n)
    await expect(app.send([world.mint])).rejects.toThrow(/exceeds the balance of the account/)
  })
})

describe('what the page knows of the limits', () => {
  const app = () => countedApp(world, () => directLane({ patienceMs: 300 }))

  test('is less than others have used: the chain refuses, in the words it always had, and then we do', async () => {
    const [one, other] = [app(), app()]
    await one.send([world.pay(gold(100))])
    await other.send([world.pay(gold(900))])
    await expect(one.send([world.pay(gold(100))])).rejects.toMatchObject({ name: 'SpendLimitExceededError', by: 'chain' })
    await expect(one.send([world.pay(gold(100))])).rejects.toMatchObject({ name: 'SpendLimitExceededError', by: 'check' })
  })

  test('would refuse what the chain allows: the chain is read before anything is refused', async () => {
    const one = app()
    const snapshot = await world.chain.client.snapshot()
    await one.send([world.pay(gold(1000))])
    await world.chain.client.revert({ id: snapshot })
    const asked = await one.during(() => one.send([world.pay(gold(1000))]))
    expect(asked.slice(0, 2)).toEqual(['eth_getBlockByNumber', 'eth_call'])
  })

  test('counts what is on its way: past the limit the contracts are asked first', async () => {
    const one = app()
    await one.send([world.pay(gold(100))])
    const outcomes = await times(12, () => one.send([world.pay(gold(100))]).then(() => 'paid', (error: Error) => error.name))
    expect(outcomes.filter((outcome) => outcome === 'paid')).toHaveLength(9)
    expect(new Set(outcomes)).toEqual(new Set(['paid', 'SpendLimitExceededError']))
  })
})

describe('over the relay lane', () => {
  const relayed = (options: RelayLaneOptions = {}) => countedApp(world, (fetch) => relayLane(createRelayClient({ url: world.relay.url, fetch }), options))

  test('after warm-up one action is one request to the relay, and one receipt from the app’s own node', async () => {
    const app = relayed()
    for (const calls of [[world.mint], world.buy()]) {
      await app.send(calls)
      await app.send(calls)
      for (let action = 1; action <= 3; action += 1) {
        const asked = await app.during(() => app.send(calls))
        expect(asked[0]).toBe('relayer_sendTransactionSync')
        expect([...new Set(asked)]).toEqual(['relayer_sendTransactionSync', 'eth_getTransactionReceipt'])
      }
    }
  })

  test('confirmed after the result: exactly one request stands between a click and its result', async () => {
    const unconfirmed: Error[] = []
    const app = relayed({ confirm: 'after', onUnconfirmed: (error) => unconfirmed.push(error) })
    for (const calls of [[world.mint], world.buy()]) {
      await app.send(calls)
      await app.send(calls)
      await expect.poll(() => app.asked.at(-1)).toBe('eth_getTransactionReceipt')
      const asked = await app.during(async () => {
        const { receipt } = await app.send(calls)
        expect(receipt.status).toBe('success')
        expect(app.asked.filter((method) => method !== 'eth_getTransactionReceipt')).toEqual(['relayer_sendTransactionSync'])
      })
      expect(asked[0]).toBe('relayer_sendTransactionSync')
      await expect.poll(() => app.asked.at(-1)).toBe('eth_getTransactionReceipt')
    }
    expect(unconfirmed).toEqual([])
  })
})
