import { createWalletClient, custom, http, parseEther, parseUnits, type Hash } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createRelayClient, type RelayClient } from '../../src/execution/relayClient.js'
import { RelayRevertedError, RelayUnreachableError } from '../../src/execution/relayErrors.js'
import type { CallsStatus } from '../../src/wallet/index.js'
import { NoGasError } from '../../src/wallet/index.js'
import { newAccount, startWorld } from './walletWorld.js'

let world: Awaited<ReturnType<typeof startWorld>>
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

const chainId = '0x7a69'
const shop = newAccount().address
const bundle = (calls: unknown, more: object = {}) => [{ version: '2.0.0', chainId, atomicRequired: true, calls, ...more }]
const wire = ({ to, data }: { to: string; data: string }) => ({ to, data })

async function connectedPlayer(options: Parameters<(typeof world)['player']>[0] = {}) {
  const player = world.player(options)
  await player.request('eth_requestAccounts')
  const client = createWalletClient({ account: player.account, chain: world.chain.chain, transport: custom(player.wallet), pollingInterval: 20 })
  return { ...player, client }
}

/** Sends redemptions untried, once so many wait: what looked good alone may revert behind another. */
async function carelessRelay(together: number): Promise<RelayClient> {
  const { chain } = world
  const payer = newAccount()
  await chain.setBalance(payer.address, parseEther('10'))
  const honest = createRelayClient({ url: world.relay.url })
  const waiting: (() => void)[] = []
  let turn = Promise.resolve()

  async function submit({ to, data }: Parameters<RelayClient['send']>[0]) {
    const hash = await chain.client.sendTransaction({ account: payer, to, data, gas: 3_000_000n })
    const receipt = await chain.client.waitForTransactionReceipt({ hash })
    if (receipt.status === 'reverted') throw new RelayRevertedError({ id: hash, data: undefined, receipt })
    return { id: hash, transactionHash: hash, receipt }
  }

  return {
    ...honest,
    getCapabilities: async () => ({ targetAddress: payer.address }),
    async send(transaction) {
      if (transaction.data === '0x') return honest.send(transaction)
      await new Promise<void>((resolve) => {
        waiting.push(resolve)
        if (waiting.length === together) for (const go of waiting) go()
      })
      const sent = turn.then(() => submit(transaction))
      turn = sent.then(
        () => undefined,
        () => undefined,
      )
      return sent
    },
  }
}

describe('the account’s own calls', () => {
  test('viem’s sendCalls, unmodified: a player without ETH buys a sword, payment and sword in one', async () => {
    const { account, client, questions } = await connectedPlayer()
    await world.giveGold(account, '30')
    const { id } = await client.sendCalls({ calls: [wire(world.pay(shop, '30')), wire(world.mint(account))] as never, forceAtomic: true })
    const status = await client.waitForCallsStatus({ id })

    expect(status).toMatchObject({ status: 'success', statusCode: 200, atomic: true, chainId: 31337 })
    expect(status.receipts).toHaveLength(1)
    expect(status.receipts?.[0]?.logs.map(({ address }) => address)).toEqual(expect.arrayContaining([world.gold.toLowerCase(), world.sword.toLowerCase()]))
    expect([await world.swords(account), await world.goldOf(account)]).toEqual([1n, 0n])
    expect(await world.chain.client.getBalance({ address: account })).toBe(0n)
    expect(questions).toEqual([
      expect.objectContaining({
        type: 'calls',
        account,
        calls: [world.pay(shop, '30'), world.mint(account)],
        metadata: expect.objectContaining({ [world.gold.toLowerCase()]: { name: 'Gold', symbol: 'GOLD', decimals: 18 } }),
      }),
    ])
  })

  test('one call that would fail keeps all from happening', async () => {
    const { account, request } = await connectedPlayer()
    await world.giveGold(account, '10')
    const before = await world.goldOf(shop)
    await expect(request('wallet_sendCalls', bundle([wire(world.mint(account)), wire(world.pay(shop, '10')), wire(world.pay(shop, '1'))]))).rejects.toMatchObject({ code: -32603 })
    expect([await world.swords(account), await world.goldOf(account), await world.goldOf(shop)]).toEqual([0n, parseUnits('10', 18), before])
  })

  test('two bundles want the same gold: one succeeds, the other is reported as reverted, all of it', async () => {
    const { account, request } = await connectedPlayer({ sponsor: await carelessRelay(2) })
    await world.giveGold(account, '10')
    const buy = (id: string) => request('wallet_sendCalls', bundle([wire(world.mint(account)), wire(world.pay(shop, '10'))], { id }))
    await Promise.all([buy('first'), buy('second')])

    const statuses = await Promise.all(['first', 'second'].map((id) => request<CallsStatus>('wallet_getCallsStatus', [id])))
    expect(statuses.map(({ status }) => status).sort()).toEqual([200, 500])
    expect(await world.swords(account)).toBe(1n)
    expect(await world.goldOf(account)).toBe(0n)
  })

  test('eth_sendTransaction is one such call, and answers with the hash', async () => {
    const { account, client } = await connectedPlayer()
    const hash = await client.sendTransaction(wire(world.mint(account)) as never)
    expect(await world.chain.client.getTransactionReceipt({ hash })).toMatchObject({ status: 'success' })
    expect(await world.swords(account)).toBe(1n)
  })

  test('without a sponsor the account pays, for one call and for many; without ETH it is told so', async () => {
    const { account, request } = await connectedPlayer({ sponsor: undefined })
    await expect(request('wallet_sendCalls', bundle([wire(world.mint(account))]))).rejects.toMatchObject({ code: -32603, cause: expect.any(NoGasError) })
    await world.chain.setBalance(account, parseEther('1'))
    const { id } = await request<{ id: Hash }>('wallet_sendCalls', bundle([wire(world.mint(account))]))
    expect(await world.chain.client.getCode({ address: account })).toBeUndefined()
    await request('wallet_sendCalls', bundle([wire(world.mint(account)), { to: shop, value: '0x1' }]))
    // Who pays himself is told when it is sent, and not when it is in a block.
    await expect.poll(() => world.swords(account)).toBe(2n)
    expect(await request('wallet_getCallsStatus', [id])).toMatchObject({ status: 200, id, version: '2.0.0', atomic: true, receipts: [{ status: '0x1', transactionHash: id }] })
  })

  test('a relay that does not say who will send: the delegation is open to anyone, and pinned', async () => {
    const relay = createRelayClient({ url: world.relay.url })
    const sent: string[] = []
    const sponsor: RelayClient = {
      ...relay,
      getCapabilities: async () => ({}),
      send: (transaction) => (sent.push(transaction.data), relay.send(transaction)),
    }
    const { account, request } = await connectedPlayer({ sponsor })
    await request('wallet_sendCalls', bundle([wire(world.mint(account)), wire(world.mint(shop))]))
    expect(await world.swords(account)).toBe(1n)
    expect(sent.at(-1)).toContain('0000000000000000000000000000000000000a11')
    // Nobody can do it again with the same signature.
    await expect(relay.send({ chainId: 31337, to: '0xdb9B1e94B5b69Df7e401DDbedE43491141047dB3', data: sent.at(-1) as Hash }).then(() => world.swords(account))).resolves.toBe(1n)
  })

  test('a relay that pays for some contracts only judges a batch by what is in it', async () => {
    const { account, request } = await connectedPlayer({ sponsor: world.stingyRelay.url })
    await request('wallet_sendCalls', bundle([wire(world.mint(account)), wire(world.mint(account))]))
    expect(await world.swords(account)).toBe(2n)
    await expect(request('wallet_sendCalls', bundle([wire(world.mint(account)), wire(world.pay(shop, '0'))]))).rejects.toMatchObject({
      cause: { name: 'RelayRejectedError' },
    })
  })

  test('a relay whose answers are lost: the calls happened, once, and the wallet knows', async () => {
    const relay = createRelayClient({ url: world.relay.url })
    const lost = () => Promise.reject(new RelayUnreachableError({ host: 'relay.test', reason: 'the connection broke' }))
    const sponsor: RelayClient = { ...relay, send: (transaction) => (transaction.data === '0x' ? relay.send(transaction) : relay.send(transaction).then(lost)) }
    const { account, request } = await connectedPlayer({ sponsor })
    const { id } = await request<{ id: Hash }>('wallet_sendCalls', bundle([wire(world.mint(account))]))
    expect(await request('wallet_getCallsStatus', [id])).toMatchObject({ status: 200, receipts: [{ transactionHash: id }] })
    expect(await world.swords(account)).toBe(1n)
  })

  test('what a relay refuses fails the request, with the relay’s reason', async () => {
    const { account, request } = await connectedPlayer({ sponsor: world.stingyRelay.url })
    await world.chain.setBalance(account, 5n)
    await expect(request('wallet_sendCalls', bundle([{ to: shop, value: '0x1' }]))).rejects.toMatchObject({ code: -32603, cause: { name: 'RelayRejectedError' } })
  })

  test('each refusal has its code', async () => {
    const locked = world.player()
    const call = wire(world.mint(locked.account))
    await expect(locked.request('wallet_sendCalls', bundle([call]))).rejects.toMatchObject({ code: 4100 })
    await expect(locked.request('eth_sendTransaction', [call])).rejects.toMatchObject({ code: 4100 })

    const { request, questions } = await connectedPlayer()
    const refused = async (method: string, params: unknown, code: number) => expect(request(method, params), `${method} ${code}`).rejects.toMatchObject({ code })
    await refused('wallet_sendCalls', bundle([call], { chainId: '0x1' }), 5710)
    await refused('wallet_sendCalls', bundle([call], { from: shop }), 4100)
    await refused('wallet_sendCalls', bundle([call], { version: '1.0' }), -32602)
    await refused('wallet_sendCalls', bundle([]), -32602)
    await refused('wallet_sendCalls', bundle([{ data: '0x6001' }]), -32602)
    await refused('wallet_sendCalls', bundle([call], { capabilities: { paymasterService: { url: 'https://pay.example' } } }), 5700)
    await refused('wallet_sendCalls', bundle([{ ...call, capabilities: { somethingNew: {} } }]), 5700)
    await refused('wallet_sendCalls', bundle(Array.from({ length: 101 }, () => call)), 5740)
    await refused('eth_sendTransaction', [{ ...call, authorizationList: [] }], -32602)
    await refused('eth_sendTransaction', [{ data: '0x6001' }], -32602)
    await refused('wallet_getCallsStatus', ['nobody knows'], 5730)
    await refused('wallet_getCallsStatus', [`0x${'11'.repeat(32)}`], 5730)
    for (const method of ['personal_sign', 'eth_sign', 'eth_signTypedData_v4', 'wallet_showCallsStatus', 'wallet_addEthereumChain', 'eth_signTransaction', 'anvil_setBalance', 'debug_traceCall', 'constructor', '__proto__', 'toString', '']) {
      await refused(method, [], 4200)
    }
    await refused('wallet_switchEthereumChain', [{ chainId: '0x1' }], 4902)
    expect(await request('wallet_switchEthereumChain', [{ chainId }])).toBeNull()
    expect(questions).toEqual([])

    await request('wallet_sendCalls', bundle([call], { id: 'mine', capabilities: { paymasterService: { url: 'https://pay.example', optional: true } } }))
    await refused('wallet_sendCalls', bundle([call], { id: 'mine' }), 5720)
  })

  test('the user says no to the calls: 4001, and the id is free again', async () => {
    let approved = false
    const { account, request } = await connectedPlayer({ onConsent: async () => (approved ? { approved } : { approved, reason: 'reject-press' }) })
    const send = () => request('wallet_sendCalls', bundle([wire(world.mint(account))], { id: 'again' }))
    await expect(send()).rejects.toMatchObject({ code: 4001 })
    expect(await world.swords(account)).toBe(0n)
    approved = true
    expect(await send()).toEqual({ id: 'again' })
    expect(await world.swords(account)).toBe(1n)
  })

  test('capabilities: of this chain, of what is true', async () => {
    const { account, request } = world.player({ transport: http(world.chain.rpcUrl) })
    const all = await request<Record<string, { atomic: unknown; permissions: { permissionTypes: string[] } }>>('wallet_getCapabilities', [account])
    expect(all).toMatchObject({ [chainId]: { atomic: { status: 'supported' }, permissions: { supported: true, signerTypes: ['account'], keyTypes: ['secp256k1'] } } })
    expect(all[chainId]?.permissions.permissionTypes).toEqual(expect.arrayContaining(['contract-call', 'erc20-token-transfer', 'native-token-transfer', 'erc20-token-periodic']))
    expect(all[chainId]).not.toHaveProperty('paymasterService')
    expect(await request('wallet_getCapabilities', [account, ['0x1']])).toEqual({})
    expect(await request('wallet_getCapabilities', [account, ['0x1', chainId]])).toEqual(all)
    await expect(request('wallet_getCapabilities', [shop])).rejects.toMatchObject({ code: 4100 })
  })
})
