import type { Hex, SignedAuthorization } from 'viem'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { createRelayClient, type RelayClientParameters } from '../../src/execution/relayClient.js'
import {
  InvalidRelayConfigError,
  RelayInvalidResponseError,
  RelayRejectedError,
  RelayRevertedError,
  RelaySimulationError,
  RelayTimeoutError,
  RelayUnreachableError,
  RelayUnsupportedChainError,
} from '../../src/execution/relayErrors.js'
import { formatRelayReceipt } from '../../src/execution/relayReceipt.js'
import { serveFetch, type ServedFetch } from '../../src/testing/chain/serveFetch.js'

const servers: ServedFetch[] = []
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()))
})

type Call = { method: string; params: unknown }
type Seen = { path: string; headers: Headers; body: Call & { jsonrpc: string; id: number } }

/** A relay that answers over HTTP as it is told: with a result, an error, or a whole Response. */
async function startScript(script: (call: Call, index: number) => unknown, options: Partial<RelayClientParameters> = {}) {
  const seen: Seen[] = []
  const server = await serveFetch(async (request) => {
    const body = (await request.json()) as Seen['body']
    seen.push({ path: new URL(request.url).pathname + new URL(request.url).search, headers: request.headers, body })
    const answer = script(body, seen.length - 1)
    if (answer instanceof Response) return answer
    if (answer instanceof RpcFailure) return Response.json({ jsonrpc: '2.0', id: body.id, error: answer.error })
    return Response.json({ jsonrpc: '2.0', id: body.id, result: answer })
  })
  servers.push(server)
  const relay = createRelayClient({ url: `${server.url}/v1/rpc?x=1`, pollingIntervalMs: 1, totalTimeoutMs: 2_000, ...options })
  return { relay, seen, methods: () => seen.map(({ body }) => body.method) }
}

class RpcFailure {
  constructor(readonly error: { code: number; message?: string; data?: unknown }) {}
}

const hash = (digit: string) => `0x${digit.repeat(64)}` as Hex
const account = (digit: string) => `0x${digit.repeat(40)}` as Hex
const id = hash('a')

const rpcReceipt = {
  transactionHash: hash('1'),
  transactionIndex: '0x2',
  blockHash: hash('b'),
  blockNumber: '0x10',
  from: account('c'),
  to: account('d'),
  contractAddress: null,
  cumulativeGasUsed: '0x5208',
  gasUsed: '0x5208',
  effectiveGasPrice: '0x3b9aca00',
  logs: [
    { address: account('e'), topics: [hash('2')], data: '0x', blockHash: hash('b'), blockNumber: '0x10', transactionHash: hash('1'), transactionIndex: '0x2', logIndex: '0x0', removed: false },
  ],
  logsBloom: '0x00',
  status: '0x1',
  type: '0x4',
}
const success = { id, chainId: '137', createdAt: 1, status: 200, receipt: rpcReceipt }
const transaction = { chainId: 137, to: account('d'), data: '0x1234' as Hex }

describe('what goes over the wire', () => {
  test('one request, posted to exactly the url, params one object, the key as a bearer token', async () => {
    const authorization = { address: account('f'), chainId: 137, nonce: 5, r: '0x1', s: hash('3'), yParity: 0 } as SignedAuthorization
    const { relay, seen } = await startScript(() => success, { apiKey: 'key', headers: { 'x-app': 'game' } })

    await relay.send({ ...transaction, gas: 90_000n, authorizationList: [authorization] })

    expect(seen).toHaveLength(1)
    expect(seen[0]?.path).toBe('/v1/rpc?x=1')
    expect(seen[0]?.headers.get('authorization')).toBe('Bearer key')
    expect(seen[0]?.headers.get('x-app')).toBe('game')
    expect(seen[0]?.body).toEqual({
      jsonrpc: '2.0',
      id: expect.any(Number),
      method: 'relayer_sendTransactionSync',
      params: {
        chainId: '137',
        to: account('d'),
        data: '0x1234',
        gas: '90000',
        timeout: 10_000,
        authorizationList: [{ address: account('f'), chainId: '0x89', nonce: '0x5', r: `0x${'0'.repeat(63)}1`, s: hash('3'), yParity: '0x0' }],
      },
    })
  })

  test('nothing is sent that was not given', async () => {
    const { relay, seen } = await startScript(() => id)
    expect(await relay.sendTransaction({ ...transaction, authorizationList: [] })).toBe(id)
    expect(seen[0]?.body.params).toEqual({ chainId: '137', to: account('d'), data: '0x1234' })
    expect(seen[0]?.headers.has('authorization')).toBe(false)
  })
})

describe('send', () => {
  test('takes a terminal status', async () => {
    const { relay } = await startScript(() => success)
    const sent = await relay.send(transaction)
    expect(sent).toMatchObject({ id, transactionHash: hash('1'), receipt: { status: 'success', blockNumber: 16n, gasUsed: 21_000n, transactionIndex: 2, type: 'eip7702' } })
    expect(sent.receipt.logs[0]).toMatchObject({ logIndex: 0, blockNumber: 16n })
  })

  test('takes the receipt alone, formatted or not', async () => {
    const formatted = JSON.parse(JSON.stringify(formatRelayReceipt(rpcReceipt), (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))) as unknown
    for (const receipt of [rpcReceipt, formatted]) {
      const { relay } = await startScript(() => receipt)
      expect(await relay.send(transaction)).toEqual({ id: hash('1'), transactionHash: hash('1'), receipt: formatRelayReceipt(rpcReceipt) })
    }
  })

  test('goes on with the id when the relay is too slow, through a look that fails', async () => {
    const answers = [
      new RpcFailure({ code: -32070, message: 'timeout', data: id }),
      { id, status: 100 },
      new Response('bad gateway', { status: 502 }),
      new RpcFailure({ code: 4203 }),
      { id, status: 110, hash: hash('1') },
      success,
    ]
    const { relay, seen, methods } = await startScript((_, index) => answers[index])
    expect((await relay.send(transaction)).transactionHash).toBe(hash('1'))
    expect(methods()).toEqual(['relayer_sendTransactionSync', ...Array<string>(5).fill('relayer_getStatus')])
    expect(seen[1]?.body.params).toEqual({ id })
  })

  test('where the relay cannot wait it sends and asks, and does not try again to have it wait', async () => {
    const { relay, methods } = await startScript(({ method }) => {
      if (method === 'relayer_sendTransactionSync') return new RpcFailure({ code: -32601, message: 'Method not found' })
      return method === 'relayer_sendTransaction' ? id : success
    })
    await relay.send(transaction)
    await relay.send(transaction)
    expect(methods()).toEqual(['relayer_sendTransactionSync', 'relayer_sendTransaction', 'relayer_getStatus', 'relayer_sendTransaction', 'relayer_getStatus'])
  })

  test('gives up after its time, and names the task and its transaction', async () => {
    const { relay } = await startScript(({ method }) => (method === 'relayer_getStatus' ? { id, status: 110, hash: hash('1') } : new RpcFailure({ code: -32070, data: id })), {
      totalTimeoutMs: 300,
    })
    const error = await relay.send(transaction).catch((cause: unknown) => cause)
    expect(error).toBeInstanceOf(RelayTimeoutError)
    expect(error).toMatchObject({ id, transactionHash: hash('1') })
  })

  test('a timeout without an id', async () => {
    const { relay } = await startScript(() => new RpcFailure({ code: -32070 }))
    await expect(relay.send(transaction)).rejects.toMatchObject({ name: 'RelayTimeoutError', id: undefined })
  })

  test('a revert, told by the status or by the receipt alone', async () => {
    const receipt = { ...rpcReceipt, status: '0x0' }
    for (const [answer, data] of [
      [{ id, status: 500, data: '0x08c379a0', receipt }, '0x08c379a0'],
      [{ id, status: 200, receipt }, undefined],
    ] as const) {
      const { relay } = await startScript(() => answer)
      const error = await relay.send(transaction).catch((cause: unknown) => cause)
      expect(error).toBeInstanceOf(RelayRevertedError)
      expect(error).toMatchObject({ id, data, transactionHash: hash('1'), receipt: { status: 'reverted' } })
    }
  })
})

describe('refusals', () => {
  test('a simulation that reverts carries the revert data', async () => {
    const { relay } = await startScript(() => new RpcFailure({ code: 4211, message: 'reverted', data: '0x155ff427' }))
    for (const act of [() => relay.send(transaction), () => relay.sendTransaction(transaction)]) {
      const error = await act().catch((cause: unknown) => cause)
      expect(error).toBeInstanceOf(RelaySimulationError)
      expect((error as RelaySimulationError).walk((cause) => Boolean((cause as { data?: Hex }).data))).toMatchObject({ data: '0x155ff427' })
    }
  })

  test('other codes keep their number and reason; a rejected task is 400', async () => {
    const rpc = await startScript(() => new RpcFailure({ code: 4203, message: 'slow down' }))
    await expect(rpc.relay.send(transaction)).rejects.toMatchObject({ name: 'RelayRejectedError', code: 4203, shortMessage: 'The relay refused (4203): slow down' })
    const task = await startScript(() => ({ id, status: 400, message: 'no funds', data: { a: 1 } }))
    await expect(task.relay.send(transaction)).rejects.toMatchObject({ name: 'RelayRejectedError', code: 400, data: { a: 1 } })
    const chain = await startScript(() => new RpcFailure({ code: 4206 }))
    await expect(chain.relay.send(transaction)).rejects.toBeInstanceOf(RelayUnsupportedChainError)
    for (const [status, code] of [[401, 4100], [403, 4100], [429, 4203]] as const) {
      const http = await startScript(() => new Response('no', { status }))
      await expect(http.relay.send(transaction)).rejects.toMatchObject({ name: 'RelayRejectedError', code })
    }
  })

  test('no answer', async () => {
    const { relay } = await startScript(() => new Response('bad gateway', { status: 502 }))
    await expect(relay.send(transaction)).rejects.toBeInstanceOf(RelayUnreachableError)
    const nobody = createRelayClient({ url: 'http://127.0.0.1:9/secret-path' })
    const error = await nobody.send(transaction).catch((cause: unknown) => cause)
    expect(error).toBeInstanceOf(RelayUnreachableError)
    expect(String(error)).not.toContain('secret-path')
    const silent = createRelayClient({
      url: 'http://relay.test',
      requestTimeoutMs: 5,
      fetch: (_, init) => new Promise((_resolve, reject) => init?.signal?.addEventListener('abort', () => reject(new Error('aborted')))),
    })
    await expect(silent.getStatus(id)).rejects.toMatchObject({ name: 'RelayUnreachableError', shortMessage: expect.stringContaining('nothing within 5 ms') })
  })

  test('answers that are not the protocol', async () => {
    const garbage = [
      new Response('<html>', { status: 200 }),
      new Response('[]', { status: 200 }),
      new Response('{"jsonrpc":"2.0","id":1}', { status: 200 }),
      new Response('not found', { status: 404 }),
      'a string',
      { status: 300, id },
      { status: 200, id },
      { status: 200, id, receipt: { ...rpcReceipt, gasUsed: 'much' } },
      { status: 200, id, receipt: { ...rpcReceipt, status: '0x2' } },
      { status: 200, id, receipt: { ...rpcReceipt, logs: [{}] } },
      { status: 110 },
    ]
    for (const [index, answer] of garbage.entries()) {
      const { relay } = await startScript(() => answer)
      const error = await relay.send(transaction).catch((cause: unknown) => cause)
      expect(error, `answer ${index}`).toBeInstanceOf(RelayInvalidResponseError)
    }
    const { relay } = await startScript(() => ({ not: 'an id' }))
    await expect(relay.sendTransaction(transaction)).rejects.toBeInstanceOf(RelayInvalidResponseError)
  })

  test('no error holds the key, not even what the relay says about it', async () => {
    const apiKey = 'very-secret'
    const { relay } = await startScript(() => new RpcFailure({ code: 4100, message: `unknown key ${apiKey}` }), { apiKey })
    const error = await relay.send(transaction).catch((cause: unknown) => cause)
    expect(error).toBeInstanceOf(RelayRejectedError)
    expect(String(error)).toContain('unknown key …')
    expect(String(error) + JSON.stringify(error)).not.toContain(apiKey)
    const make = () => createRelayClient({ url: 'http://relay.test', apiKey: `${apiKey}\nx` })
    expect(make).toThrow(InvalidRelayConfigError)
    expect(make).not.toThrow(apiKey)
  })

  test('nor what it says in data, or of a task that it refused', async () => {
    const apiKey = 'very-secret'
    const data = { headers: [`Bearer ${apiKey}`], [apiKey]: 1, chain: '137' }
    const answers = [new RpcFailure({ code: 4200, data }), new RpcFailure({ code: 4200, data: apiKey }), { id, status: 400, message: `bad ${apiKey}`, data }]
    for (const answer of answers) {
      const { relay } = await startScript(() => answer, { apiKey })
      const error = await relay.send(transaction).catch((cause: unknown) => cause)
      expect(error).toBeInstanceOf(RelayRejectedError)
      expect(String(error) + JSON.stringify(error)).not.toContain(apiKey)
    }
    const { relay } = await startScript(() => answers[2], { apiKey })
    expect(await relay.getStatus(id)).toEqual({ id, status: 400, message: 'bad …', data: { headers: ['Bearer …'], '…': 1, chain: '137' } })
  })

  test('revert data stays readable beside a header as short as a digit', async () => {
    const { relay } = await startScript(() => new RpcFailure({ code: 4211, message: 'reverted', data: '0x155ff427' }), { headers: { 'x-version': '1' } })
    await expect(relay.send(transaction)).rejects.toMatchObject({ data: '0x155ff427' })
  })

  test('a url that cannot be used is named at once, without repeating it', () => {
    for (const url of ['relay', 'ftp://relay.test', 'https://user:secret@relay.test']) {
      expect(() => createRelayClient({ url }), url).toThrow(InvalidRelayConfigError)
      expect(() => createRelayClient({ url }), url).not.toThrow(/secret/)
    }
  })
})

describe('capabilities', () => {
  const row = { feeCollector: account('c'), tokens: [{ address: account('e'), decimals: 6, symbol: 'USDC', new: true }], targetAddress: account('d'), beta: 1 }

  test('are read for one chain and asked for once', async () => {
    const { relay, seen } = await startScript(() => ({ 1: {}, 137: row }))
    const [first, second] = await Promise.all([relay.getCapabilities(137), relay.getCapabilities(137)])
    expect(first).toEqual({ targetAddress: '0xDDdDddDdDdddDDddDDddDDDDdDdDDdDDdDDDDDDd', feeCollector: expect.stringMatching(/^0xc{40}$/i), tokens: [{ address: expect.stringMatching(/^0xe{40}$/i), decimals: 6, symbol: 'USDC' }] })
    expect(second).toBe(first)
    expect(await relay.getCapabilities(1)).toEqual({})
    expect(seen.map(({ body }) => body.params)).toEqual([['137'], ['1']])
  })

  test('a failure is not kept', async () => {
    const answers = [new Response('', { status: 503 }), { 137: row }]
    const { relay } = await startScript((_, index) => answers[index])
    await expect(relay.getCapabilities(137)).rejects.toBeInstanceOf(RelayUnreachableError)
    expect((await relay.getCapabilities(137)).tokens).toHaveLength(1)
  })

  test('a chain that is not served, and rows that are not capabilities', async () => {
    const elsewhere = await startScript(() => ({ 1: row, 10: row }))
    await expect(elsewhere.relay.getCapabilities(137)).rejects.toMatchObject({ name: 'RelayUnsupportedChainError', chainId: 137, shortMessage: 'The relay does not serve chain 137. It serves 1, 10.' })
    for (const answer of [[], 'x', null, { 137: { targetAddress: '0x12' } }, { 137: { tokens: [{ address: account('e') }] } }]) {
      const { relay } = await startScript(() => answer)
      await expect(relay.getCapabilities(137), JSON.stringify(answer)).rejects.toBeInstanceOf(RelayInvalidResponseError)
    }
  })
})

test('a fetch that is installed later is used', async () => {
  const relay = createRelayClient({ url: 'http://relay.test' })
  const fetch = vi.spyOn(globalThis, 'fetch').mockImplementation(async () => Response.json({ jsonrpc: '2.0', id: 1, result: id }))
  try {
    expect(await relay.sendTransaction(transaction)).toBe(id)
  } finally {
    fetch.mockRestore()
  }
})
