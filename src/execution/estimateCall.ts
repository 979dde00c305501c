import { BaseError, EstimateGasExecutionError, hexToBigInt, type Address, type Client, type Hex } from 'viem'
import { findRevertData } from '../delegation/revertReason.js'
import { GasCapExceededError } from './errors.js'
import { transactionGasCap } from './transactionGasCap.js'

/**
 * Runs a call on the latest state: one request, where viem's action would fill in first what an estimate does not need.
 * @throws {EstimateGasExecutionError} what the contracts say, when it reverts
 * @throws {GasCapExceededError} it takes more than one transaction may have
 */
export async function estimateCall(client: Client, call: { from: Address; to: Address; data?: Hex }): Promise<bigint> {
  const gas = await ask(client, call)
  if (gas > transactionGasCap) throw new GasCapExceededError({ gas })
  return gas
}

async function ask(client: Client, call: { from: Address; to: Address; data?: Hex }): Promise<bigint> {
  try {
    return hexToBigInt(await client.request({ method: 'eth_estimateGas', params: [call] }))
  } catch (error) {
    if (!(error instanceof BaseError)) throw error
    if (isPastCap(error)) throw new GasCapExceededError({ cause: error })
    throw new EstimateGasExecutionError(error, { account: { address: call.from, type: 'json-rpc' }, to: call.to })
  }
}

/** Nodes stop at the cap themselves, each with words of its own; a contract that refuses says something of its own. */
function isPastCap(error: BaseError): boolean {
  if (findRevertData(error) !== undefined) return false
  const said: string[] = []
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) said.push(cause instanceof BaseError ? cause.details : cause.message)
  return said.some((words) => /gas required exceeds|out of ?gas|exceeds (the )?(transaction |block )?gas (limit|cap)/i.test(words))
}
