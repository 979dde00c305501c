import { BaseError, formatTransactionRequest, hexToBigInt, isHex, size, type Hex, type RpcTransactionRequest, type SignedAuthorization, type Address } from 'viem'
import { relayErrorCode } from '../../execution/relayWire.js'
import type { RelayChainClient } from './relayChainClient.js'
import { RelayRpcError } from './relayRpcError.js'

export type SimulatedCall = {
  to: Address
  data: Hex
  gas: bigint | undefined
  authorizationList: readonly SignedAuthorization[]
}

/** State moves between the estimate and the block; a slot written first by someone else costs a fifth more. */
const gasMargin = (estimate: bigint) => (estimate * 5n) / 4n

/**
 * Runs the call from the relay's account, authorization included, and says how much gas to send it with.
 * @throws {RelayRpcError} 4211 with the revert data; 4207 when it needs more than `maxGas`
 */
export async function simulate(client: RelayChainClient, call: SimulatedCall, maxGas: bigint): Promise<bigint> {
  const tooMuch = (gas: bigint) => new RelayRpcError(relayErrorCode.tooLarge, `The transaction takes ${gas} gas; at most ${maxGas} are sponsored.`)
  if (call.gas !== undefined && call.gas > maxGas) throw tooMuch(call.gas)
  const estimate = await estimateGas(client, call)
  if (estimate > maxGas) throw tooMuch(estimate)
  if (call.gas !== undefined) return call.gas
  return gasMargin(estimate) < maxGas ? gasMargin(estimate) : maxGas
}

async function estimateGas(client: RelayChainClient, call: SimulatedCall): Promise<bigint> {
  try {
    return hexToBigInt(await client.request({ method: 'eth_estimateGas', params: [rpcCall(client, call)] }))
  } catch (error) {
    const data = revertDataOf(error)
    if (data === undefined) throw unreachable(error)
    throw new RelayRpcError(relayErrorCode.simulationFailed, 'The transaction reverts.', { data })
  }
}

/** Why an included transaction reverted: the receipt does not say, so it is run again on the state that followed it. */
export async function readRevertData(client: RelayChainClient, call: SimulatedCall, blockNumber: Hex): Promise<Hex> {
  try {
    await client.request({ method: 'eth_call', params: [rpcCall(client, call), blockNumber] })
    return '0x'
  } catch (error) {
    return revertDataOf(error) ?? '0x'
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
  return new RelayRpcError(relayErrorCode.internal, 'The relay could not use its node.', { cause: error instanceof Error ? error : undefined })
}
