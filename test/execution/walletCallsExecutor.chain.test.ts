import { createClient, custom, encodeFunctionData, parseUnits, toFunctionSelector, UserRejectedRequestError, type Hex, type LocalAccount } from 'viem'
import { toAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { goldAbi } from '../../demo/contracts/artifacts.js'
import type { Execution } from '../../src/delegation/redeem.js'
import type { GrantRequest, KnownGrant } from '../../src/dialects/dialect.js'
import { erc7715From2024 } from '../../src/dialects/erc7715From2024.js'
import { createWalletProbe } from '../../src/dialects/walletProbe.js'
import { walletCallsExecutor, type WalletCallsExecutorParameters } from '../../src/execution/walletCallsExecutor.js'
import type { Permission } from '../../src/permissions/permission.js'
import { newAccount, startWorld } from '../wallet/walletWorld.js'
import { startOpaqueWallet, type OpaqueWalletParameters } from './opaqueWallet.js'

let world: Awaited<ReturnType<typeof startWorld>>
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

const quick = { timeoutMs: 300, receiptTimeoutMs: 100 }
const unknownHash = `0x${'1'.repeat(64)}` as Hex

/** A wallet with 100 GOLD, and a session that may mint swords and pay with gold, granted in the 2024 dialect. */
async function startSession(options: Omit<OpaqueWalletParameters, 'chain'>) {
  const wallet = await startOpaqueWallet({ chain: world.chain, ...options })
  await world.giveGold(wallet.account, '100')
  const key = newAccount()
  const sign = vi.fn(key.sign)
  // As stored keys are: they know their address and no more.
  const signer = { ...toAccount({ address: key.address, sign, signMessage: key.signMessage, signTransaction: key.signTransaction as never, signTypedData: key.signTypedData as never }) } as LocalAccount
  const chainId = world.chain.chain.id
  const probe = createWalletProbe({ provider: wallet.provider, connectorId: 'opaque', account: wallet.account, chainId })
  if (!(await erc7715From2024.detect(probe))) throw new Error('The wallet does not speak this dialect.')
  const permissions: readonly Permission[] = [
    { type: 'contract-call', address: world.sword, functions: [{ signature: 'mint(address to)' }], valueLimit: 0n },
    { type: 'contract-call', address: world.gold, functions: [{ signature: 'transfer(address to, uint256 amount)' }], valueLimit: 0n },
  ]
  const request: GrantRequest = { chainId, account: wallet.account, delegate: key.address, permissions, expiry: (await world.now()) + 86_400 }
  const { method, params } = erc7715From2024.encodeGrant(request)
  const { granted, handle } = erc7715From2024.decodeGrant(await wallet.provider.request({ method, params }), request)
  const grant: KnownGrant = { chainId, account: wallet.account, delegate: key.address, granted, handle }
  wallet.requests.length = 0

  const act = (calls: readonly Execution[], parameters: WalletCallsExecutorParameters = {}) =>
    walletCallsExecutor(parameters)({ chainId, client: world.chain.client, provider: wallet.provider, grant, signer, calls })
  const revoke = async () => {
    for (const revocation of erc7715From2024.encodeRevoke(grant)) await wallet.provider.request(revocation)
  }
  const swords = () => world.swords(wallet.account)
  const gold = () => world.goldOf(wallet.account)
  return { wallet, grant, key, signer, sign, act, revoke, swords, gold, mint: () => world.mint(wallet.account) }
}

const steal = (amount: string): Execution => ({ to: world.gold, value: 0n, data: encodeFunctionData({ abi: goldAbi, functionName: 'approve', args: [newAccount().address, parseUnits(amount, 18)] }) })
const caught = (promise: Promise<unknown>) => promise.then(() => undefined, (error: unknown) => error as Error)

describe.each([
  ['prepared', ['wallet_prepareCalls', 'wallet_sendPreparedCalls', 'wallet_getCallsStatus'], 1],
  ['send', ['wallet_prepareCalls', 'wallet_getCapabilities', 'wallet_sendCalls', 'wallet_getCallsStatus'], 0],
] as const)('a wallet that offers %s', (offers, methods, signatures) => {
  test('makes the calls, as one', async () => {
    const { wallet, act, sign, swords, gold, mint, signer } = await startSession({ offers })
    const shop = newAccount().address

    const result = await act([mint(), world.pay(shop, '30')])

    expect([await swords(), await gold(), await world.goldOf(shop)]).toEqual([1n, parseUnits('70', 18), parseUnits('30', 18)])
    expect(result.id).toBe('bundle-1')
    expect(result.receipt).toEqual(await world.chain.client.getTransactionReceipt({ hash: result.transactionHash }))
    expect(result.receipt.status).toBe('success')
    expect(wallet.methods()).toEqual(methods)
    expect(sign).toHaveBeenCalledTimes(signatures)
    // The session key holds nothing and sends nothing.
    expect(await world.chain.client.getTransactionCount({ address: signer.address })).toBe(0)
  })

  test('acts again: nothing is used up but what was signed', async () => {
    const { act, swords, mint } = await startSession({ offers })
    await act([mint()])
    await act([mint(), mint()])
    expect(await swords()).toBe(3n)
  })

  test('refuses what is outside the permission, and nothing is signed for it', async () => {
    const { act, sign, swords, mint } = await startSession({ offers })
    for (const calls of [[steal('1')], [mint(), steal('1')], [{ ...mint(), value: 1n }], [{ to: newAccount().address, value: 1n, data: '0x' as const }]]) {
      const error = await caught(act(calls))
      expect(error?.name, JSON.stringify(calls, (_, value: unknown) => String(value))).toBe('WalletRefusedCallsError')
      expect(error).toMatchObject({ cause: { code: 4100 }, message: expect.stringContaining('Nothing was sent') })
    }
    expect(sign).not.toHaveBeenCalled()
    expect(await swords()).toBe(0n)
  })

  test('refuses everything once the grant is revoked, by the revocation of the dialect', async () => {
    const { act, revoke, swords, mint } = await startSession({ offers })
    await act([mint()])
    await revoke()
    expect(await caught(act([mint()]))).toMatchObject({ name: 'WalletRefusedCallsError', message: expect.stringContaining('no such permission') })
    expect(await swords()).toBe(1n)
  })

  test('all or none: a batch whose second call fails leaves nothing, and the reason is told', async () => {
    const { act, swords, gold, mint } = await startSession({ offers })
    const reason = toFunctionSelector('ERC20InsufficientBalance(address,uint256,uint256)')
    expect(await caught(act([mint(), world.pay(newAccount().address, '1000')]))).toMatchObject({ name: 'SessionCallRevertedError', revert: { reason } })
    expect([await swords(), await gold()]).toEqual([0n, parseUnits('100', 18)])
  })

  test('included and reverted: the reason is read from the chain', async () => {
    const { wallet, act, swords, gold, mint } = await startSession({ offers, triesOut: false })
    const reason = toFunctionSelector('ERC20InsufficientBalance(address,uint256,uint256)')
    expect(await caught(act([mint(), world.pay(newAccount().address, '1000')]))).toMatchObject({ name: 'SessionCallRevertedError', revert: { reason } })
    expect(wallet.methods()).toContain('wallet_getCallsStatus')
    expect([await swords(), await gold()]).toEqual([0n, parseUnits('100', 18)])
  })

  test('the user says no, whatever else the wallet has to say', async () => {
    const method = offers === 'send' ? 'wallet_sendCalls' : 'wallet_sendPreparedCalls'
    const no = () => {
      throw Object.assign(new Error('User rejected the request.'), { code: 4001, data: '0x12345678' })
    }
    const { act, mint } = await startSession({ offers, answers: { [method]: no } })
    expect(await caught(act([mint()]))).toBeInstanceOf(UserRejectedRequestError)
  })

  test('is on another chain', async () => {
    const { wallet, grant, signer, mint } = await startSession({ offers })
    const request = { chainId: 1, client: world.chain.client, provider: wallet.provider, grant, signer, calls: [mint()] }
    expect(await caught(walletCallsExecutor()(request))).toMatchObject({ name: 'WalletChainMismatchError' })
  })
})

test('on the wire: whose calls, on which chain, under which grant', async () => {
  const { wallet, act, grant, signer, mint } = await startSession({ offers: 'send' })
  await act([mint()])
  const { to, data } = mint()
  const about = { chainId: '0x7a69', from: grant.account, calls: [{ to, data, value: '0x0' }], capabilities: { permissions: { context: grant.handle } } }
  expect(wallet.requests).toEqual([
    { method: 'wallet_prepareCalls', params: [{ ...about, version: '1', key: { type: 'secp256k1', publicKey: signer.address, prehash: false } }] },
    { method: 'wallet_getCapabilities', params: [grant.account, ['0x7a69']] },
    { method: 'wallet_sendCalls', params: [{ ...about, version: '2.0.0', atomicRequired: true, id: expect.stringMatching(/^0x[0-9a-f]{64}$/) as string }] },
    { method: 'wallet_getCallsStatus', params: ['bundle-1'] },
  ])
})

test('a wallet that grants and does not act: a typed error that says so', async () => {
  const { wallet, act, swords, mint } = await startSession({ offers: 'neither' })
  expect(await caught(act([mint()]))).toMatchObject({ name: 'WalletCannotActError', cause: { code: 5700 }, message: expect.stringContaining('makes no calls under them') })
  expect(wallet.methods()).toEqual(['wallet_prepareCalls', 'wallet_getCapabilities', 'wallet_sendCalls'])
  expect(await swords()).toBe(0n)
})

describe('a wallet that would act as the owner', () => {
  /** It grants, and by the time that the session acts it says this of itself. */
  const says = (capabilities: (answer: object) => unknown) => {
    let asked = 0
    return { wallet_getCapabilities: ((answer: object) => (asked++ === 0 ? answer : capabilities(answer))) as never }
  }

  test.each<[string, () => unknown]>([
    ['lists other capabilities', () => ({ '0x7a69': { atomic: { status: 'supported' } } })],
    ['lists none', () => ({})],
    ['says that it does not support them', () => ({ '0x7a69': { permissions: { supported: false } } })],
    ['lists them for another chain than this', () => ({ '0x7a69': { atomic: { status: 'supported' } }, '0x1': { permissions: { supported: true } } })],
  ])('%s: nothing is sent to it', async (_, capabilities) => {
    const { wallet, act, swords, mint } = await startSession({ offers: 'send', answers: says(capabilities) })
    expect(await caught(act([mint()]))).toMatchObject({ name: 'WalletCannotActError', message: expect.stringContaining('as the owner') })
    expect(wallet.methods()).toEqual(['wallet_prepareCalls', 'wallet_getCapabilities'])
    expect(await swords()).toBe(0n)
  })

  test.each<[string, () => unknown]>([
    ['does not know the question', () => { throw Object.assign(new Error('no'), { code: -32601 }) }],
    ['does not answer it', () => { throw new Error('not now') }],
    ['answers nothing', () => null],
    ['lists them for every chain', () => ({ '0x0': { permissions: { supported: true } } })],
  ])('is not taken for one where it %s', async (_, capabilities) => {
    const { act, swords, mint } = await startSession({ offers: 'send', answers: says(capabilities) })
    await act([mint()])
    expect(await swords()).toBe(1n)
  })
})

describe('the name that the calls carry', () => {
  const lost = () => {
    throw new Error('the connection was lost')
  }
  const sent = ({ requests }: { requests: readonly { method: string; params: unknown }[] }) =>
    requests.filter(({ method }) => method === 'wallet_sendCalls').map(({ params }) => (params as [{ id?: string }])[0].id)

  test('is another one each time, and is the bundle’s where the wallet takes it', async () => {
    const { wallet, act, mint } = await startSession({ offers: 'send', ids: 'taken' })
    const ids = [(await act([mint()])).id, (await act([mint()])).id]
    expect(sent(wallet)).toEqual(ids)
    expect(new Set(ids).size).toBe(2)
  })

  test('is left out where the wallet refuses it', async () => {
    const { wallet, act, swords, mint } = await startSession({ offers: 'send', ids: 'refused' })
    expect((await act([mint()])).id).toBe('bundle-1')
    expect(sent(wallet)).toEqual([expect.any(String), undefined])
    expect(await swords()).toBe(1n)
  })

  test.each<[string, (answer: never) => unknown]>([['lost', lost], ['nothing', () => null], ['no id', () => ({})]])('finds calls again whose answer was %s', async (_, change) => {
    const { wallet, act, swords, mint } = await startSession({ offers: 'send', ids: 'taken', answers: { wallet_sendCalls: change } })
    const { id, receipt } = await act([mint()])
    expect(receipt.status).toBe('success')
    expect(sent(wallet)).toEqual([id])
    expect(await swords()).toBe(1n)
  })

  test('is in use: an earlier try reached the wallet, which was busy with it', async () => {
    let tries = 0
    const busyOnce = (answer: never) => {
      if (tries++ === 0) throw Object.assign(new Error('already pending'), { code: -32002 })
      return answer
    }
    const { wallet, act, swords, mint } = await startSession({ offers: 'send', ids: 'taken', answers: { wallet_sendCalls: busyOnce } })
    const { id } = await act([mint()])
    expect(sent(wallet)).toEqual([id, id])
    expect(await swords()).toBe(1n)
  })

  test('does not help with a wallet that ignores it: what became of the calls is not known, and they are not sent again', async () => {
    const { wallet, act, swords, mint } = await startSession({ offers: 'send', answers: { wallet_sendCalls: lost } })
    const error = await caught(act([mint()]))
    expect(error).toMatchObject({ name: 'WalletCallsOutcomeUnknownError', id: sent(wallet)[0], message: expect.not.stringContaining('Nothing was sent'), cause: { message: 'the connection was lost' } })
    expect(sent(wallet)).toHaveLength(1)
    expect(await swords()).toBe(1n)
  })
})

describe('4100 to the preparing', () => {
  const no = () => {
    throw Object.assign(new Error('not for this page'), { code: 4100 })
  }

  test('the wallet is asked to make the calls itself', async () => {
    const { wallet, act, sign, swords, mint } = await startSession({ offers: 'both', answers: { wallet_prepareCalls: no } })
    await act([mint()])
    expect(wallet.methods()).toEqual(['wallet_prepareCalls', 'wallet_getCapabilities', 'wallet_sendCalls', 'wallet_getCallsStatus'])
    expect(sign).not.toHaveBeenCalled()
    expect(await swords()).toBe(1n)
  })

  test('where that refuses too, its word is told; where it is not offered, that of the preparing', async () => {
    const both = await startSession({ offers: 'both' })
    expect(await caught(both.act([steal('1')]))).toMatchObject({ name: 'WalletRefusedCallsError', message: expect.stringContaining('outside the permission') })
    expect(both.wallet.methods()).toContain('wallet_sendCalls')
    const prepared = await startSession({ offers: 'prepared', answers: { wallet_prepareCalls: no } })
    expect(await caught(prepared.act([mintOf(prepared)]))).toMatchObject({ name: 'WalletRefusedCallsError', message: expect.stringContaining('not for this page') })
  })
})
const mintOf = ({ mint }: { mint: () => Execution }) => mint()

describe('what the wallet prepared', () => {
  type Prepared = { key: { publicKey: Hex; type: string; prehash?: boolean } }

  test.each<[string, (answer: Prepared) => unknown, string]>([
    ['for another key', (answer) => ({ ...answer, key: { ...answer.key, publicKey: newAccount().address } }), 'UnexpectedDigestError'],
    ['for another whole public key', (answer) => ({ ...answer, key: { ...answer.key, publicKey: newAccount().publicKey } }), 'UnexpectedDigestError'],
    ['for a key of another type', (answer) => ({ ...answer, key: { ...answer.key, type: 'p256' } }), 'UnexpectedDigestError'],
    ['for a key that hashes', (answer) => ({ ...answer, key: { ...answer.key, prehash: true } }), 'UnexpectedDigestError'],
    ['for another chain', (answer) => ({ ...answer, chainId: '0x1' }), 'UnexpectedDigestError'],
    ['for no chain', (answer) => ({ ...answer, chainId: undefined }), 'InvalidWalletResponseError'],
    ['without a digest', (answer) => ({ ...answer, digest: undefined }), 'InvalidWalletResponseError'],
    ['with a digest of another length', (answer) => ({ ...answer, digest: '0x1234' }), 'InvalidWalletResponseError'],
    ['as text', () => 'ready', 'InvalidWalletResponseError'],
    ['as nothing', () => null, 'InvalidWalletResponseError'],
  ])('%s is not signed, and nothing is sent', async (_, change, name) => {
    const { wallet, act, sign, swords, mint } = await startSession({ offers: 'prepared', answers: { wallet_prepareCalls: change as never } })
    expect((await caught(act([mint()])))?.name).toBe(name)
    expect(sign).not.toHaveBeenCalled()
    expect(wallet.methods()).toEqual(['wallet_prepareCalls'])
    expect(await swords()).toBe(0n)
  })

  test.each<[string, (key: Prepared['key']) => unknown]>([
    ['as an address in other letters', (key) => ({ ...key, publicKey: key.publicKey.toLowerCase() })],
    ['of the type address', (key) => ({ ...key, type: 'address' })],
    ['not at all', () => undefined],
    ['as null', () => null],
  ])('naming the key %s is signed', async (_, change) => {
    const { act, swords, mint } = await startSession({ offers: 'prepared', answers: { wallet_prepareCalls: ((answer: Prepared) => ({ ...answer, key: change(answer.key) })) as never } })
    await act([mint()])
    expect(await swords()).toBe(1n)
  })

  test('a padded address and the whole public key are this key too', async () => {
    for (const form of [(key: LocalAccount) => `0x${'00'.repeat(12)}${key.address.slice(2)}`, (key: LocalAccount) => key.publicKey]) {
      const session = await startSession({ offers: 'prepared', answers: { wallet_prepareCalls: ((answer: Prepared) => ({ ...answer, key: { ...answer.key, publicKey: form(session.key) } })) as never } })
      // The wallet of the test knows its own form only: it was signed, and came back as the wallet wrote it.
      const error = await caught(session.act([session.mint()]))
      expect(session.sign).toHaveBeenCalledTimes(1)
      expect(session.wallet.methods()).toEqual(['wallet_prepareCalls', 'wallet_sendPreparedCalls'])
      expect(error?.message).toContain(form(session.key))
    }
  })

  test('another digest than its calls’: the wallet’s own check, and ours ends at the signature', async () => {
    const { act, swords, mint } = await startSession({ offers: 'prepared', answers: { wallet_prepareCalls: ((answer: object) => ({ ...answer, digest: unknownHash })) as never } })
    expect(await caught(act([mint()]))).toMatchObject({ name: 'WalletRefusedCallsError' })
    expect(await swords()).toBe(0n)
  })
})

describe('what became of the calls', () => {
  type Status = { status: number; receipts: { transactionHash: Hex }[] }
  const status = (change: (answer: Status) => unknown) => ({ wallet_getCallsStatus: change as never })

  test('a wallet that takes its time is asked again, also when it does not know its own bundle yet', async () => {
    const waits: (() => unknown)[] = [() => ({ status: 100 }), () => { throw Object.assign(new Error('unknown'), { code: 5730 }) }, () => ({ status: 'PENDING' }), () => 'soon']
    const { wallet, act, swords, mint } = await startSession({ offers: 'send', answers: status((answer) => (waits.shift() ?? (() => answer))()) })
    await act([mint()])
    expect(await swords()).toBe(1n)
    expect(wallet.methods()).toEqual(['wallet_prepareCalls', 'wallet_getCapabilities', 'wallet_sendCalls', ...Array.from({ length: 5 }, () => 'wallet_getCallsStatus')])
  })

  test('words and ids of ERC-5792’s first version', async () => {
    const answers = { ...status((answer) => ({ ...answer, status: 'CONFIRMED' })), wallet_sendCalls: (({ id }: { id: string }) => id) as never }
    const { act, swords, mint } = await startSession({ offers: 'send', answers })
    expect(await act([mint()])).toMatchObject({ id: 'bundle-1', receipt: { status: 'success' } })
    expect(await swords()).toBe(1n)
  })

  test('said to have happened, and reverted on the chain', async () => {
    const { act, mint } = await startSession({ offers: 'send', triesOut: false, answers: status((answer) => ({ ...answer, status: 200 })) })
    expect(await caught(act([mint(), world.pay(newAccount().address, '1000')]))).toMatchObject({ name: 'SessionCallRevertedError' })
  })

  test('said to have reverted inside a transaction that succeeded', async () => {
    const { act, mint } = await startSession({ offers: 'send', answers: status((answer) => ({ ...answer, status: 500 })) })
    expect(await caught(act([mint()]))).toMatchObject({ name: 'SessionCallRevertedError' })
  })

  test.each<[string, (answer: Status) => unknown, object]>([
    ['given up on', () => ({ status: 400 }), { name: 'WalletCallsFailedError', status: 400 }],
    ['of a status that nobody gave out', () => ({ status: 300 }), { name: 'WalletCallsFailedError', status: 300 }],
    ['given up on, in a transaction that succeeded', (answer) => ({ ...answer, status: 400 }), { name: 'WalletCallsOutcomeUnknownError', transactionHash: expect.stringMatching(/^0x/), message: expect.stringContaining('status 400') }],
    ['of a status that nobody gave out, in one that succeeded', (answer) => ({ ...answer, status: 399 }), { name: 'WalletCallsOutcomeUnknownError', transactionHash: expect.stringMatching(/^0x/) }],
    ['reverted, without a transaction', () => ({ status: 500 }), { name: 'SessionCallRevertedError' }],
    ['made in part', (answer) => ({ ...answer, status: 600 }), { name: 'WalletCallsPartialError', transactionHashes: [expect.stringMatching(/^0x/)] }],
    ['done, in no transaction', () => ({ status: 200 }), { name: 'WalletCallsOutcomeUnknownError' }],
    ['done, in a transaction that the chain does not know', (answer) => ({ ...answer, receipts: [{ transactionHash: unknownHash }] }), { name: 'WalletCallsOutcomeUnknownError', transactionHash: unknownHash }],
    ['never decided', () => ({ status: 110 }), { name: 'WalletCallsOutcomeUnknownError', id: 'bundle-1' }],
    ['a status that is none', () => ({ status: 'GONE' }), { name: 'WalletCallsOutcomeUnknownError', cause: { name: 'InvalidWalletResponseError' } }],
    ['not said: the wallet hangs', () => new Promise(() => undefined), { name: 'WalletCallsOutcomeUnknownError', id: 'bundle-1' }],
  ])('%s', async (_, change, expected) => {
    const { wallet, act, mint } = await startSession({ offers: 'send', answers: status(change) })
    expect(await caught(act([mint()], quick))).toMatchObject(expected)
    expect(wallet.methods().filter((method) => method === 'wallet_sendCalls')).toHaveLength(1)
  })

  test('not said: a wallet that has no such method is asked once', async () => {
    const no = () => {
      throw Object.assign(new Error('no'), { code: -32601 })
    }
    const { wallet, act, mint } = await startSession({ offers: 'send', answers: status(no) })
    expect(await caught(act([mint()]))).toMatchObject({ name: 'WalletCallsOutcomeUnknownError', id: 'bundle-1', cause: { code: -32601 } })
    expect(wallet.methods()).toEqual(['wallet_prepareCalls', 'wallet_getCapabilities', 'wallet_sendCalls', 'wallet_getCallsStatus'])
  })

  test('over several transactions of which one failed', async () => {
    const { client } = world.chain
    const payer = newAccount()
    await world.chain.setBalance(payer.address, 10n ** 18n)
    const failed = await client.sendTransaction({ account: payer, ...world.pay(payer.address, '1'), gas: 100_000n })
    const { act, mint } = await startSession({ offers: 'send', answers: status((answer) => ({ ...answer, receipts: [...answer.receipts, { transactionHash: failed }] })) })
    expect(await caught(act([mint()]))).toMatchObject({ name: 'WalletCallsPartialError', transactionHashes: [expect.any(String), failed] })
  })

  test.each<[string, unknown]>([['nothing', null], ['no id', {}], ['two bundles', [{ id: 'a' }, { id: 'b' }]], ['an id of 10 kB', { id: 'x'.repeat(10_000) }]])('an answer of %s to the sending: never "nothing was sent", never sent again', async (_, answer) => {
    const { wallet, act, swords, mint } = await startSession({ offers: 'send', answers: { wallet_sendCalls: () => answer } })
    const error = await caught(act([mint()]))
    expect(error).toMatchObject({ name: 'WalletCallsOutcomeUnknownError', id: expect.stringMatching(/^0x/), message: expect.not.stringContaining('Nothing was sent') })
    expect(wallet.methods().filter((method) => method === 'wallet_sendCalls')).toHaveLength(1)
    expect(await swords()).toBe(1n)
  })

  test('a wallet that cannot do several calls as one is not asked to do them one by one', async () => {
    const no = () => {
      throw Object.assign(new Error('no atomicity'), { code: 5760 })
    }
    const { wallet, act, mint } = await startSession({ offers: 'send', answers: { wallet_sendCalls: no } })
    expect(await caught(act([mint(), mint()]))).toMatchObject({ name: 'WalletCannotActError' })
    expect(wallet.methods()).toEqual(['wallet_prepareCalls', 'wallet_getCapabilities', 'wallet_sendCalls'])
  })

  test('the receipt is the app’s own node’s', async () => {
    const { wallet, grant, signer, mint } = await startSession({ offers: 'send' })
    const asked: string[] = []
    const transport = custom({
      request: async ({ method, params }) => {
        asked.push(method)
        return world.chain.client.request({ method, params } as never)
      },
    })
    const client = createClient({ chain: world.chain.chain, transport, pollingInterval: 20 })
    const { receipt } = await walletCallsExecutor()({ chainId: grant.chainId, client, provider: wallet.provider, grant, signer, calls: [mint()] })
    expect(asked).toContain('eth_getTransactionReceipt')
    expect(receipt.logs).toHaveLength(1)
  })
})

test('a grant without a handle is no business of this executor', async () => {
  const { wallet, grant, signer, mint } = await startSession({ offers: 'send' })
  const request = { chainId: grant.chainId, client: world.chain.client, provider: wallet.provider, grant: { ...grant, handle: undefined }, signer, calls: [mint()] }
  expect(await caught(walletCallsExecutor()(request))).toMatchObject({ message: 'The grant has no handle for the wallet.' })
  expect(wallet.requests).toEqual([])
})
