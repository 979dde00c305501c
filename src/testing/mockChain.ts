import { custom, encodeAbiParameters, numberToHex, type Chain, type CustomTransport } from 'viem'
import { framework } from '../delegation/framework.js'

export type MockChain = { chain: Chain; transport: CustomTransport }

/** A chain with one block and smart accounts only, on which every contract is called `Mock contract`: enough for grants. Calls need `react-session-keys/testing/chain`. */
export function mockChain({ timestamp = Math.floor(Date.now() / 1000) }: { timestamp?: number } = {}): MockChain {
  const chain: Chain = {
    id: 31_337,
    name: 'Mock chain',
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [] } },
  }
  const block = {
    number: '0x1',
    hash: `0x${'1'.repeat(64)}`,
    parentHash: `0x${'0'.repeat(64)}`,
    timestamp: numberToHex(timestamp),
    baseFeePerGas: '0x1',
    gasLimit: '0x1c9c380',
    gasUsed: '0x0',
    transactions: [],
  }
  const answers: Record<string, unknown> = {
    eth_chainId: numberToHex(chain.id),
    eth_blockNumber: block.number,
    eth_getBlockByNumber: block,
    eth_getBalance: '0x0',
    eth_getTransactionCount: '0x0',
    // It has no transactions.
    eth_getTransactionByHash: null,
    eth_getTransactionReceipt: null,
    eth_getCode: `0xef0100${framework.EIP7702StatelessDeleGatorImpl.slice(2).toLowerCase()}`,
  }
  async function request({ method, params }: { method: string; params?: unknown }) {
    if (method in answers) return answers[method]
    if (method === 'eth_call' && isNameCall(params)) return mockName
    throw Object.assign(new Error(`The mock chain does not answer ${method}.`), { code: -32601 })
  }
  return { chain, transport: custom({ request }, { retryCount: 0 }) }
}

/** `name()` */
function isNameCall(params: unknown): boolean {
  const [call] = (params ?? []) as readonly { data?: unknown }[]
  return call?.data === '0x06fdde03'
}

const mockName = encodeAbiParameters([{ type: 'string' }], ['Mock contract'])
