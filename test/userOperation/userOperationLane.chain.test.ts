import { encodeFunctionData, parseEther } from 'viem'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { goldAbi } from '../../demo/contracts/artifacts.js'
import { framework } from '../../src/delegation/framework.js'
import { CallLimitExceededError, ContractNotAllowedError, SessionCallRevertedError, SpendLimitExceededError } from '../../src/execution/errors.js'
import { UserOperationOutcomeUnknownError } from '../../src/execution/userOperationErrors.js'
import { userOperationLane } from '../../src/execution/userOperationLane.js'
import { readUserOperation } from '../../src/execution/userOperationEvents.js'
import { gold, newAccount } from '../startShop.js'
import { countedApp } from '../execution/countedApp.js'
import { startBundler } from './startBundler.js'
import { startUserOperations } from './startUserOperations.js'

let world: Awaited<ReturnType<typeof startUserOperations>>
beforeAll(async () => {
  world = await startUserOperations()
})
afterEach(async () => {
  world.paymaster.refuse(undefined)
  world.paymaster.signAs(undefined)
  await world.chain.client.setAutomine(true)
})
afterAll(() => world.stop())

/** Requests to bundler and paymaster, written down, and answered otherwise where a test says so. */
function watched(answer: (method: string, forward: () => Promise<Response>) => Promise<Response> = (_, forward) => forward()) {
  const asked: string[] = []
  const watch: typeof fetch = (input, init) => {
    const { method } = JSON.parse(String(init?.body)) as { method: string }
    asked.push(method)
    return answer(method, () => fetch(input, init))
  }
  return { asked, fetch: watch }
}

const ethOf = (address: `0x${string}`) => world.chain.client.getBalance({ address })

describe.each(['secp256k1', 'p256'] as const)('a session with a %s key', (key) => {
  test('acts with nothing in its key: the paymaster pays, the user was asked once', async () => {
    const questions = world.questions.length
    const [deposit, swords, spent] = [await world.paymaster.deposit(), await world.swords(), await world.balance(world.gold, world.shop)]
    const { session, send } = await world.startSession(key)

    const { id, receipt, transactionHash } = await send([world.mint])
    await send(world.buy())

    expect(await world.swords()).toBe(swords + 2n)
    expect(await world.balance(world.gold, world.shop)).toBe(spent + gold(100))
    expect(await ethOf(session.address)).toBe(0n)
    expect(await world.paymaster.deposit()).toBeLessThan(deposit)
    expect(world.questions).toHaveLength(questions + 1)
    expect(receipt).toEqual(await world.chain.client.getTransactionReceipt({ hash: transactionHash }))
    expect(readUserOperation(receipt, id as `0x${string}`)).toEqual({ success: true })
  })

  test('five clicks at once are five swords, though the first of them has to make the account', async () => {
    const { send } = await world.startSession(key)
    const swords = await world.swords()
    await Promise.all(Array.from({ length: 5 }, () => send([world.mint])))
    expect(await world.swords()).toBe(swords + 5n)
  })

  test('what it may not do is refused by us, and by the chain if sent anyway; a batch with one bad call does nothing', async () => {
    const { send, force } = await world.startSession(key)
    const swords = await world.swords()
    const foreign = { ...world.pay(1n), to: world.usd }
    await expect(send([foreign])).rejects.toThrow(ContractNotAllowedError)
    await expect(force([foreign])).rejects.toMatchObject({ name: 'ContractNotAllowedError', by: 'chain', revert: { contract: 'AllowedTargetsEnforcer' } })
    await expect(force([world.mint, world.pay(gold(1001))])).rejects.toMatchObject({ name: 'SpendLimitExceededError', by: 'chain' })
    await expect(send([world.pay(gold(1001))])).rejects.toThrow(SpendLimitExceededError)
    expect(await world.swords()).toBe(swords)
  })
})

describe('what one action asks', () => {
  test('after warm-up: the paymaster’s word, the operation, looks at it, and its receipt from the app’s own node', async () => {
    await world.grant()
    const { send, during } = countedApp(world, (count) =>
      userOperationLane({ url: world.bundler.url, fetch: count, pollingIntervalMs: 20, paymaster: { url: world.paymaster.url, fetch: count } }),
    )
    // The first makes the account, the second learns what such a call takes.
    await send([world.mint])
    await send([world.mint])

    const asked = await during(() => send([world.mint]))

    expect(asked.filter((method) => method !== 'eth_getUserOperationReceipt')).toEqual(['pm_getPaymasterData', 'eth_sendUserOperation', 'eth_getTransactionReceipt'])
    expect(asked.slice(2, -1)).toContain('eth_getUserOperationReceipt')
  })

  test('the second use of a nonce’s key is cheaper than a fresh one', async () => {
    const { send } = await world.startSession()
    await send([world.mint])
    const fresh = await Promise.all([send([world.mint]), send([world.mint])])
    const again = await send([world.mint])
    expect(again.receipt.gasUsed).toBeLessThan(fresh[0].receipt.gasUsed > fresh[1].receipt.gasUsed ? fresh[0].receipt.gasUsed : fresh[1].receipt.gasUsed)
  })

  test('what the paymaster is to know is passed on', async () => {
    const { send } = await world.startSession('secp256k1', { paymasterContext: { policy: 'swords' } })
    await send([world.mint])
    expect(world.paymaster.contexts.at(-1)).toEqual({ policy: 'swords' })
  })

  test('the bundler wants more than was known: it is estimated again, and made once', async () => {
    let refuses = false
    const bundler = watched(async (method, forward) => {
      if (!refuses || method !== 'eth_sendUserOperation') return forward()
      refuses = false
      return Response.json({ jsonrpc: '2.0', id: 1, error: { code: -32602, message: 'preVerificationGas is not enough' } })
    })
    const { send } = await world.startSession('secp256k1', { fetch: bundler.fetch })
    await send([world.mint])
    await send([world.mint])
    const swords = await world.swords()
    bundler.asked.length = 0
    refuses = true
    await send([world.mint])
    expect(bundler.asked.slice(0, 3)).toEqual(['eth_sendUserOperation', 'eth_estimateUserOperationGas', 'eth_sendUserOperation'])
    expect(await world.swords()).toBe(swords + 1n)
  })
})

describe('nobody pays', () => {
  test.each([
    ['the service declines', () => world.paymaster.refuse({ code: -32001, message: 'over budget' }), -32001, 'over budget'],
    ['the contract does not know the signature', () => world.paymaster.signAs(newAccount()), undefined, 'AA34'],
    ['the deposit is used up', () => world.paymaster.empty(), undefined, 'AA31'],
  ] as const)('%s', async (_, prepare, code, words) => {
    const { send } = await world.startSession()
    const swords = await world.swords()
    await prepare()
    await expect(send([world.mint])).rejects.toMatchObject({ name: 'PaymasterRefusedError', ...(code ? { code } : {}), message: expect.stringContaining(words) })
    expect(await world.swords()).toBe(swords)

    // The next try is a new one.
    await world.paymaster.fill()
    world.paymaster.refuse(undefined)
    world.paymaster.signAs(undefined)
    await send([world.mint])
    expect(await world.swords()).toBe(swords + 1n)
  })

  test('no paymaster: the session’s account pays, and says so where it cannot', async () => {
    const { session, send } = await world.startSession('secp256k1', { paymaster: undefined })
    await expect(send([world.mint])).rejects.toMatchObject({ name: 'UserOperationRefusedError', entryPointCode: 'AA21', message: expect.stringContaining('configure a paymaster') })
    await world.chain.setBalance(session.address, parseEther('1'))
    await send([world.mint])
    expect(await ethOf(session.address)).toBeLessThan(parseEther('1'))
  })
})

describe('the chain says no after all', () => {
  test('a call that fails in a block: the contract’s reason, and no sword', async () => {
    const { send, session } = await world.startSession()
    await send(world.buy())
    await send(world.buy())
    await send(world.buy())
    // Whoever moves the player’s gold away in between; our check counts limits, not balances.
    const left = await world.balance(world.gold, world.player)
    const transfer = { to: world.gold, data: encodeFunctionData({ abi: goldAbi, functionName: 'transfer', args: [world.shop, left] }) }
    await world.chain.client.impersonateAccount({ address: world.player })
    await world.chain.setBalance(world.player, parseEther('1'))
    const moved = await world.chain.client.sendTransaction({ account: world.player, chain: null, ...transfer })
    await world.chain.client.waitForTransactionReceipt({ hash: moved })
    const swords = await world.swords()

    const failed: unknown = await send(world.buy()).catch((error: unknown) => error)

    expect(failed).toBeInstanceOf(SessionCallRevertedError)
    expect(failed).toMatchObject({ cause: { name: 'UserOperationRevertedError' } })
    expect(await world.swords()).toBe(swords)
    expect(session.status).toBe('active')
    const back = { to: world.gold, data: encodeFunctionData({ abi: goldAbi, functionName: 'transfer', args: [world.player, left] }) }
    await world.chain.client.impersonateAccount({ address: world.shop })
    await world.chain.setBalance(world.shop, parseEther('1'))
    await world.chain.client.waitForTransactionReceipt({ hash: await world.chain.client.sendTransaction({ account: world.shop, chain: null, ...back }) })
  })

  test('the call limit counts on-chain', async () => {
    const config = world.openActing()
    const [minting] = world.shopping.permissions
    const once = { ...world.shopping, name: crypto.randomUUID(), permissions: [{ ...minting, callLimit: 1 } as typeof minting] }
    const { session } = await world.grantWith(config, once)
    const { sendSessionCalls } = await import('../../src/actions/sendSessionCalls.js')
    await sendSessionCalls(config, { session: session.id, calls: [world.mint] as never })
    await expect(sendSessionCalls(config, { session: session.id, calls: [world.mint] as never })).rejects.toThrow(CallLimitExceededError)
    await expect(sendSessionCalls(config, { session: session.id, calls: [world.mint] as never, skipCheck: true })).rejects.toMatchObject({
      name: 'CallLimitExceededError',
      by: 'chain',
    })
  })
})

describe('the bundler fails', () => {
  test.each(['request', 'answer'] as const)('a lost %s is sent again, and the call is made once', async (part) => {
    let lost = 0
    const bundler = watched(async (method, forward) => {
      if (method !== 'eth_sendUserOperation' || lost > 0) return forward()
      lost += 1
      if (part === 'answer') await forward()
      throw new TypeError('connection reset')
    })
    const { send } = await world.startSession('secp256k1', { fetch: bundler.fetch })
    const swords = await world.swords()
    await send([world.mint])
    expect(lost).toBe(1)
    expect(await world.swords()).toBe(swords + 1n)
  })

  test('it dies before the call is in a block: not known, and the operation may still happen', async () => {
    const dying = await startBundler(world.chain)
    const swords = await world.swords()
    const bundler = watched(async (method, forward) => {
      if (method === 'eth_sendUserOperation') await world.chain.client.setAutomine(false)
      if (method !== 'eth_getUserOperationReceipt') return forward()
      const pending = async () => (await world.chain.client.getTxpoolContent()).pending
      await vi.waitFor(async () => expect(Object.keys(await pending())).not.toHaveLength(0), { timeout: 10_000 })
      await dying.kill()
      return forward()
    })
    const { send } = await world.startSession('secp256k1', { url: dying.url, fetch: bundler.fetch })

    const open: unknown = await send([world.mint]).catch((error: unknown) => error)

    expect(open).toBeInstanceOf(UserOperationOutcomeUnknownError)
    expect(open).toMatchObject({ cause: { name: 'BundlerUnreachableError' } })
    expect(await world.swords()).toBe(swords)
    await world.chain.client.mine({ blocks: 1 })
    expect(await world.swords()).toBe(swords + 1n)
  })

  test('it was never there: nothing was sent, and nothing secret is said', async () => {
    const { send } = await world.startSession('secp256k1', { url: 'http://127.0.0.1:9/v2/1/rpc?apikey=secret', apiKey: 'secret' })
    const error = (await send([world.mint]).catch((refused: unknown) => refused)) as Error
    expect(error).toMatchObject({ name: 'BundlerUnreachableError', service: 'bundler' })
    expect(String(error.stack) + JSON.stringify(error)).not.toContain('secret')
  })

  test('it names a transaction that is another’s: the chain is searched', async () => {
    const bundler = watched(async (method, forward) => {
      const answer = await forward()
      if (method !== 'eth_getUserOperationReceipt') return answer
      const body = (await answer.json()) as { result: { receipt: { transactionHash: string } } | null }
      if (body.result) body.result.receipt.transactionHash = (await world.chain.client.getBlock({ blockNumber: 1n })).transactions[0] as string
      return Response.json(body)
    })
    const { send } = await world.startSession('secp256k1', { fetch: bundler.fetch })
    const { receipt, id } = await send([world.mint])
    expect(receipt.to?.toLowerCase()).toBe(framework.EntryPoint.toLowerCase())
    expect(readUserOperation(receipt, id as `0x${string}`)).toEqual({ success: true })
  })

  // The last one: it is the bundler of all the others.
  test('it dies after the call is in a block: the chain says so, and so do we', async () => {
    const swords = await world.swords()
    const bundler = watched(async (method, forward) => {
      if (method !== 'eth_getUserOperationReceipt') return forward()
      await vi.waitFor(async () => expect(await world.swords()).toBe(swords + 1n), { timeout: 10_000 })
      await world.bundler.kill()
      return forward()
    })
    const { send } = await world.startSession('secp256k1', { fetch: bundler.fetch })
    const { receipt, id } = await send([world.mint])
    expect(readUserOperation(receipt, id as `0x${string}`)).toEqual({ success: true })
  })
})
