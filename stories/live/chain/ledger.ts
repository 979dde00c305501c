import type { Block } from '@ethereumjs/block'
import { createTxFromRLP, type TypedTransaction } from '@ethereumjs/tx'
import { bytesToHex, createAccount, hexToBytes } from '@ethereumjs/util'
import { runTx } from '@ethereumjs/vm'
import type { Hex } from 'viem'
import { baseFeePerGas, insufficientFunds, makeBlock, type CallPlace } from './execution.js'
import { rpcCode, RpcError } from './rpcError.js'
import { logObjects, type Included, type RpcLogObject } from './rpcShapes.js'
import { copyState, type StateCopy, type VmState } from './vmState.js'

export type Sealed = { block: Block; included: Included | undefined; state: StateCopy | undefined }

export type Ledger = {
  latest: () => Sealed
  /** The block that would be next. */
  pendingBlock: () => Block
  /** Undefined where it is not there yet. */
  sealed: (number: bigint) => Sealed | undefined
  sealedAs: (hash: unknown) => Sealed | undefined
  transaction: (hash: unknown) => Included | undefined
  logs: readonly RpcLogObject[]
  /** What `latest`, `pending`, … or a hex number stands for. */
  numberOf: (tag: unknown) => bigint
  /** Where a call at that block runs. @throws {RpcError} the block is not there, or its state is not kept */
  placeOf: (tag: unknown) => CallPlace
  /** Executes a signed transaction, in a block of its own. @throws {RpcError} it can be in no block */
  include: (serialized: Hex) => Promise<Hex>
  /** A block without a transaction. */
  mine: () => void
  moveTime: (seconds: number) => number
}

/** So many states can be asked for; a page that stays open must not grow without end. */
const keptStates = 256

/** The blocks, what is in them, and their time. */
export function createLedger(machine: VmState, clock: () => number): Ledger {
  const { vm, state, common } = machine
  const chain: Sealed[] = []
  const transactions = new Map<Hex, Included>()
  const logs: RpcLogObject[] = []
  let secondsAhead = 0

  const latest = () => chain[chain.length - 1] as Sealed

  /** Never before the last one, whatever the clock says. */
  function pendingBlock(): Block {
    const { header } = latest().block
    const now = BigInt(clock() + secondsAhead)
    return makeBlock(machine, { number: header.number + 1n, timestamp: now > header.timestamp ? now : header.timestamp, parentHash: latest().block.hash() })
  }

  function seal(block: Block, included?: Included): void {
    chain.push({ block, included, state: copyState(machine) })
    const old = chain[chain.length - 1 - keptStates]
    if (old) old.state = undefined
    if (!included) return
    transactions.set(included.hash, included)
    logs.push(...logObjects(included))
  }

  function numberOf(tag: unknown): bigint {
    if (tag === undefined || tag === null || tag === 'latest' || tag === 'safe' || tag === 'finalized') return latest().block.header.number
    if (tag === 'pending') return latest().block.header.number + 1n
    return tag === 'earliest' ? 0n : BigInt(tag as Hex)
  }

  function placeOf(tag: unknown): CallPlace {
    if (tag === 'pending') return { block: pendingBlock(), past: undefined }
    const sealed = chain[Number(numberOf(tag))]
    if (!sealed) throw new RpcError({ code: rpcCode.invalidParams, message: 'header not found' })
    if (sealed === latest()) return { block: sealed.block, past: undefined }
    if (!sealed.state) throw new RpcError({ code: rpcCode.invalidParams, message: 'the state of this block is not kept' })
    return { block: sealed.block, past: sealed.state }
  }

  function readTransaction(serialized: Hex): TypedTransaction {
    try {
      return createTxFromRLP(hexToBytes(serialized), { common }) as TypedTransaction
    } catch (cause) {
      throw new RpcError({ code: rpcCode.invalidParams, message: `Failed to decode transaction: ${(cause as Error).message}` })
    }
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

  seal(makeBlock(machine, { number: 0n, timestamp: BigInt(clock()), parentHash: new Uint8Array(32) }))
  return {
    latest,
    pendingBlock,
    sealed: (number) => chain[Number(number)],
    sealedAs: (hash) => chain.find(({ block }) => bytesToHex(block.hash()) === hash),
    transaction: (hash) => transactions.get(hash as Hex),
    logs,
    numberOf,
    placeOf,
    include,
    mine: () => seal(pendingBlock()),
    moveTime: (seconds) => (secondsAhead += seconds),
  }
}

function rejected(message: string): RpcError {
  return new RpcError({ code: rpcCode.transactionRejected, message })
}
