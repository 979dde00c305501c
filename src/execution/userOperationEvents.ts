import { isAddressEqual, parseAbi, parseEventLogs, type Client, type Hex, type TransactionReceipt } from 'viem'
import { getLogs, getTransactionReceipt } from 'viem/actions'
import { framework } from '../delegation/framework.js'

/** EntryPoint v0.7. */
const entryPointEvents = parseAbi([
  'event UserOperationEvent(bytes32 indexed userOpHash, address indexed sender, address indexed paymaster, uint256 nonce, bool success, uint256 actualGasCost, uint256 actualGasUsed)',
  'event UserOperationRevertReason(bytes32 indexed userOpHash, address indexed sender, uint256 nonce, bytes revertReason)',
])

/** What became of one operation of a bundle, as the EntryPoint itself says it. */
export type UserOperationResult = { success: true } | { success: false; revertData: Hex | undefined; gasUsed: bigint }

/** @returns undefined where the transaction does not hold the operation */
export function readUserOperation({ logs }: TransactionReceipt, userOpHash: Hex): UserOperationResult | undefined {
  const own = logs.filter(({ address }) => isAddressEqual(address, framework.EntryPoint))
  const events = parseEventLogs({ abi: entryPointEvents, logs: own, args: { userOpHash } })
  const done = events.find((event) => event.eventName === 'UserOperationEvent')
  if (!done) return undefined
  if (done.args.success) return { success: true }
  const reason = events.find((event) => event.eventName === 'UserOperationRevertReason')
  return { success: false, revertData: reason?.args.revertReason, gasUsed: done.args.actualGasUsed }
}

/** The receipt of the transaction that holds the operation, looked for from `fromBlock` on. */
export async function findUserOperation(client: Client, userOpHash: Hex, fromBlock: bigint): Promise<TransactionReceipt | undefined> {
  const [log] = await getLogs(client, {
    address: framework.EntryPoint,
    event: entryPointEvents[0],
    args: { userOpHash },
    fromBlock,
    toBlock: 'latest',
  })
  return log && getTransactionReceipt(client, { hash: log.transactionHash })
}
