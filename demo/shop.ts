import { contractCall, defineSession, erc20Allowance, expiresIn } from 'react-session-keys'
import { parseUnits, type Address } from 'viem'
import { goldAbi, swordAbi } from './contracts/artifacts.js'

export const price = parseUnits('100', 18)

/** What the player is asked for, once. */
export const shoppingSession = ({ gold, sword }: { gold: Address; sword: Address }) =>
  defineSession({
    name: 'shopping',
    expiry: expiresIn({ days: 3 }),
    permissions: [
      contractCall({ address: sword, abi: swordAbi, functions: ['mint'], callLimit: 50 }),
      erc20Allowance({ token: gold, limit: parseUnits('1000', 18) }),
    ],
  })

export const mintCalls = ({ sword, player }: { sword: Address; player: Address }) => [
  { to: sword, abi: swordAbi, functionName: 'mint', args: [player] } as const,
]

/** Paying and minting in one atomic batch: no sword without GOLD, no GOLD without a sword. */
export const buyCalls = ({ gold, sword, shop, player }: { gold: Address; sword: Address; shop: Address; player: Address }) => [
  { to: gold, abi: goldAbi, functionName: 'transfer', args: [shop, price] } as const,
  ...mintCalls({ sword, player }),
]
