import { createBlock, type Block } from '@ethereumjs/block'
import { createTx, type TypedTransaction } from '@ethereumjs/tx'
import { bigIntMax, bigIntMin, bytesToHex, createAddressFromString, createZeroAddress, hexToBytes, type PrefixedHexString } from '@ethereumjs/util'
import { runTx, type RunTxResult } from '@ethereumjs/vm'
import type { Address, Hex } from 'viem'
import { rpcCode, RpcError } from './rpcError.js'
import { onCopy, type StateCopy, type VmState } from './vmState.js'

/** A transaction as `eth_call` and `eth_estimateGas` are given it. */
export type CallRequest = {
  from?: Address | undefined
  to?: Address | null | undefined
  data?: Hex | undefined
  input?: Hex | undefined
  value?: Hex | undefined
  gas?: Hex | undefined
  gasPrice?: Hex | undefined
  maxFeePerGas?: Hex | undefined
  accessList?: readonly unknown[] | undefined
  authorizationList?: readonly RpcAuthorization[] | undefined
}

type RpcAuthorization = { [name in 'address' | 'chainId' | 'nonce' | 'r' | 's' | 'yParity']: Hex }

/** Where a call runs: in a block, on the state before it. */
export type CallPlace = { block: Block; past: StateCopy | undefined }

/** Nobody else fills these blocks, so gas always costs the same. */
export const baseFeePerGas = 1_000_000_000n
export const blockGasLimit = 30_000_000n
/** The most that one transaction may use. @see EIP-7825 */
const maxTransactionGas = 16_777_216n

export function makeBlock({ common }: VmState, { number, timestamp, parentHash }: { number: bigint; timestamp: bigint; parentHash: Uint8Array }): Block {
  return createBlock({ header: { number, timestamp, parentHash, gasLimit: blockGasLimit, baseFeePerGas } }, { common, skipConsensusFormatValidation: true })
}

/** @throws {RpcError} 3 with the revert's bytes */
export async function call(machine: VmState, place: CallPlace, request: CallRequest): Promise<Hex> {
  const result = await tryCall(machine, place, request, await gasOf(machine, place, request))
  requireSuccess(result)
  return bytesToHex(result.execResult.returnValue)
}

/**
 * The least gas that the call succeeds with, or a little more: a frame passes on 63/64 of its gas, and what is refunded is needed first.
 * @throws {RpcError} 3 with the revert's bytes
 */
export async function estimateGas(machine: VmState, place: CallPlace, request: CallRequest): Promise<bigint> {
  const most = await gasOf(machine, place, request)
  const first = await tryCall(machine, place, request, most)
  requireSuccess(first)
  const guess = bigIntMin(((first.totalGasSpent + first.gasRefund) * 64n) / 63n + callStipend, most)
  if (await succeeds(machine, place, request, guess)) return guess
  let tooLittle = guess
  let enough = most
  while (enough - tooLittle > tooLittle / 64n) {
    const middle = (enough + tooLittle) / 2n
    if (await succeeds(machine, place, request, middle)) enough = middle
    else tooLittle = middle
  }
  return enough
}

const callStipend = 2_300n

async function succeeds(machine: VmState, place: CallPlace, request: CallRequest, gas: bigint): Promise<boolean> {
  try {
    return (await tryCall(machine, place, request, gas)).execResult.exceptionError === undefined
  } catch {
    return false // not even the intrinsic gas
  }
}

/** How much it may use: what it names, what its sender can pay where it names a price, and no more than the chain lets through. */
async function gasOf(machine: VmState, { past }: CallPlace, { from, value = '0x0', gas, gasPrice, maxFeePerGas = gasPrice }: CallRequest): Promise<bigint> {
  const wanted = gas === undefined ? maxTransactionGas : bigIntMin(BigInt(gas), maxTransactionGas)
  const price = BigInt(maxFeePerGas ?? 0)
  if (BigInt(value) === 0n && price === 0n) return wanted
  const balance = await onCopy(machine, past, async () => (await machine.state.getAccount(addressOf(from)))?.balance ?? 0n)
  const affordable = price === 0n ? wanted : bigIntMax(balance - BigInt(value), 0n) / price
  if (balance < BigInt(value) || affordable < 21_000n) throw insufficientFunds()
  return bigIntMin(wanted, affordable)
}

export function insufficientFunds(): RpcError {
  return new RpcError({ code: rpcCode.transactionRejected, message: 'Insufficient funds for gas * price + value' })
}

/** Runs it as an unsigned transaction, which gives the true gas: intrinsic costs, floor, refunds and authorizations. */
function tryCall(machine: VmState, { block, past }: CallPlace, request: CallRequest, gasLimit: bigint): Promise<RunTxResult> {
  const { from, to, data, input = data, value, accessList = [], authorizationList = [] } = request
  const tx = createTx(
    {
      type: authorizationList.length > 0 ? 4 : 2,
      chainId: machine.common.chainId(),
      nonce: 0n,
      gasLimit,
      maxFeePerGas: baseFeePerGas,
      maxPriorityFeePerGas: 0n,
      accessList: accessList as [],
      ...(to ? { to } : {}),
      ...(input === undefined ? {} : { data: input }),
      ...(value === undefined ? {} : { value }),
      ...(authorizationList.length > 0 ? { authorizationList: authorizationList.map(paddedAuthorization) } : {}),
    } as Parameters<typeof createTx>[0],
    { common: machine.common, freeze: false },
  ) as TypedTransaction
  const sender = addressOf(from)
  Object.assign(tx, { getSenderAddress: () => sender, isSigned: () => true, hash: () => new Uint8Array(32) })
  return onCopy(machine, past, () =>
    runTx(machine.vm, { tx, block, skipNonce: true, skipBalance: true, skipBlockGasLimitValidation: true, skipHardForkValidation: true }),
  )
}

/** A number has no leading zeros on the wire, and no digit at all for 0; a hash has all of its bytes. */
function paddedAuthorization({ address, chainId, nonce, r, s, yParity }: RpcAuthorization): RpcAuthorization {
  const even = (value: Hex): Hex => (BigInt(value) === 0n ? '0x' : (`0x${value.length % 2 === 0 ? '' : '0'}${value.slice(2)}` as Hex))
  return { address, chainId: even(chainId), nonce: even(nonce), yParity: even(yParity), r: even(r), s: even(s) }
}

/** @throws {RpcError} in the node's words */
export function requireSuccess({ execResult: { exceptionError, returnValue } }: RunTxResult): void {
  if (!exceptionError) return
  if (exceptionError.error !== 'revert') throw new RpcError({ code: rpcCode.transactionRejected, message: `EVM error: ${exceptionError.error}` })
  const data = bytesToHex(returnValue)
  throw new RpcError({ code: rpcCode.reverted, message: ['execution reverted', ...reasonOf(data)].join(': '), data })
}

/** The text of Solidity's `Error(string)`, or the selector of another error. */
function reasonOf(data: Hex): string[] {
  if (data === '0x') return []
  if (!data.startsWith('0x08c379a0')) return [`custom error ${data.slice(0, 10)}`]
  const [length, text] = [data.slice(74, 138), data.slice(138)]
  return [new TextDecoder().decode(hexToBytes(`0x${text.slice(0, 2 * Number(`0x${length}`))}`))]
}

function addressOf(address: Address | undefined) {
  return address ? createAddressFromString(address as PrefixedHexString) : createZeroAddress()
}
