import { hexToBigInt, isAddressEqual, keccak256, parseAbi, parseEventLogs, stringToHex, type Address, type Client, type TransactionReceipt } from 'viem'
import { getLogs, getTransactionReceipt, readContract } from 'viem/actions'
import { enforcers, framework } from '../delegation/framework.js'
import type { UnixSeconds } from '../permissions/permission.js'

/**
 * Makes calls happen at most once, whoever sends them, however often, and whatever anybody remembers of it: all that a key signs under the
 * same number excludes each other on-chain.
 * @see IdEnforcer
 */
export type Once = {
  /** Also the salt of what is signed, so that the same calls until the same deadline are the same leaf. */
  number: bigint
  /** From this moment on they cannot happen any more. */
  deadline: UnixSeconds
}

/** The number of an intent: of a session and of the app's own name for it, and of nothing else. */
export function onceNumber(session: string, intent: string): bigint {
  return hexToBigInt(keccak256(stringToHex(JSON.stringify(['react-session-keys', 1, session, intent]))))
}

const idEnforcerAbi = parseAbi([
  'function getIsUsed(address delegationManager, address delegator, uint256 id) view returns (bool)',
  'event UsedId(address indexed sender, address indexed delegator, address indexed redeemer, uint256 id)',
])

/** Whether something that `key` signed under this number has happened. */
export function hasHappened(client: Client, { key, number }: { key: Address; number: bigint }): Promise<boolean> {
  return readContract(client, {
    address: enforcers.IdEnforcer,
    abi: idEnforcerAbi,
    functionName: 'getIsUsed',
    args: [framework.DelegationManager, key, number],
  })
}

/** Whether it happened in this transaction. */
export function happenedIn({ logs }: TransactionReceipt, { key, number }: { key: Address; number: bigint }): boolean {
  const ours = logs.filter(({ address }) => isAddressEqual(address, enforcers.IdEnforcer))
  const used = parseEventLogs({ abi: idEnforcerAbi, eventName: 'UsedId', logs: ours, args: { sender: framework.DelegationManager, delegator: key } })
  return used.some(({ args }) => args.id === number)
}

/** The transaction in which it happened, looked for from `fromBlock` on. */
export async function findHappening(
  client: Client,
  { key, number, fromBlock }: { key: Address; number: bigint; fromBlock: bigint },
): Promise<TransactionReceipt | undefined> {
  const logs = await getLogs(client, {
    address: enforcers.IdEnforcer,
    event: idEnforcerAbi[1],
    args: { sender: framework.DelegationManager, delegator: key },
    fromBlock,
    toBlock: 'latest',
  })
  const log = logs.find(({ args }) => args.id === number)
  return log && getTransactionReceipt(client, { hash: log.transactionHash })
}
