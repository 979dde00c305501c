import { numberToHex, type RpcTransactionReceipt, type TransactionReceipt } from 'viem'

const types: { readonly [word: string]: string } = { legacy: '0x0', eip2930: '0x1', eip1559: '0x2', eip4844: '0x3', eip7702: '0x4' }

/** A receipt as the node's JSON-RPC gives it, from the one that viem made of it. What a chain adds of its own stays. */
export function encodeReceipt(receipt: TransactionReceipt): RpcTransactionReceipt {
  return {
    ...(encode(receipt) as object),
    status: receipt.status === 'success' ? '0x1' : '0x0',
    type: types[receipt.type] ?? receipt.type,
  } as RpcTransactionReceipt
}

/** What viem reads as numbers; others stay as the node gave them. */
const counts = ['transactionIndex', 'logIndex']

function encode(value: unknown, key?: string): unknown {
  if (typeof value === 'bigint' || (typeof value === 'number' && key !== undefined && counts.includes(key))) return numberToHex(value)
  if (Array.isArray(value)) return value.map((one) => encode(one))
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, encode(one, name)]))
  return value
}
