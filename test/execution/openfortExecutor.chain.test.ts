import { createClient, custom, encodeAbiParameters, encodeFunctionData, isAddressEqual, maxUint256, parseAbiParameters, zeroAddress, type Address, type Hex } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { swordAbi } from '../../demo/contracts/artifacts.js'
import { openfort } from '../../src/dialects/openfort.js'
import { readSessionKey } from '../../src/dialects/openfortSessionKey.js'
import { CallLimitExceededError, SessionCallRevertedError, SessionRevokedError } from '../../src/execution/errors.js'
import { OpenfortCallsRevertedError, OpenfortIntentError, OpenfortOutcomeUnknownError, OpenfortRefusedError } from '../../src/execution/openfortErrors.js'
import { gold, startOpenfort } from './openfortWorld.js'

let world: Awaited<ReturnType<typeof startOpenfort>>
beforeAll(async () => {
  world = await startOpenfort()
}, 60_000)
afterAll(() => world.stop())

type Intent = { id: string; nextAction: { payload: { signableHash: Hex } } }

const someone = (): Address => privateKeyToAccount(generatePrivateKey()).address
const rejection = async (promise: Promise<unknown>) => promise.then(() => expect.fail('it was let through'), (error: unknown) => error)

test('a session is created by the backend, confirmed by the user, acts, counts down, and is revoked', async () => {
  const session = await world.grant({ contracts: [world.sword], callLimit: 3 })
  expect(session.answer.granted).toEqual([{ permission: { type: 'contract-call', address: world.sword, callLimit: 3, valueLimit: maxUint256 } }])
  expect(session.answer).toMatchObject({ expiry: session.request.expiry, delegate: session.key.address, handle: `ses_${session.key.address}` })
  expect(await session.read()).toEqual({ revoked: false, callsLeft: 3 })

  const before = await world.swords()
  const { id, transactionHash, receipt } = await session.act([world.mint])
  expect(id).toMatch(/^tin_/)
  expect(receipt).toMatchObject({ status: 'success', transactionHash })
  expect(await world.swords()).toBe(before + 1n)
  expect(await session.read()).toEqual({ revoked: false, callsLeft: 2 })

  await session.revoke()
  expect(await session.read()).toMatchObject({ revoked: true })
  const error = await rejection(session.act([world.mint]))
  expect(error).toBeInstanceOf(SessionRevokedError)
  expect(error).toMatchObject({ by: 'chain', revert: { contract: 'EntryPoint', reason: 'FailedOp AA24 signature error' } })
  expect(await world.swords()).toBe(before + 1n)
})

test('a batch is one transaction: approve and transfer', async () => {
  const session = await world.grant({ contracts: [world.gold], callLimit: 5 })
  const [spender, payee] = [someone(), someone()]
  await session.act([world.approve(spender, gold(7)), world.pay(payee, gold(40))])
  expect(await world.allowance(spender)).toBe(gold(7))
  expect(await world.goldOf(payee)).toBe(gold(40))
  expect(await session.read()).toEqual({ revoked: false, callsLeft: 3 })
})

test('a batch whose second call fails does nothing, though its transaction succeeds', async () => {
  const session = await world.grant({ contracts: [world.gold], callLimit: 5 })
  const [spender, payee] = [someone(), someone()]
  const error = await rejection(session.act([world.approve(spender, gold(7)), world.pay(payee, gold(1_000_000))]))
  expect(error).toBeInstanceOf(OpenfortCallsRevertedError)
  const { transactionHash, data } = error as OpenfortCallsRevertedError
  expect((await world.client.getTransactionReceipt({ hash: transactionHash })).status).toBe('success')
  expect(data?.slice(0, 10)).toBe('0xe450d38c') // ERC20InsufficientBalance
  expect(await world.allowance(spender)).toBe(0n)
  expect(await world.goldOf(payee)).toBe(0n)
  // What the message says: they are counted all the same.
  expect(await session.read()).toEqual({ revoked: false, callsLeft: 3 })
})

test('past the call limit the account refuses, and the error says how many are left', async () => {
  const session = await world.grant({ contracts: [world.sword], callLimit: 1 })
  const before = await world.swords()
  const error = await rejection(session.act([world.mint, world.mint]))
  expect(error).toBeInstanceOf(CallLimitExceededError)
  expect((error as Error).message).toContain('This session has 1 calls left, and 2 are to be made.')
  expect(await session.read()).toEqual({ revoked: false, callsLeft: 1 })
  await session.act([world.mint])
  expect(await world.swords()).toBe(before + 1n)
  // Used up is not revoked.
  expect(await session.read()).toEqual({ revoked: false, callsLeft: 0 })
  await expect(session.act([world.mint])).rejects.toThrow('This session has 0 calls left')
})

test('a contract outside the whitelist is refused by the account', async () => {
  const session = await world.grant({ contracts: [world.sword] })
  const payee = someone()
  const error = await rejection(session.act([world.pay(payee, 1n)]))
  expect(error).toBeInstanceOf(SessionCallRevertedError)
  expect(error).toMatchObject({ revert: { reason: 'FailedOp AA24 signature error' } })
  expect(await world.goldOf(payee)).toBe(0n)
})

test('the signature of another key, even of one with a session of its own, is refused', async () => {
  const [session, other] = [await world.grant({ contracts: [world.sword] }), await world.grant({ contracts: [world.gold] })]
  const before = await world.swords()
  let hash: Hex = '0x'
  const acted = session.act([world.mint], {
    createIntent: async (request) => {
      const intent = (await world.intents.createIntent(request)) as Intent
      hash = intent.nextAction.payload.signableHash
      return intent
    },
    submitSignature: async ({ id }) => world.intents.submitSignature({ id, signature: await other.key.signMessage({ message: { raw: hash } }) }),
  })
  await expect(acted).rejects.toThrow(SessionCallRevertedError)
  expect(await world.swords()).toBe(before)
})

test("a called contract that speaks in the EntryPoint's words does not make a success look like a failure", async () => {
  const session = await world.grant({ contracts: [world.liar, world.sword] })
  const before = await world.swords()
  const { receipt } = await session.act([world.lie, world.mint])
  expect(receipt.logs.some(({ address }) => isAddressEqual(address, world.liar))).toBe(true)
  expect(await world.swords()).toBe(before + 1n)
})

test('after its end a session does nothing', async () => {
  const session = await world.grant({ contracts: [world.sword], seconds: 2_000 })
  const snapshot = await world.client.snapshot()
  await world.chain.increaseTime(2_001)
  const error = await rejection(session.act([world.mint]))
  expect(error).toBeInstanceOf(SessionCallRevertedError)
  expect(error).toMatchObject({ revert: { reason: 'FailedOp AA22 expired or not due' } })
  await world.client.revert({ id: snapshot })
})

test('a session without a call limit has no count, and still only its contracts', async () => {
  const session = await world.grant({ contracts: [world.sword, world.gold] })
  expect(session.answer.granted.map(({ permission }) => 'callLimit' in permission)).toEqual([false, false])
  expect(await session.read()).toEqual({ revoked: false })
  await session.act([world.mint])
  expect(await session.read()).toMatchObject({ revoked: false })
})

test('what the session key signs is the hash of the intent, and the backend gets calls that survive JSON', async () => {
  const session = await world.grant({ contracts: [world.sword] })
  await session.act([world.mint])
  const { body } = world.requests.filter(({ path }) => path === '/v1/transaction_intents').at(-1) ?? {}
  expect(body).toEqual({
    account: world.account,
    chainId: 31337,
    sessionAddress: session.key.address,
    calls: [{ to: world.sword, value: '0', data: encodeFunctionData({ abi: swordAbi, functionName: 'mint', args: [world.account] }) }],
  })
})

describe('answers of the backend', () => {
  const never = () => Promise.reject(new Error('it went on'))
  let session: Awaited<ReturnType<typeof world.grant>>
  beforeAll(async () => {
    session = await world.grant({ contracts: [world.sword], callLimit: 100 })
  })

  test.each([
    ['at the top, new name', (hash: Hex) => ({ signableHash: hash })],
    ['at the top, old name', (hash: Hex) => ({ userOperationHash: hash })],
    ['in the next action, new name', (hash: Hex) => ({ nextAction: { payload: { signableHash: hash } } })],
    ['in the next action, old name', (hash: Hex) => ({ nextAction: { payload: { signableHash: null, userOperationHash: hash } } })],
  ])('the hash is found %s', async (_where, place) => {
    const before = await world.swords()
    await session.act([world.mint], {
      createIntent: async (request) => {
        const { id, nextAction } = (await world.intents.createIntent(request)) as Intent
        return { id, ...place(nextAction.payload.signableHash) }
      },
    })
    expect(await world.swords()).toBe(before + 1n)
  })

  test.each([
    ['nothing', undefined],
    ['no id', { signableHash: `0x${'11'.repeat(32)}` }],
    ['no hash', { id: 'tin_1' }],
    ['a next action without a hash', { id: 'tin_1', nextAction: { type: 'sign_with_wallet', payload: {} } }],
    ['a hash of 31 bytes', { id: 'tin_1', signableHash: `0x${'11'.repeat(31)}` }],
    ['a hash that is text', { id: 'tin_1', signableHash: 'sign this please' }],
  ])('an intent with %s is not signed', async (_what, answer) => {
    const error = await rejection(session.act([world.mint], { createIntent: async () => answer, submitSignature: never }))
    expect(error).toBeInstanceOf(OpenfortIntentError)
    expect((error as Error).message).toContain('Nothing was signed')
  })

  test.each([
    ['rejects', () => Promise.reject(new Error('503'))],
    ['throws', () => {
      throw new Error('503')
    }],
  ])('a createIntent that %s: nothing happened', async (_how, createIntent) => {
    const error = await rejection(session.act([world.mint], { createIntent, submitSignature: never }))
    expect(error).toBeInstanceOf(OpenfortIntentError)
    expect(error).toMatchObject({ cause: { message: '503' } })
  })

  test.each([
    ['nothing', undefined],
    ['no transaction', { id: 'tin_1' }],
    ['a response without one', { response: { createdAt: 1 } }],
    ['a hash that is none', { transactionHash: '0x1234' }],
    ['a failed status as text', { response: { status: '0' } }],
  ])('signed, and answered with %s: the outcome is not known', async (_what, answer) => {
    const error = await rejection(session.act([world.mint], { submitSignature: async () => answer }))
    expect(error).toBeInstanceOf(OpenfortOutcomeUnknownError)
    expect((error as Error).message).toContain('They may have happened')
    expect((error as OpenfortOutcomeUnknownError).intentId).toMatch(/^tin_/)
  })

  test('a lost answer is not taken for a failure: the call did happen', async () => {
    const before = await world.swords()
    const lost = session.act([world.mint], {
      submitSignature: async (signed) => {
        await world.intents.submitSignature(signed)
        throw new Error('connection reset')
      },
    })
    await expect(lost).rejects.toThrow(OpenfortOutcomeUnknownError)
    expect(await world.swords()).toBe(before + 1n)
  })

  test('nor for a refusal, if it was the last call that the session had', async () => {
    const last = await world.grant({ contracts: [world.sword], callLimit: 1 })
    const lost = last.act([world.mint], {
      submitSignature: async (signed) => {
        await world.intents.submitSignature(signed)
        throw new Error('connection reset')
      },
    })
    await expect(lost).rejects.toThrow(OpenfortOutcomeUnknownError)
    expect(await last.read()).toMatchObject({ callsLeft: 0 })
  })

  test('a transaction that the chain never shows: the outcome is not known, and the error names it', async () => {
    const transactionHash: Hex = `0x${'ab'.repeat(32)}`
    const error = await rejection(session.act([world.mint], { submitSignature: async () => ({ transactionHash }), receiptTimeoutMs: 60 }))
    expect(error).toBeInstanceOf(OpenfortOutcomeUnknownError)
    expect(error).toMatchObject({ transactionHash })
  })

  test("Openfort's own word that nothing was sent, and why", async () => {
    const error = await rejection(
      session.act([world.mint], { submitSignature: async () => ({ id: 'tin_1', response: { createdAt: 1, status: 0, error: { reason: 'policy_exhausted' } } }) }),
    )
    expect(error).toBeInstanceOf(OpenfortRefusedError)
    expect((error as Error).message).toContain('policy_exhausted')
  })

  test('a backend that tries calls out before it makes an intent: the account says why it would not', async () => {
    const gone = await world.grant({ contracts: [world.sword] })
    await gone.revoke()
    const error = await rejection(gone.act([world.mint], { createIntent: () => Promise.reject(new Error('simulation failed')), submitSignature: never }))
    expect(error).toBeInstanceOf(SessionRevokedError)
    expect(error).toMatchObject({ by: 'check' })
  })

  test('no error repeats the signature or the key', async () => {
    const errors = [
      await rejection(session.act([world.mint], { submitSignature: async ({ signature }) => ({ transactionHash: signature }) })),
      await rejection(session.act([world.mint], { createIntent: async () => ({ id: 'tin_1', signableHash: `0x${'5e'.repeat(20)}` }) })),
    ]
    for (const error of errors) {
      expect(String((error as Error).message)).not.toMatch(/[0-9a-f]{40}/i)
    }
  })
})

describe('readOnChain', () => {
  const grantOf = (account: Address, delegate = someone()) => ({ chainId: 31337, account, delegate, granted: [] })
  const word = (value: bigint) => encodeAbiParameters([{ type: 'uint256' }], [value]).slice(2)

  test('a key that the account has not heard of is not taken for revoked: it may be registered in the next block', async () => {
    expect(await openfort.readOnChain(world.client, grantOf(world.account))).toEqual({ revoked: undefined })
  })

  test('a revoked key keeps its start, and is known by that', async () => {
    const session = await world.grant({ contracts: [world.sword], callLimit: 3 })
    await session.revoke()
    expect(await readSessionKey(world.client, { account: world.account, key: session.key.address })).toMatchObject({ validUntil: 0, limit: 0, validAfter: expect.any(Number), registrarAddress: zeroAddress })
    expect(await session.read()).toEqual({ revoked: true, callsLeft: 0 })
  })

  test.each([
    ['without code', () => someone()],
    ['that reverts', () => world.sword],
    ['of the Delegation Framework', () => '0x48dBe696A4D990079e039489bA2053B36E8FFEC4' as Address],
  ])('an account %s cannot be asked', async (_what, account) => {
    expect(await openfort.readOnChain(world.client, grantOf(account()))).toBeUndefined()
  })

  const answers = (data: Hex) => createClient({ transport: custom({ request: async () => data }, { retryCount: 0 }) })
  const good = encodeAbiParameters(parseAbiParameters('uint48, uint48, uint48, bool, bool, address'), [1, 2, 3, false, true, someone()])

  test('the six words are read', async () => {
    expect(await openfort.readOnChain(answers(good), grantOf(someone()))).toEqual({ revoked: false, callsLeft: 3 })
  })

  test.each([
    ['five words', good.slice(0, -64) as Hex],
    ['seven words', `${good}${word(0n)}` as Hex],
    ['a limit of 49 bits', good.replace(word(3n), word(1n << 48n)) as Hex],
    ['a flag that is 2', `${good.slice(0, 2 + 64 * 3)}${word(2n)}${good.slice(2 + 64 * 4)}` as Hex],
    ['an address of 21 bytes', `${good.slice(0, 2 + 64 * 5)}${word((1n << 160n) + 1n)}` as Hex],
    ['one byte', '0x01' as Hex],
  ])('%s are no answer', async (_what, data) => {
    expect(await openfort.readOnChain(answers(data), grantOf(someone()))).toBeUndefined()
  })

  test.each([
    ['a master key', [1, 2, 5, true, false, someone()] as const],
    ['a limit that is none', [1, 2, 2 ** 48 - 1, false, true, someone()] as const],
  ])('%s counts no calls', async (_what, words) => {
    const data = encodeAbiParameters(parseAbiParameters('uint48, uint48, uint48, bool, bool, address'), words)
    expect(await openfort.readOnChain(answers(data), grantOf(someone()))).toEqual({ revoked: false })
  })

  test('a node that cannot be reached is no answer of the account', async () => {
    const dead = createClient({ transport: custom({ request: () => Promise.reject(new Error('socket hang up')) }, { retryCount: 0 }) })
    await expect(openfort.readOnChain(dead, grantOf(someone()))).rejects.toThrow('socket hang up')
  })

  test('it is the granted key that is asked about', async () => {
    const [first, second] = [await world.grant({ contracts: [world.sword], callLimit: 4 }), await world.grant({ contracts: [world.sword], callLimit: 9 })]
    expect(isAddressEqual(first.key.address, second.key.address)).toBe(false)
    expect([await first.read(), await second.read()]).toEqual([{ revoked: false, callsLeft: 4 }, { revoked: false, callsLeft: 9 }])
  })
})
