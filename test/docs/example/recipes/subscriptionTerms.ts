import { defineSession, erc20Periodic, expiresIn } from 'react-session-keys/permissions'
import { parseUnits } from 'viem'
import { gold, shop } from './addresses.js'

/** 20 GOLD in each 30 days, to the shop alone, for a year. What is not charged in a period does not add up. Page and server import it. */
export const subscription = defineSession({
  name: 'subscription',
  expiry: expiresIn({ days: 365 }),
  permissions: [erc20Periodic({ token: gold, limit: parseUnits('20', 18), period: { days: 30 }, payee: shop })],
})
