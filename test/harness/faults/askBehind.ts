import { numberToHex, type Hex } from 'viem'

export type Rpc = (method: string, params: readonly unknown[]) => Promise<unknown>

type Request = { id: unknown; method: string; params?: readonly unknown[] }

/** Where the block stands among a method's parameters. */
const blockParameter: { readonly [method: string]: number } = {
  eth_getTransactionCount: 1,
  eth_getBalance: 1,
  eth_getCode: 1,
  eth_call: 1,
  eth_getBlockByNumber: 0,
}

/**
 * What a node answers that is one block behind and has none of the others' pending transactions. What is sent to it reaches the others.
 */
export async function askBehind(rpc: Rpc, forward: (body: string) => Promise<string>, body: string): Promise<string> {
  const request = JSON.parse(body) as Request
  const { id, method, params = [] } = request
  const head = BigInt((await rpc('eth_blockNumber', [])) as Hex)
  const seen = head > 0n ? head - 1n : head
  const answer = (result: unknown) => JSON.stringify({ jsonrpc: '2.0', id, result })
  if (method === 'eth_blockNumber') return answer(numberToHex(seen))
  if (method === 'eth_getTransactionReceipt' || method === 'eth_getTransactionByHash') {
    const found = (await rpc(method, params)) as { blockNumber: Hex | null } | null
    return answer(found?.blockNumber && BigInt(found.blockNumber) <= seen ? found : null)
  }
  const position = blockParameter[method]
  if (position === undefined || !['latest', 'pending', undefined].includes(params[position] as string | undefined)) return forward(body)
  const earlier = [...params.slice(0, position), numberToHex(seen), ...params.slice(position + 1)]
  const text = await forward(JSON.stringify({ ...request, params: earlier }))
  // A node that has just come back has no state of the blocks before.
  return 'error' in (JSON.parse(text) as object) && method !== 'eth_call' ? forward(body) : text
}
