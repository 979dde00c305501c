import { decodeErrorResult, isAddressEqual, numberToHex, parseAbi, parseEventLogs, type Address, type Client, type Hex, type TransactionReceipt } from 'viem'
import { getTransaction } from 'viem/actions'
import { decodeRevertReason, findRevertData, type RevertReason } from '../delegation/revertReason.js'

/** ERC-4337's EntryPoints, v0.6 to v0.9. Only their word counts: a called contract can emit the same events. */
const entryPoints: readonly Address[] = [
  '0x5FF137D4b0FDCD49DcA30c7CF57E578a026d2789',
  '0x0000000071727De22E5E9d8BAf0edAc6f37da032',
  '0x4337084D9E255Ff0702461CF8895CE9E3b5Ff108',
  '0x433709009B8330FDa32311DF1C2AFA402eD8D009',
]

const abi = parseAbi([
  'event UserOperationEvent(bytes32 indexed userOpHash, address indexed sender, address indexed paymaster, uint256 nonce, bool success, uint256 actualGasCost, uint256 actualGasUsed)',
  'event UserOperationRevertReason(bytes32 indexed userOpHash, address indexed sender, uint256 nonce, bytes revertReason)',
  'error FailedOp(uint256 opIndex, string reason)',
  'error FailedOpWithRevert(uint256 opIndex, string reason, bytes inner)',
])

/**
 * Revert data of an account's calls that failed inside a transaction that did not; `0x` where the EntryPoint names none,
 * undefined where nothing failed.
 * @see ERC-4337 `UserOperationEvent`, `UserOperationRevertReason`
 */
export function failedOperation(receipt: TransactionReceipt, account: Address): Hex | undefined {
  const logs = receipt.logs.filter(({ address }) => entryPoints.some((entryPoint) => isAddressEqual(entryPoint, address)))
  const args = { sender: account }
  const failed = parseEventLogs({ abi, logs, eventName: 'UserOperationEvent', args }).find(({ args: { success } }) => !success)
  if (!failed) return undefined
  const { userOpHash } = failed.args
  const reasons = parseEventLogs({ abi, logs, eventName: 'UserOperationRevertReason', args: { ...args, userOpHash } })
  return reasons[0]?.args.revertReason ?? '0x'
}

/** Why an included transaction reverted: its receipt does not say, so it is run again on the state that followed it. */
export async function revertOf(client: Client, { transactionHash, blockNumber }: TransactionReceipt): Promise<RevertReason> {
  try {
    const { from, to, input, value } = await getTransaction(client, { hash: transactionHash })
    await client.request({ method: 'eth_call', params: [{ from, to, data: input, value: numberToHex(value) }, numberToHex(blockNumber)] })
  } catch (error) {
    const data = findRevertData(error)
    if (data) return readRevert(data)
  }
  return { contract: 'call', reason: 'reverted', data: '0x' }
}

export function readRevert(data: Hex): RevertReason {
  try {
    const { errorName, args } = decodeErrorResult({ abi, data })
    return { contract: 'EntryPoint', reason: `${errorName} ${args[1]}`, data }
  } catch {
    return decodeRevertReason(data) ?? { contract: 'call', reason: data.slice(0, 10), data }
  }
}
