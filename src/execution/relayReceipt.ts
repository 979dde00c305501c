import { formatTransactionReceipt, isAddress, numberToHex, type Address, type Hex, type TransactionReceipt } from 'viem'
import * as v from 'valibot'
import { RelayInvalidResponseError } from './relayErrors.js'
import { wireBytes, wireHash, wireIssue, wireQuantity } from './relayWire.js'

/**
 * A receipt as relays send it: as the node's RPC gives it (hex), or already formatted (decimal, words).
 * @throws {RelayInvalidResponseError} when it is not a receipt
 */
export function formatRelayReceipt(value: unknown): TransactionReceipt {
  const receipt = v.safeParse(receiptSchema, value)
  if (!receipt.success) throw new RelayInvalidResponseError({ reason: `no receipt: ${wireIssue(receipt.issues)}` })
  return formatTransactionReceipt(receipt.output)
}

/** In the letter case it came in, as viem leaves it. */
const address = v.custom<Address>((value) => typeof value === 'string' && isAddress(value, { strict: false }), 'not an address')

const quantity = v.pipe(wireQuantity, v.transform((value) => numberToHex(value)))

const status = v.pipe(
  v.picklist(['0x1', '0x0', 'success', 'reverted']),
  v.transform((value): '0x0' | '0x1' => (value === '0x1' || value === 'success' ? '0x1' : '0x0')),
)

/** viem's words for transaction types, for receipts that were formatted before they were sent. */
const typeWords: Record<string, Hex> = { legacy: '0x0', eip2930: '0x1', eip1559: '0x2', eip4844: '0x3', eip7702: '0x4' }

const type = v.pipe(v.string(), v.maxLength(32), v.transform((value) => (typeWords[value] ?? value) as Hex))

const log = v.looseObject({
  address: address,
  topics: v.array(wireHash) as unknown as v.GenericSchema<unknown, [Hex, ...Hex[]] | []>,
  data: wireBytes,
  blockHash: wireHash,
  blockNumber: quantity,
  transactionHash: wireHash,
  transactionIndex: quantity,
  logIndex: quantity,
  removed: v.optional(v.boolean(), false),
})

const receiptSchema = v.looseObject({
  transactionHash: wireHash,
  transactionIndex: quantity,
  blockHash: wireHash,
  blockNumber: quantity,
  from: address,
  to: v.nullish(address, null),
  contractAddress: v.nullish(address, null),
  cumulativeGasUsed: quantity,
  gasUsed: quantity,
  effectiveGasPrice: quantity,
  logs: v.array(log),
  logsBloom: v.optional(wireBytes, '0x'),
  status,
  type: v.optional(type, '0x2'),
  blobGasPrice: v.optional(quantity),
  blobGasUsed: v.optional(quantity),
})
