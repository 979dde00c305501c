import type { Block } from '@ethereumjs/block'
import { createTxFromRLP, type TypedTransaction } from '@ethereumjs/tx'
import { bigIntToHex, bytesToHex, createAccount, createAddressFromString, hexToBytes, setLengthLeft, type PrefixedHexString } from '@ethereumjs/util'
import { runTx } from '@ethereumjs/vm'
import type { Address, Hex } from 'viem'
import { baseFeePerGas, call, estimateGas, insufficientFunds, makeBlock, type CallPlace, type CallRequest } from './execution.js'
import { filterLogs, type LogFilter } from './filterLogs.js'
import type { Genesis } from './genesis.js'
import { rpcCode, RpcError } from './rpcError.js'
import { blockObject, logObjects, receiptObject, transactionObject, type Included, type RpcLogObject } from './rpcShapes.js'
import { copyState, createVmState, onCopy, type StateCopy } from './vmState.js'

export type VmChain = {
  /** One after the other, as a node answers. @throws {RpcError} */
  request: (request: { method: string; params?: unknown }) => Promise<unknown>
}

export type VmChainParameters = {
  genesis: Genesis
  /** Unix seconds, which new blocks carry. It may stand still. */
  clock: () => number
}

type Sealed = { block: Block; included: Included | undefined; state: StateCopy }
type Params = readonly unknown[]

/**
 * A node over `@ethereumjs/vm`: it answers what viem, wagmi and the kit ask, a block for each transaction, and obeys the few methods
 * that move its time and give out ETH. What it has no answer for is refused as an unknown method, as nodes do.
 */
export async function createVmChain({ genesis, clock }: VmChainParameters): Promise<VmChain> {
  const machine = await createVmState(genesis)
  const { vm, state, common } = machine
  const first = makeBlock(machine, { number: 0n, timestamp: BigInt(clock()), parentHash: new Uint8Array(32) })
  const chain: Sealed[] = [{ block: first, included: undefined, state: copyState(machine) }]
  const transactions = new Map<Hex, Included>()
  const logs: RpcLogObject[] = []
  let secondsAhead = 0

  const latest = () => chain[chain.length - 1] as Sealed

  function pendingBlock(): Block {
    const { header } = latest().block
    const now = BigInt(clock() + secondsAhead)
    return makeBlock(machine, { number: header.number + 1n, timestamp: now > header.timestamp ? now : header.timestamp, parentHash: latest().block.hash() })
  }

  function numberOf(tag: unknown): bigint {
    if (tag === undefined || tag === null || tag === 'latest' || tag === 'safe' || tag === 'finalized') return latest().block.header.number
    if (tag === 'pending') return latest().block.header.number + 1n
    return tag === 'earliest' ? 0n : BigInt(tag as Hex)
  }

  /** A block that is there already, or the one that would be next. */
  function placeOf(tag: unknown): CallPlace {
    if (tag === 'pending') return { block: pendingBlock(), past: undefined }
    const sealed = chain[Number(numberOf(tag))]
    if (!sealed) throw new RpcError({ code: rpcCode.invalidParams, message: 'header not found' })
    return { block: sealed.block, past: sealed === latest() ? undefined : sealed.state }
  }

  function readAt<result>(tag: unknown, address: unknown, read: (at: ReturnType<typeof createAddressFromString>) => Promise<result>): Promise<result> {
    return onCopy(machine, placeOf(tag).past, () => read(createAddressFromString(address as PrefixedHexString)))
  }

  async function accountAt(tag: unknown, address: unknown) {
    return readAt(tag, address, async (at) => (await state.getAccount(at)) ?? createAccount({}))
  }

  function seal(block: Block, included: Included | undefined): void {
    chain.push({ block, included, state: copyState(machine) })
    if (!included) return
    transactions.set(included.hash, included)
    logs.push(...logObjects(included))
  }

  async function include(serialized: Hex): Promise<Hex> {
    const tx = readTransaction(serialized)
    const hash = bytesToHex(tx.hash())
    if (transactions.has(hash)) throw rejected('transaction already imported')
    const sender = (await state.getAccount(tx.getSenderAddress())) ?? createAccount({})
    if (tx.nonce !== sender.nonce) throw rejected(tx.nonce < sender.nonce ? 'nonce too low' : 'nonce too high')
    if (tx.getUpfrontCost(baseFeePerGas) > sender.balance) throw insufficientFunds()
    const block = pendingBlock()
    seal(block, { tx, hash, block, result: await runTx(vm, { tx, block }) })
    return hash
  }

  function readTransaction(serialized: Hex): TypedTransaction {
    try {
      return createTxFromRLP(hexToBytes(serialized), { common }) as TypedTransaction
    } catch (cause) {
      throw new RpcError({ code: rpcCode.invalidParams, message: `Failed to decode transaction: ${(cause as Error).message}` })
    }
  }

  function blockAt(tag: unknown, full: unknown) {
    const number = numberOf(tag)
    if (tag !== 'pending' && number > latest().block.header.number) return null
    const { block, included } = tag === 'pending' ? { block: pendingBlock(), included: undefined } : (chain[Number(number)] as Sealed)
    const shape = blockObject(block, included ? [included.hash] : [], included?.result.totalGasSpent ?? 0n)
    return full && included ? { ...shape, transactions: [transactionObject(included)] } : shape
  }

  const found = <shape>(hash: unknown, shape: (included: Included) => shape) => {
    const included = transactions.get(hash as Hex)
    return included ? shape(included) : null
  }

  const methods: { readonly [method: string]: (params: Params) => unknown } = {
    eth_chainId: () => bigIntToHex(common.chainId()),
    net_version: () => String(common.chainId()),
    web3_clientVersion: () => 'page-chain',
    eth_syncing: () => false,
    eth_gasPrice: () => bigIntToHex(baseFeePerGas),
    eth_maxPriorityFeePerGas: () => '0x0',
    eth_feeHistory: ([count]) => {
      const blocks = Number(count)
      return { oldestBlock: '0x0', baseFeePerGas: Array(blocks + 1).fill(bigIntToHex(baseFeePerGas)), gasUsedRatio: Array(blocks).fill(0), reward: Array(blocks).fill(['0x0']) }
    },
    eth_blockNumber: () => bigIntToHex(latest().block.header.number),
    eth_getBlockByNumber: ([tag, full]) => blockAt(tag, full),
    eth_getBlockByHash: ([hash, full]) => {
      const index = chain.findIndex(({ block }) => bytesToHex(block.hash()) === hash)
      return index === -1 ? null : blockAt(bigIntToHex(BigInt(index)), full)
    },
    eth_getTransactionByHash: ([hash]) => found(hash, transactionObject),
    eth_getTransactionReceipt: ([hash]) => found(hash, receiptObject),
    eth_getLogs: ([filter]) => filterLogs(logs, filter as LogFilter, numberOf),
    eth_getBalance: async ([address, tag]) => bigIntToHex((await accountAt(tag, address)).balance),
    eth_getTransactionCount: async ([address, tag]) => bigIntToHex((await accountAt(tag, address)).nonce),
    eth_getCode: ([address, tag]) => readAt(tag, address, async (at) => bytesToHex(await state.getCode(at))),
    eth_getStorageAt: ([address, slot, tag]) =>
      readAt(tag, address, async (at) => bytesToHex(setLengthLeft(await state.getStorage(at, setLengthLeft(hexToBytes(slot as Hex), 32)), 32))),
    eth_call: ([request, tag]) => call(machine, placeOf(tag), request as CallRequest),
    eth_estimateGas: async ([request, tag = 'pending']) => bigIntToHex(await estimateGas(machine, placeOf(tag), request as CallRequest)),
    eth_sendRawTransaction: ([serialized]) => include(serialized as Hex),
    evm_increaseTime: ([seconds]) => (secondsAhead += Number(seconds)),
    evm_mine: () => {
      seal(pendingBlock(), undefined)
      return '0x0'
    },
    anvil_setBalance: async ([address, wei]) => {
      const at = createAddressFromString(address as Address)
      const account = (await state.getAccount(at)) ?? createAccount({})
      account.balance = BigInt(wei as Hex)
      await state.putAccount(at, account)
      return null
    },
  }

  let last: Promise<unknown> = Promise.resolve()
  return {
    request({ method, params = [] }) {
      // There is one state: what runs on it must not meet another half way.
      const answer = last.then(() => {
        const answerTo = Object.hasOwn(methods, method) ? methods[method] : undefined
        if (!answerTo) throw new RpcError({ code: rpcCode.methodNotFound, message: `Method not found: ${method}` })
        return answerTo(params as Params)
      })
      last = answer.catch(() => undefined)
      return answer
    },
  }
}

function rejected(message: string): RpcError {
  return new RpcError({ code: rpcCode.transactionRejected, message })
}
