import { useQuery } from '@tanstack/react-query'
import type { Address } from 'viem'
import { getContractEvents, readContract } from 'viem/actions'
import { useClient } from 'wagmi'
import { goldAbi, swordAbi } from './contracts/artifacts.js'

/** `durability` in percent of a new one. */
export type OwnedSword = { id: bigint; bought: boolean; durability: number }

/** The player's swords, newest first. One is bought when GOLD went to the shop in the same transaction. */
export function useSwords({ player, gold, sword, shop }: { player: Address; gold: Address; sword: Address; shop: Address }) {
  const client = useClient()
  return useQuery({
    queryKey: ['swords', player],
    enabled: client !== undefined,
    queryFn: async (): Promise<OwnedSword[]> => {
      if (!client) return []
      const range = { fromBlock: 0n, toBlock: 'latest', eventName: 'Transfer', strict: true } as const
      const [minted, paid] = await Promise.all([
        getContractEvents(client, { ...range, address: sword, abi: swordAbi, args: { to: player } }),
        getContractEvents(client, { ...range, address: gold, abi: goldAbi, args: { from: player, to: shop } }),
      ])
      const payments = new Set(paid.map(({ transactionHash }) => transactionHash))
      const durability = await readContract(client, { address: sword, abi: swordAbi, functionName: 'durabilityOf', args: [minted.map(({ args }) => args.tokenId)] })
      return minted.map(({ args, transactionHash }, index) => ({ id: args.tokenId, bought: payments.has(transactionHash), durability: durability[index] ?? 0 })).reverse()
    },
  })
}
