import { BaseError, formatTransactionRequest, hexToBigInt, isHex, numberToHex, size, type Hex, type RpcTransactionRequest, type SignedAuthorization, type Address } from 'viem'
import { createKnownGas, gasLimit } from '../../execution/knownGas.js'
import { relayErrorCode } from '../../execution/relayWire.js'
import type { RelayChainClient } from './relayChainClient.js'
import { RelayRpcError, tooMuch } from './relayRpcError.js'

export type SimulatedCall = {
  to: Address
  data: Hex
  gas: bigint | undefined
  authorizationList: readonly SignedAuthorization[]
}

export type Simulation = {
  /**
   * Runs the call from the relay's account, authorization included, and says how much gas to send it with. One request: where calls of this
   * shape are known, it is run with just the gas that it will be sent with, which a node does many times as fast as it estimates.
   * @throws {RelayRpcError} 4211 with the revert data; 4207 when it needs more than `maxGas`
   */
  (call: SimulatedCall, shape: string | undefined): Promise<bigint>
}

export function createSimulation(client: RelayChainClient, maxGas: bigint): Simulation {
  const known = createKnownGas()
  const refuse = (gas: bigint) => tooMuch(`The transaction takes ${gas} gas; at most ${maxGas} are sponsored.`)
  /** State moves between the estimate and the block. */
  const limitFor = (estimate: bigint) => (gasLimit(estimate) < maxGas ? gasLimit(estimate) : maxGas)

  return async (call, shape) => {
    if (call.gas !== undefined && call.gas > maxGas) throw refuse(call.gas)
    const isPlainCall = shape !== undefined && call.authorizationList.length === 0
    const estimated = isPlainCall ? known.get(shape) : undefined
    if (estimated !== undefined) {
      const gas = call.gas ?? limitFor(estimated)
      if (await passes(client, { ...call, gas })) return gas
    }
    const estimate = await estimateGas(client, call)
    if (estimate > maxGas) throw refuse(estimate)
    if (isPlainCall && call.gas === undefined) known.note(shape, estimate)
    return call.gas ?? limitFor(estimate)
  }
}

/** Whether it goes through with its gas. Why not is the estimate's to say: less gas than it needs is no reason to refuse it. */
async function passes(client: RelayChainClient, call: SimulatedCall): Promise<boolean> {
  try {
    await client.request({ method: 'eth_call', params: [rpcCall(client, call), 'latest'] })
    return true
  } catch (error) {
    if (revertDataOf(error) === undefined) throw unreachable(error)
    return false
  }
}

async function estimateGas(client: RelayChainClient, call: SimulatedCall): Promise<bigint> {
  try {
    return hexToBigInt(await client.request({ method: 'eth_estimateGas', params: [rpcCall(client, call)] }))
  } catch (error) {
    const data = revertDataOf(error)
    if (data === undefined) throw unreachable(error)
    throw new RelayRpcError(relayErrorCode.simulationFailed, 'The transaction reverts.', { data: size(data) > maxRevertBytes ? '0x' : data })
  }
}

/** What a contract says when it fails is a sentence; more is no reason to send that much to whoever asks. */
const maxRevertBytes = 4_096

/** Why an included transaction reverted: the receipt does not say, so it is run again on the state that followed it. */
export async function readRevertData(client: RelayChainClient, call: SimulatedCall, blockNumber: bigint): Promise<Hex> {
  try {
    await client.request({ method: 'eth_call', params: [rpcCall(client, call), numberToHex(blockNumber)] })
    return '0x'
  } catch (error) {
    const data = revertDataOf(error) ?? '0x'
    return size(data) > maxRevertBytes ? '0x' : data
  }
}

function rpcCall(client: RelayChainClient, { to, data, gas, authorizationList }: SimulatedCall): RpcTransactionRequest {
  return formatTransactionRequest({
    account: client.account,
    to,
    data,
    ...(gas === undefined ? {} : { gas }),
    ...(authorizationList.length > 0 ? { type: 'eip7702', authorizationList } : {}),
  }) as RpcTransactionRequest
}

/** A revert, by its data or (where the node gives none) by its code or words: '0x'. Anything else is the node's trouble: undefined. */
function revertDataOf(error: unknown): Hex | undefined {
  let reverted = false
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    const { code, data } = cause as { code?: unknown; data?: unknown }
    const bytes = typeof data === 'object' && data !== null && 'data' in data ? data.data : data
    if (isHex(bytes) && size(bytes) > 0) return bytes
    // Never the request's own text, which viem puts into `message`.
    const words = cause instanceof BaseError ? cause.details : cause.message
    reverted ||= code === 3 || /revert|out of gas|gas required exceeds|intrinsic gas|gas too low|invalid opcode|stack (under|over)flow/i.test(words)
  }
  return reverted ? '0x' : undefined
}

export function unreachable(error: unknown): RelayRpcError {
  const cause = error instanceof Error ? error : undefined
  return new RelayRpcError(relayErrorCode.internal, 'The relay could not use its node.', { cause, httpStatus: 503, retryAfterSeconds: 2 })
}
