import { contractCall, defineSession, erc20Periodic, expiresIn } from '../src/permissions/index.js'
import { parseUnits, type Address } from 'viem'
import { swordAbi } from './contracts/artifacts.js'

// The page and the server both import this: what the player is asked for is what the server takes.

export const dailyPrice = parseUnits('20', 18)
export const repairPrice = parseUnits('5', 18)
/** A sword that is worn further than this, in percent, is repaired. */
export const wornBelow = 50

type Contracts = { gold: Address; sword: Address; shop: Address }

/** 20 GOLD a day to the shop, and to nobody else. A day that was not charged does not add up. */
export const subscriptionSession = ({ gold, shop }: Contracts) =>
  defineSession({
    name: 'subscription',
    expiry: expiresIn({ days: 60 }),
    permissions: [erc20Periodic({ token: gold, limit: dailyPrice, period: { days: 1 }, payee: shop })],
  })

/** The player's swords, for at most 25 GOLD a day. */
export const repairSession = ({ gold, sword, shop }: Contracts) =>
  defineSession({
    name: 'repairs',
    expiry: expiresIn({ days: 60 }),
    permissions: [
      contractCall({ address: sword, abi: swordAbi, functions: ['repair'], callLimit: 200 }),
      erc20Periodic({ token: gold, limit: 5n * repairPrice, period: { days: 1 }, payee: shop }),
    ],
  })
