import { encodeFunctionData, erc20Abi, parseUnits, type Address } from 'viem'
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { CreateSessionKeyConfigParameters } from '../../src/actions/createSessionKeyConfig.js'
import { getNetworkFees } from '../../src/actions/getNetworkFees.js'
import { sendSessionCalls } from '../../src/actions/sendSessionCalls.js'
import { encodeSessionCalls } from '../../src/actions/sessionCalls.js'
import { framework } from '../../src/delegation/framework.js'
import { encodeRedeemDelegations } from '../../src/delegation/redeem.js'
import { decodeRevertReason, findRevertData } from '../../src/delegation/revertReason.js'
import type { DelegatedPermission } from '../../src/delegation/grantedPermission.js'
import { createDelegationRelayClient } from '../../src/execution/delegationRelayClient.js'
import { encodeDelegationBundle, freshTaskId } from '../../src/execution/delegationRelayWire.js'
import { SpendLimitExceededError } from '../../src/execution/errors.js'
import type { LaneRequest } from '../../src/execution/lane.js'
import { paidRelayLane } from '../../src/execution/paidRelayLane.js'
import { createRelayClient } from '../../src/execution/relayClient.js'
import { createRelayRpc } from '../../src/execution/relayRpc.js'
import { redemptionsFor } from '../../src/execution/redemptions.js'
import { signOneOf, signRedemption } from '../../src/execution/signedCall.js'
import { networkFees } from '../../src/permissions/networkFees.js'
import { countedApp } from '../execution/countedApp.js'
import { gold, newAccount, startShop } from '../startShop.js'
import type { DelegatedTransaction, SendParams } from './feeRelaySchema.js'
import { startFeeRelay } from './startFeeRelay.js'

const usd = (amount: number) => parseUnits(String(amount), 6)
const minFee = usd(0.01)
/** About 60 cents for a call. */
const unitsPerGas = 1n

let shop: Awaited<ReturnType<typeof startShop>>
let relay: Awaited<ReturnType<typeof startFeeRelay>>
beforeAll(async () => {
  shop = await startShop()
  relay = await startFeeRelay(shop.chain, { token: shop.usd, decimals: 6, minFee })
})
afterEach(() => {
  relay.behave({})
  relay.setClock(() => Math.floor(Date.now() / 1000))
})
afterAll(async () => {
  await relay.stop()
  await shop.stop()
})

function openApp(options: Partial<CreateSessionKeyConfigParameters> = {}, fee: { token?: Address; max?: bigint } = {}) {
  const config = shop.openApp({ relay: { url: relay.url, pollingIntervalMs: 20, totalTimeoutMs: 3_000, fee: { token: shop.usd, ...fee } }, ...options })
  config.wagmi.setState(shop.config.wagmi.state)
  return config
}

async function startSession({ limit = usd(20), config = openApp(), fees = true }: { limit?: bigint; config?: ReturnType<typeof openApp>; fees?: boolean } = {}) {
  const permissions = [...shop.shopping.permissions, ...(fees ? [networkFees({ ...(await getNetworkFees(config)), limit })] : [])]
  const { session } = await shop.grantWith(config, { ...shop.shopping, name: crypto.randomUUID(), permissions })
  return {
    config,
    session,
    send: (calls: readonly unknown[], app = config) => sendSessionCalls(app, { session: session.id, calls: calls as never }),
    force: (calls: readonly unknown[]) => sendSessionCalls(config, { session: session.id, calls: calls as never, skipCheck: true }),
  }
}

const paid = () => shop.balance(shop.usd, relay.feeCollector)

describe('a session that pays its relay', () => {
  test('acts with no ETH anywhere but at the relay: the fee comes out of what the user allowed', async () => {
    const { session, send } = await startSession()
    const [fees, swords, player] = [await paid(), await shop.swords(), await shop.balance(shop.usd, shop.player)]

    const { receipt } = await send([shop.mint])

    const fee = (await paid()) - fees
    expect(await shop.swords()).toBe(swords + 1n)
    expect(fee).toBeGreaterThanOrEqual(minFee)
    expect(await shop.balance(shop.usd, shop.player)).toBe(player - fee)
    expect(receipt.from.toLowerCase()).toBe(relay.target().toLowerCase())
    expect(await shop.chain.client.getBalance({ address: session.address })).toBe(0n)
  })

  test('several calls and the fee are one transaction', async () => {
    const { send } = await startSession()
    const [fees, swords, spent] = [await paid(), await shop.swords(), await shop.balance(shop.gold, shop.shop)]
    const { receipt } = await send(shop.buy())
    expect([await shop.swords(), await shop.balance(shop.gold, shop.shop)]).toEqual([swords + 1n, spent + gold(100)])
    expect(await paid()).toBeGreaterThan(fees)
    const transfers = receipt.logs.filter(({ address }) => address.toLowerCase() === shop.usd.toLowerCase())
    expect(transfers).toHaveLength(1)
  })

  test('one action is one quote, one send, looks until it is in a block, and the receipt from the app’s own node', async () => {
    const { session } = await startSession()
    const { config, during } = countedApp(shop, (count) => paidRelayLane(createDelegationRelayClient({ url: relay.url, token: shop.usd, fetch: count, pollingIntervalMs: 20 })))
    const mint = () => sendSessionCalls(config, { session: session.id, calls: [shop.mint] as never })
    await mint()

    const asked = await during(mint)

    expect(asked.filter((method) => method !== 'relayer_getStatus')).toEqual(['relayer_estimate7710Transaction', 'relayer_send7710Transaction', 'eth_getTransactionReceipt'])
  })

  test('five clicks at once are five swords and five fees', async () => {
    const { send } = await startSession()
    const [fees, swords] = [await paid(), await shop.swords()]
    await Promise.all(Array.from({ length: 5 }, () => send([shop.mint])))
    expect(await shop.swords()).toBe(swords + 5n)
    expect(await paid()).toBeGreaterThanOrEqual(fees + 5n * minFee)
  })

  test('every delegation names the relay’s own address, also after it moved', async () => {
    const { send } = await startSession()
    await send([shop.mint])
    const delegates = () =>
      relay.asked.flatMap(({ method, params }) =>
        method === 'relayer_send7710Transaction' ? (params as { transactions: { permissionContext: { delegate: Address }[] }[] }).transactions.map(({ permissionContext: [leaf] }) => leaf?.delegate) : [],
      )
    await relay.moveTo()
    // It is refused, since nothing that was signed for the old address is any good; and asked anew for the next.
    await expect(send([shop.mint])).rejects.toMatchObject({ name: 'RelayRejectedError', code: -32602 })
    relay.asked.length = 0
    await send([shop.mint])
    expect(delegates()).toEqual([relay.target(), relay.target()])
  })

  test('a P-256 key, once its account is there', async () => {
    const config = openApp({ key: 'p256' })
    const { session, send } = await startSession({ config })
    await expect(send([shop.mint])).rejects.toMatchObject({ name: 'SessionAccountNotDeployedError' })
    const signer = await config.sessions.signer(session)
    if (signer.type !== 'contract') throw new Error('not a contract')
    await createRelayClient({ url: shop.relay.url }).send({ chainId: session.chainId, to: signer.deployment.factory, data: signer.deployment.factoryData })
    const swords = await shop.swords()
    await send([shop.mint])
    await send(shop.buy())
    expect(await shop.swords()).toBe(swords + 2n)
  })
})

describe('what the session may not pay', () => {
  test('a session that could not pay is not asked for', async () => {
    const questions = shop.questions.length
    await expect(startSession({ fees: false })).rejects.toMatchObject({ name: 'NetworkFeesNotAllowedError', amount: minFee })
    await expect(startSession({ limit: minFee - 1n })).rejects.toMatchObject({ name: 'NetworkFeesNotAllowedError' })
    expect(shop.questions).toHaveLength(questions)
  })

  test('a session from before there was such a relay: refused before anything is sent', async () => {
    const { session } = await shop.grantWith(shop.config, { ...shop.shopping, name: crypto.randomUUID() })
    relay.asked.length = 0
    await expect(sendSessionCalls(openApp(), { session: session.id, calls: [shop.mint] as never })).rejects.toMatchObject({ name: 'NetworkFeesNotAllowedError', by: 'check', token: shop.usd, feeCollector: relay.feeCollector })
    expect(relay.methods().filter((method) => method.includes('7710'))).toEqual([])
  })

  test('fees that are used up', async () => {
    const { send } = await startSession({ limit: usd(1) })
    relay.behave({ unitsPerGas })
    await send([shop.mint])
    const [fees, swords] = [await paid(), await shop.swords()]
    const refused: unknown = await send([shop.mint]).catch((error: unknown) => error)
    expect(refused).toMatchObject({ name: 'NetworkFeesNotAllowedError', by: 'check' })
    expect((refused as Error).cause).toBeInstanceOf(SpendLimitExceededError)
    expect([await paid(), await shop.swords()]).toEqual([fees, swords])
  })

  test('more than the app wants to spend on one send', async () => {
    const { send } = await startSession({ config: openApp({}, { max: usd(0.05) }) })
    relay.behave({ unitsPerGas: 10n })
    await expect(send([shop.mint])).rejects.toMatchObject({ name: 'RelayFeeTooHighError', max: usd(0.05) })
  })

  test('what the permissions refuse, the chain says in its own words', async () => {
    const { send, force } = await startSession()
    // The first makes the session’s key a smart account, so that the app’s node sees what the relay’s does.
    await send(shop.buy())
    const [fees, swords] = [await paid(), await shop.swords()]
    const foreign = { ...shop.pay(1n), to: shop.sword }
    await expect(force([foreign])).rejects.toMatchObject({ by: 'chain', name: 'FunctionNotAllowedError' })
    await expect(force([shop.mint, shop.pay(gold(1000))])).rejects.toMatchObject({ by: 'chain', name: 'SpendLimitExceededError' })
    expect([await paid(), await shop.swords()]).toEqual([fees, swords])
  })

  test('a player without the token', async () => {
    const { send } = await startSession()
    const poor = await shop.balance(shop.usd, shop.player)
    await moveUsd(shop.player, shop.shop, poor)
    onTestFinished(() => moveUsd(shop.shop, shop.player, poor))
    await expect(send([shop.mint])).rejects.toMatchObject({ name: 'RelayFeeUnaffordableError', code: 4205 })
  })
})

async function moveUsd(from: Address, to: Address, amount: bigint) {
  await shop.chain.client.impersonateAccount({ address: from })
  await shop.chain.setBalance(from, 10n ** 18n)
  const data = encodeFunctionData({ abi: erc20Abi, functionName: 'transfer', args: [to, amount] })
  await shop.chain.client.waitForTransactionReceipt({ hash: await shop.chain.client.sendTransaction({ account: from, chain: null, to: shop.usd, data }) })
  await shop.chain.client.stopImpersonatingAccount({ address: from })
}

describe('the relay fails', () => {
  test('a quote that has expired by the time it is used: quoted again, made once', async () => {
    const { send } = await startSession()
    const swords = await shop.swords()
    let sends = 0
    relay.setClock(() => {
      // Half a minute passes after each quote, until the second try.
      sends = relay.methods().filter((method) => method === 'send7710Transaction').length
      return Math.floor(Date.now() / 1000) + (sends === 1 ? 31 : 0)
    })
    relay.asked.length = 0
    await send([shop.mint])
    expect(relay.methods().filter((method) => method.includes('7710'))).toEqual(['estimate7710Transaction', 'send7710Transaction', 'estimate7710Transaction', 'send7710Transaction'])
    expect(await shop.swords()).toBe(swords + 1n)
  })

  test('a price that rises in between: quoted again, made once, and paid as it is now', async () => {
    const { send } = await startSession()
    const [fees, swords] = [await paid(), await shop.swords()]
    relay.asked.length = 0
    relay.behave({
      forgetsQuotes: true,
      get unitsPerGas() {
        return relay.methods().includes('send7710Transaction') ? 3n : 1n
      },
    })
    await send([shop.mint])
    expect(relay.methods().filter((method) => method === 'send7710Transaction')).toHaveLength(2)
    expect((await paid()) - fees).toBeGreaterThan(usd(1))
    expect(await shop.swords()).toBe(swords + 1n)
  })

  test('quotes that never hold', async () => {
    const { send } = await startSession()
    relay.behave({ quoteSeconds: 0 })
    await expect(send([shop.mint])).rejects.toMatchObject({ name: 'RelayQuoteExpiredError', code: 4204 })
  })

  test('an answer that is lost: the same task again, and one sword', async () => {
    let lost = 0
    const losing: typeof fetch = async (input, init) => {
      const answer = await fetch(input, init)
      if (!String(init?.body).includes('relayer_send7710Transaction') || lost > 0) return answer
      lost += 1
      throw new TypeError('connection reset')
    }
    const config = openApp({ relay: { url: relay.url, fetch: losing, pollingIntervalMs: 20, fee: { token: shop.usd } } })
    const { send } = await startSession({ config })
    const swords = await shop.swords()
    await send([shop.mint])
    expect(lost).toBe(1)
    expect(await shop.swords()).toBe(swords + 1n)
  })

  test('it makes the calls and says nothing: the chain says it', async () => {
    const config = openApp({ relay: { url: relay.url, pollingIntervalMs: 20, totalTimeoutMs: 300, fee: { token: shop.usd } } })
    const { send } = await startSession({ config })
    relay.behave({ saysNothing: true })
    const { receipt } = await send([shop.mint])
    expect(receipt.status).toBe('success')
  })

  test('it reverts in a block: no sword, no fee', async () => {
    const { send } = await startSession()
    const [fees, swords] = [await paid(), await shop.swords()]
    relay.behave({ starves: true })
    await expect(send([shop.mint])).rejects.toMatchObject({ name: 'RelayTaskRevertedError' })
    expect([await paid(), await shop.swords()]).toEqual([fees, swords])
  })

  test('the fee that was signed for the quote cannot be taken beside the one that was sent', async () => {
    const { send } = await startSession()
    relay.asked.length = 0
    await send([shop.mint])
    const [quoted, sent] = ['relayer_estimate7710Transaction', 'relayer_send7710Transaction'].map((name) => {
      const { params } = relay.asked.find(({ method }) => method === name) as { params: SendParams }
      const { permissionContext, executions } = params.transactions.at(-1) as DelegatedTransaction
      const [{ target, value, data }] = executions as [DelegatedTransaction['executions'][number]]
      const delegations = permissionContext.map((delegation) => ({ ...delegation, salt: BigInt(delegation.salt) }))
      return encodeRedeemDelegations([{ delegations, execution: { to: target, value: BigInt(value), data } }])
    })
    expect(quoted).not.toBe(sent)
    for (const data of [quoted, sent]) {
      const again = shop.chain.client.call({ account: relay.target(), to: framework.DelegationManager, data })
      expect(decodeRevertReason(findRevertData(await again.catch((error: unknown) => error)) ?? '0x')).toMatchObject({ contract: 'IdEnforcer', reason: 'id-already-used' })
    }
  })

  test('it takes its fee and leaves the calls: said so, and not as a success', async () => {
    const { send } = await startSession()
    const swords = await shop.swords()
    relay.behave({ takesFeeOnly: true })
    await expect(send([shop.mint])).rejects.toMatchObject({ name: 'RelayFeeTakenError', token: shop.usd })
    expect(await shop.swords()).toBe(swords)
  })
})

describe('a relay that goes by its documentation', () => {
  /** What the lane would send, with what a test wants otherwise. */
  async function bundle({ amount = usd(10), token = shop.usd, delegate = relay.target() }: { amount?: bigint; token?: Address; delegate?: Address } = {}) {
    const { config, session } = await startSession()
    const client = shop.chain.client
    const request = { chainId: session.chainId, client, signer: await config.sessions.signer(session), now: Number((await client.getBlock()).timestamp) }
    const granted = session.granted as DelegatedPermission[]
    const redemptions = redemptionsFor(granted, encodeSessionCalls([shop.mint]), [{ permission: 0 }])
    const work = await signRedemption({ ...request, redemptions } as LaneRequest, delegate)
    const transfer = { to: token, value: 0n, data: encodeFunctionData({ abi: erc20Abi, functionName: 'transfer', args: [relay.feeCollector, amount] }) }
    const [single] = redemptionsFor(granted, [transfer], [{ permission: 2 }])
    const fee = await signOneOf(request as never, delegate, { single: single as NonNullable<typeof single>, id: 1n })
    return { chainId: session.chainId, redemptions: [work.redemption, fee], authorizationList: work.authorizationList }
  }
  const rpc = (method: string, params: unknown) => createRelayRpc({ url: relay.url })({ method: `relayer_${method}`, params, timeoutMs: 5_000 })
  const client = () => createDelegationRelayClient({ url: relay.url, token: shop.usd, pollingIntervalMs: 20 })
  const noQuote = { requiredAmount: 0n, context: undefined }

  test('takes what the kit sends', async () => {
    const good = await bundle()
    expect(await client().estimate(good)).toMatchObject({ requiredAmount: expect.any(BigInt), context: expect.any(String) })
    await client().send(good, noQuote)
  })

  test('a delegate that is not its address', async () => {
    await expect(client().send(await bundle({ delegate: newAccount().address }), noQuote)).rejects.toMatchObject({ name: 'RelayRejectedError', code: -32602, reason: expect.stringContaining('delegate') })
  })

  test('a delegation that was given before', async () => {
    const once = await bundle()
    await client().send(once, noQuote)
    await expect(client().send(once, noQuote)).rejects.toMatchObject({ name: 'RelaySignatureRefusedError', code: 4201 })
  })

  test('a fee below its minimum, and one below its price', async () => {
    await expect(client().send(await bundle({ amount: minFee - 1n }), noQuote)).rejects.toMatchObject({ name: 'RelayFeeTooLowError', code: 4200 })
    relay.behave({ unitsPerGas: 10n })
    await expect(client().send(await bundle({ amount: minFee }), noQuote)).rejects.toMatchObject({ name: 'RelayFeeTooLowError', code: 4200 })
  })

  test('a quote that has expired, and one that it never gave', async () => {
    const good = await bundle()
    const quote = await client().estimate(good)
    if ('refused' in quote) throw new Error(quote.refused)
    relay.setClock(() => Math.floor(Date.now() / 1000) + 31)
    await expect(client().send(good, quote)).rejects.toMatchObject({ name: 'RelayQuoteExpiredError', code: 4204 })
    await expect(client().send(good, { ...quote, context: 'e30.00' })).rejects.toMatchObject({ code: -32602 })
  })

  test('a signature that is none, another chain, another token, two authorizations, a task that is there', async () => {
    const good = await bundle()
    const params = encodeDelegationBundle(good)
    const [first, ...rest] = params.transactions
    const [leaf, ...chain] = first?.permissionContext ?? []
    const unsigned = { ...params, transactions: [{ ...first, permissionContext: [{ ...leaf, signature: `0x${'00'.repeat(65)}` }, ...chain] }, ...rest] }
    await expect(rpc('send7710Transaction', unsigned)).rejects.toMatchObject({ code: 4201 })
    await expect(rpc('send7710Transaction', { ...params, chainId: '1' })).rejects.toMatchObject({ code: 4206 })
    await expect(rpc('getFeeData', { chainId: params.chainId, token: shop.gold })).rejects.toMatchObject({ code: 4202 })
    await expect(createDelegationRelayClient({ url: relay.url, token: shop.gold }).getTerms(good.chainId)).rejects.toMatchObject({ name: 'RelayFeeTokenError' })
    const authorization = { address: shop.sword, chainId: '0x1', nonce: '0x0', r: `0x${'11'.repeat(32)}`, s: `0x${'11'.repeat(32)}`, yParity: '0x0' }
    await expect(rpc('send7710Transaction', { ...params, authorizationList: [authorization, authorization] })).rejects.toMatchObject({ code: 4210 })
    await expect(rpc('getStatus', { id: freshTaskId(), logs: false })).rejects.toMatchObject({ code: 4208 })
    const taskId = freshTaskId()
    await rpc('send7710Transaction', { ...params, taskId })
    await expect(rpc('send7710Transaction', { ...encodeDelegationBundle(await bundle()), taskId })).rejects.toMatchObject({ code: 4214 })
  })

  test.each([
    ['a field that nobody knows', (params: object) => ({ ...params, sponsor: true })],
    ['a chain that is a number', (params: object) => ({ ...params, chainId: 31337 })],
    ['no transaction', (params: object) => ({ ...params, transactions: [] })],
    ['a short salt', (params: object) => JSON.parse(JSON.stringify(params).replace(/"salt":"0x00?/, '"salt":"0x')) as object],
    ['a value in hex digits without 0x', (params: object) => JSON.parse(JSON.stringify(params).replace('"value":"0"', '"value":"ff"')) as object],
  ])('%s', async (_, change) => {
    const params = encodeDelegationBundle(await bundle())
    const text = JSON.stringify(params).replace(/"salt":"0x[0-9a-f]{64}"/, `"salt":"0x${'0'.repeat(64)}"`)
    await expect(rpc('send7710Transaction', change(JSON.parse(text) as object))).rejects.toMatchObject({ code: -32602 })
  })
})
