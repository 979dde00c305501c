import { isAddressEqual, parseAbi, parseEventLogs, type Address, type Client, type Hex, type TransactionReceipt } from 'viem'
import { getLogs, getTransactionReceipt, readContract } from 'viem/actions'
import { callCountsAbi, isUsedAbi } from '../delegation/abis.js'
import { enforcers, framework } from '../delegation/framework.js'

/** `LimitedCallsEnforcer`: one for every use of a leaf. Anyone can have it emitted; only `sender` tells who counted. */
const increasedCountAbi = parseAbi([
  'event IncreasedCount(address indexed sender, address indexed redeemer, bytes32 indexed delegationHash, uint256 limit, uint256 callCount)',
])

/** Whether a once-only leaf was used, by whomever: the chain's own count. */
export async function isRedeemed(client: Client, leafHash: Hex): Promise<boolean> {
  const count = await readContract(client, {
    address: enforcers.LimitedCallsEnforcer,
    abi: callCountsAbi,
    functionName: 'callCounts',
    args: [framework.DelegationManager, leafHash],
  })
  return count > 0n
}

/** Whether one of the leaves that exclude each other was used (`caveats.id`). */
export async function isOneRedeemed(client: Client, delegator: Address, id: bigint): Promise<boolean> {
  return readContract(client, { address: enforcers.IdEnforcer, abi: isUsedAbi, functionName: 'getIsUsed', args: [framework.DelegationManager, delegator, id] })
}

/** Whether this transaction is the one that used the leaf. */
export function redeemsLeaf(receipt: TransactionReceipt, leafHash: Hex): boolean {
  const logs = receipt.logs.filter(({ address }) => isAddressEqual(address, enforcers.LimitedCallsEnforcer))
  return parseEventLogs({ abi: increasedCountAbi, logs, args: { sender: framework.DelegationManager, delegationHash: leafHash } }).length > 0
}

/** The receipt of the transaction that used the leaf, looked for from `fromBlock` on. */
export async function findRedemption(client: Client, leafHash: Hex, fromBlock: bigint): Promise<TransactionReceipt | undefined> {
  const [log] = await getLogs(client, {
    address: enforcers.LimitedCallsEnforcer,
    event: increasedCountAbi[0],
    args: { sender: framework.DelegationManager, delegationHash: leafHash },
    fromBlock,
    toBlock: 'latest',
  })
  return log && getTransactionReceipt(client, { hash: log.transactionHash })
}
