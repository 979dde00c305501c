import { BaseError, hexToBigInt, InsufficientFundsError, isHex, type RpcTransactionReceipt } from 'viem'
import { getNodeError } from 'viem/utils'
import { relayStatusCode } from '../../execution/relayWire.js'
import { awaitReceipt } from './awaitReceipt.js'
import type { RelayChainClient } from './relayChainClient.js'
import { readRevertData, type SimulatedCall } from './simulate.js'
import type { Fees, Submission, Submitter } from './submit.js'
import type { Task } from './tasks.js'

export type ExecuteParameters = {
  client: RelayChainClient
  submitter: Submitter
  task: Task
  call: SimulatedCall & { gas: bigint }
  fees: Fees
  reservation: { settle: (paidWei: bigint) => void }
  onError: (error: unknown) => void
}

/** Takes an accepted task to its outcome. Never rejects: the task tells. */
export async function execute({ client, submitter, task, call, fees, reservation, onError }: ExecuteParameters): Promise<void> {
  let submission: Submission
  try {
    submission = await submitter.submit(call, fees)
  } catch (error) {
    onError(error)
    reservation.settle(0n)
    return task.update({ status: relayStatusCode.rejected, message: refusal(error) })
  }
  task.update({ status: relayStatusCode.submitted, hash: submission.hash })
  const receipt = await awaitReceipt(client, submission)
  submitter.settled()
  reservation.settle(receipt ? costOf(receipt) : 0n)
  if (!receipt) return task.update({ status: relayStatusCode.rejected, message: 'Not included: another transaction took its place. Send it again.' })
  if (receipt.status === '0x1') return task.update({ status: relayStatusCode.success, receipt })
  const data = await readRevertData(client, call, receipt.blockNumber)
  task.update({ status: relayStatusCode.reverted, data, message: 'The transaction was included and reverted.', receipt })
}

function costOf(receipt: RpcTransactionReceipt): bigint {
  const { l1Fee } = receipt as { l1Fee?: unknown }
  const execution = hexToBigInt(receipt.gasUsed) * hexToBigInt(receipt.effectiveGasPrice)
  // Rollups of the OP stack charge for data apart.
  return isHex(l1Fee) ? execution + hexToBigInt(l1Fee) : execution
}

function refusal(error: unknown): string {
  const isBroke = error instanceof BaseError && getNodeError(error, {}) instanceof InsufficientFundsError
  return isBroke ? "The relay's account cannot pay for the gas." : 'The node did not take the transaction.'
}
