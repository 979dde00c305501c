import { parseUnits, type Address } from 'viem'
import { goldAbi } from '../../../demo/contracts/artifacts.js'
import { defineSession } from '../../../src/permissions/defineSession.js'
import { expiresIn } from '../../../src/permissions/expiry.js'
import { erc20Periodic } from '../../../src/permissions/tokenPermissions.js'
import { recurring } from '../../../src/server/automation/index.js'

export type ShopAddresses = { gold: Address; shop: Address }

/** What is charged: a quarter of what a day allows. The allowance alone would let a second charge through, and two more. */
export const price = parseUnits('5', 18)

/** As `startServer` asks for it. */
export function subscriptionTo({ gold, shop }: ShopAddresses) {
  return defineSession({
    name: 'subscription',
    expiry: expiresIn({ days: 30 }),
    permissions: [erc20Periodic({ token: gold, limit: 4n * price, period: { days: 1 }, payee: shop })],
  })
}

export function chargeRule({ gold, shop }: ShopAddresses) {
  return recurring({
    name: 'charge',
    session: subscriptionTo({ gold, shop }),
    calls: () => [{ to: gold, abi: goldAbi, functionName: 'transfer', args: [shop, price] }],
    // A process that is killed is no reason to give up.
    retry: { attempts: 1_000, delaySeconds: 1 },
  })
}
