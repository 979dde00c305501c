import { bigIntToHex, bytesToHex, createAccount, createAddressFromString, hexToBytes, setLengthLeft, type PrefixedHexString } from '@ethereumjs/util'
import type { Hex } from 'viem'
import { baseFeePerGas, call, estimateGas, type CallRequest } from './execution.js'
import { filterLogs, type LogFilter } from './filterLogs.js'
import type { Genesis } from './genesis.js'
import { createLedger, type Sealed } from './ledger.js'
import { rpcCode, RpcError } from './rpcError.js'
import { blockObject, receiptObject, transactionObject } from './rpcShapes.js'
import { createVmState, onCopy } from './vmState.js'

export type VmChain = {
  /** One after the other, as a node answers. @throws {RpcError} */
  request: (request: { method: string; params?: unknown }) => Promise<unknown>
}

export type VmChainParameters = {
  genesis: Genesis
  /** Unix seconds, which new blocks carry. It may stand still. */
  clock: () => number
}

type Methods = { readonly [method: string]: (params: readonly unknown[]) => unknown }

/**
 * A node over `@ethereumjs/vm`: it answers what viem, wagmi and the kit ask, a block for each transaction, and obeys the few methods
 * that move its time and give out ETH. What it has no answer for is refused as an unknown method, as nodes do.
 */
export async function createVmChain(parameters: VmChainParameters): Promise<VmChain> {
  const methods = await nodeMethods(parameters)
  let last: Promise<unknown> = Promise.resolve()
  return {
    request({ method, params = [] }) {
      // There is one state: what runs on it must not meet another half way.
      const answer = last.then(() => {
        const answerTo = Object.hasOwn(methods, method) ? methods[method] : undefined
        if (!answerTo) throw new RpcError({ code: rpcCode.methodNotFound, message: `Method not found: ${method}` })
        return answerTo(params as readonly unknown[])
      })
      last = answer.catch(() => undefined)
      return answer
    },
  }
}

async function nodeMethods({ genesis, clock }: VmChainParameters): Promise<Methods> {
  const machine = await createVmState(genesis)
  const ledger = createLedger(machine, clock)
  const { state, common } = machine

  const readAt = <result>(tag: unknown, address: unknown, read: (at: ReturnType<typeof createAddressFromString>) => Promise<result>) =>
    onCopy(machine, ledger.placeOf(tag).past, () => read(createAddressFromString(address as PrefixedHexString)))
  const accountAt = (tag: unknown, address: unknown) => readAt(tag, address, async (at) => (await state.getAccount(at)) ?? createAccount({}))
  const blockAt = (tag: unknown) => (tag === 'pending' ? { block: ledger.pendingBlock(), included: undefined } : ledger.sealed(ledger.numberOf(tag)))

  return {
    eth_chainId: () => bigIntToHex(common.chainId()),
    net_version: () => String(common.chainId()),
    web3_clientVersion: () => 'page-chain',
    eth_syncing: () => false,
    eth_gasPrice: () => bigIntToHex(baseFeePerGas),
    eth_maxPriorityFeePerGas: () => '0x0',
    eth_feeHistory: ([count]) => feeHistory(Number(count), ledger.latest().block.header.number),
    eth_blockNumber: () => bigIntToHex(ledger.latest().block.header.number),
    eth_getBlockByNumber: ([tag, full]) => shownBlock(blockAt(tag), full),
    eth_getBlockByHash: ([hash, full]) => shownBlock(ledger.sealedAs(hash), full),
    eth_getTransactionByHash: ([hash]) => orNull(ledger.transaction(hash), transactionObject),
    eth_getTransactionReceipt: ([hash]) => orNull(ledger.transaction(hash), receiptObject),
    eth_getLogs: ([filter]) => filterLogs(ledger.logs, filter as LogFilter, ledger.numberOf),
    eth_getBalance: async ([address, tag]) => bigIntToHex((await accountAt(tag, address)).balance),
    eth_getTransactionCount: async ([address, tag]) => bigIntToHex((await accountAt(tag, address)).nonce),
    eth_getCode: ([address, tag]) => readAt(tag, address, async (at) => bytesToHex(await state.getCode(at))),
    eth_getStorageAt: ([address, slot, tag]) => readAt(tag, address, async (at) => bytesToHex(word(await state.getStorage(at, word(hexToBytes(slot as Hex)))))),
    eth_call: ([request, tag]) => call(machine, ledger.placeOf(tag), request as CallRequest),
    eth_estimateGas: async ([request, tag = 'pending']) => bigIntToHex(await estimateGas(machine, ledger.placeOf(tag), request as CallRequest)),
    eth_sendRawTransaction: ([serialized]) => ledger.include(serialized as Hex),
    evm_increaseTime: ([seconds]) => ledger.moveTime(Number(seconds)),
    evm_mine: () => {
      ledger.mine()
      return '0x0'
    },
    anvil_setBalance: async ([address, wei]) => {
      const at = createAddressFromString(address as PrefixedHexString)
      const account = (await state.getAccount(at)) ?? createAccount({})
      account.balance = BigInt(wei as Hex)
      await state.putAccount(at, account)
      return null
    },
  }
}

function shownBlock(found: Pick<Sealed, 'block' | 'included'> | undefined, full: unknown) {
  if (!found) return null
  const { block, included } = found
  const shape = blockObject(block, included ? [included.hash] : [], included?.result.totalGasSpent ?? 0n)
  return full && included ? { ...shape, transactions: [transactionObject(included)] } : shape
}

function feeHistory(count: number, latest: bigint) {
  const oldest = latest - BigInt(count) + 1n
  return {
    oldestBlock: bigIntToHex(oldest > 0n ? oldest : 0n),
    baseFeePerGas: Array<Hex>(count + 1).fill(bigIntToHex(baseFeePerGas)),
    gasUsedRatio: Array<number>(count).fill(0),
    reward: Array<Hex[]>(count).fill(['0x0']),
  }
}

function orNull<item, shape>(item: item | undefined, shapeOf: (item: item) => shape): shape | null {
  return item === undefined ? null : shapeOf(item)
}

const word = (bytes: Uint8Array) => setLengthLeft(bytes, 32)
