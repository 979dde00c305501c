import type { Address, Hex } from 'viem'
import type { RpcLogObject } from './rpcShapes.js'

/** @see EIP-1474 `eth_getLogs` */
export type LogFilter = {
  address?: Address | readonly Address[] | undefined
  topics?: readonly (Hex | readonly Hex[] | null)[] | undefined
  blockHash?: Hex | undefined
  fromBlock?: string | undefined
  toBlock?: string | undefined
}

/** `numberOf` turns a block's name or number into its number. */
export function filterLogs(logs: readonly RpcLogObject[], filter: LogFilter, numberOf: (block: string | undefined) => bigint): RpcLogObject[] {
  const { address, topics = [], blockHash } = filter
  const addresses = address === undefined ? undefined : lowercase([address].flat() as Hex[])
  const wanted = topics.map((topic) => (topic === null ? undefined : lowercase([topic].flat() as Hex[])))
  const [first, last] = [numberOf(filter.fromBlock), numberOf(filter.toBlock)]
  return logs.filter((log) => {
    const inRange = blockHash === undefined ? first <= BigInt(log.blockNumber) && BigInt(log.blockNumber) <= last : log.blockHash === blockHash
    return inRange && (addresses?.includes(log.address) ?? true) && wanted.every((any, index) => any === undefined || any.includes(log.topics[index] as Hex))
  })
}

const lowercase = (values: readonly Hex[]) => values.map((value) => value.toLowerCase() as Hex)
