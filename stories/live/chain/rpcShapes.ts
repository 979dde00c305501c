import type { Block } from '@ethereumjs/block'
import type { TypedTransaction } from '@ethereumjs/tx'
import { bigIntToHex, bytesToHex } from '@ethereumjs/util'
import type { RunTxResult } from '@ethereumjs/vm'
import type { Address, Hex } from 'viem'

/** A transaction in its block; here every block has just the one. */
export type Included = { tx: TypedTransaction; hash: Hex; block: Block; result: RunTxResult }

export type RpcLogObject = {
  address: Address
  topics: Hex[]
  data: Hex
  blockNumber: Hex
  blockHash: Hex
  blockTimestamp: Hex
  transactionHash: Hex
  transactionIndex: Hex
  logIndex: Hex
  removed: false
}

/** Roots and blooms are not real: nobody here can check them. */
export function blockObject(block: Block, transactionHashes: readonly Hex[], gasUsed: bigint) {
  const { number, timestamp, parentHash, gasLimit, baseFeePerGas, coinbase } = block.header
  return {
    number: bigIntToHex(number),
    hash: bytesToHex(block.hash()),
    parentHash: bytesToHex(parentHash),
    timestamp: bigIntToHex(timestamp),
    gasLimit: bigIntToHex(gasLimit),
    gasUsed: bigIntToHex(gasUsed),
    baseFeePerGas: bigIntToHex(baseFeePerGas ?? 0n),
    miner: coinbase.toString(),
    transactions: transactionHashes,
    uncles: [],
    difficulty: '0x0',
    totalDifficulty: '0x0',
    extraData: '0x',
    size: '0x0',
    nonce: '0x0000000000000000',
    logsBloom: noBloom,
    mixHash: noHash,
    sha3Uncles: noHash,
    receiptsRoot: noHash,
    stateRoot: noHash,
    transactionsRoot: noHash,
  }
}

export function transactionObject({ tx, hash, block }: Included) {
  const { data, gasLimit, ...fields } = tx.toJSON()
  return {
    ...fields,
    type: bigIntToHex(BigInt(tx.type)),
    hash,
    input: data ?? '0x',
    gas: gasLimit,
    gasPrice: bigIntToHex(effectiveGasPrice(tx, block)),
    from: tx.getSenderAddress().toString(),
    to: tx.to?.toString() ?? null,
    ...placeOf(block),
    transactionIndex: '0x0',
  }
}

export function receiptObject(included: Included) {
  const { tx, hash, block, result } = included
  return {
    transactionHash: hash,
    transactionIndex: '0x0',
    ...placeOf(block),
    type: bigIntToHex(BigInt(tx.type)),
    status: result.execResult.exceptionError ? '0x0' : '0x1',
    from: tx.getSenderAddress().toString(),
    to: tx.to?.toString() ?? null,
    contractAddress: result.createdAddress?.toString() ?? null,
    gasUsed: bigIntToHex(result.totalGasSpent),
    cumulativeGasUsed: bigIntToHex(result.totalGasSpent),
    effectiveGasPrice: bigIntToHex(effectiveGasPrice(tx, block)),
    logs: logObjects(included),
    logsBloom: bytesToHex(result.bloom.bitvector),
  }
}

export function logObjects({ hash, block, result }: Included): RpcLogObject[] {
  return (result.execResult.logs ?? []).map(([address, topics, data], index) => ({
    address: bytesToHex(address),
    topics: topics.map((topic) => bytesToHex(topic)),
    data: bytesToHex(data),
    ...placeOf(block),
    blockTimestamp: bigIntToHex(block.header.timestamp),
    transactionHash: hash,
    transactionIndex: '0x0',
    logIndex: bigIntToHex(BigInt(index)),
    removed: false,
  }))
}

function placeOf(block: Block): { blockNumber: Hex; blockHash: Hex } {
  return { blockNumber: bigIntToHex(block.header.number), blockHash: bytesToHex(block.hash()) }
}

function effectiveGasPrice(tx: TypedTransaction, { header: { baseFeePerGas = 0n } }: Block): bigint {
  return baseFeePerGas + tx.getEffectivePriorityFee(baseFeePerGas)
}

const noHash: Hex = `0x${'0'.repeat(64)}`
const noBloom: Hex = `0x${'0'.repeat(512)}`
