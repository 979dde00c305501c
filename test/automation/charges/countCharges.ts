import { parseAbiItem, type Address, type Client } from 'viem'
import { getBlock, getLogs } from 'viem/actions'
import type { ShopAddresses } from './chargeRule.js'

const transfer = parseAbiItem('event Transfer(address indexed from, address indexed to, uint256 value)')

/** Who pays, and since when the periods of the permission count, by the chain's time. */
export type Payer = { account: Address; start: number }

const daySeconds = 86_400

/** Reads what the shop was paid, from the chain and nothing else. */
export function chargeCounter(client: Client, { gold, shop }: ShopAddresses, payers: readonly Payer[]) {
  const starts = new Map(payers.map(({ account, start }) => [account.toLowerCase(), start]))
  const counts = new Map<string, number>()
  const times = new Map<bigint, number>()
  let fromBlock = 0n

  async function timeOf(blockNumber: bigint): Promise<number> {
    const time = times.get(blockNumber) ?? Number((await getBlock(client, { blockNumber })).timestamp)
    times.set(blockNumber, time)
    return time
  }

  return {
    /** Charges so far, by `payer period`; periods count from 0. */
    async read(): Promise<ReadonlyMap<string, number>> {
      const { number: toBlock } = await getBlock(client)
      const logs = toBlock < fromBlock ? [] : await getLogs(client, { address: gold, event: transfer, args: { to: shop }, fromBlock, toBlock })
      fromBlock = toBlock + 1n
      for (const { args, blockNumber } of logs) {
        const payer = args.from?.toLowerCase() ?? ''
        const start = starts.get(payer)
        if (start === undefined) throw new Error(`${payer} paid, and has no session.`)
        const key = `${payer} ${Math.floor(((await timeOf(blockNumber)) - start) / daySeconds)}`
        counts.set(key, (counts.get(key) ?? 0) + 1)
      }
      return counts
    },
  }
}

export type ChargeCount = { due: number; charged: number; twice: number; missed: number }

/** Against what was due: each payer, once in each of the periods. */
export function compareCharges(counts: ReadonlyMap<string, number>, payers: readonly Payer[], periods: number): ChargeCount {
  const due = payers.flatMap(({ account }) => Array.from({ length: periods }, (_, period) => `${account.toLowerCase()} ${period}`))
  const charged = due.filter((key) => counts.has(key))
  return {
    due: due.length,
    charged: charged.length,
    // What nobody owed is one too many as well.
    twice: charged.filter((key) => (counts.get(key) ?? 0) > 1).length + [...counts.keys()].filter((key) => !due.includes(key)).length,
    missed: due.length - charged.length,
  }
}
