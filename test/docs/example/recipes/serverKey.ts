import { createEnrolment, createSessionAgent, sealedKeys, type ServerParameters } from 'react-session-keys/server'
import { erc20Abi, http, parseUnits } from 'viem'
import { base } from 'viem/chains'
import { gold, shop } from './addresses.js'
import { signedInUser, store } from './backend.js'
import { subscription } from './subscriptionTerms.js'

const server: ServerParameters = {
  store, // your table, behind three functions: AgentStore
  custody: sealedKeys({ secret: process.env['SESSION_KEYS_SECRET'] ?? '' }), // or kmsKeys({ create, sign })
  chains: [{ chain: base, transport: http() }],
}

/** A Fetch handler: the page gets the address of this user's key from it, and hands over what was granted. */
export const POST = createEnrolment({
  ...server,
  definitions: [subscription],
  authenticate: async (request) => {
    const user = await signedInUser(request)
    return user && { id: user.id, accounts: user.wallets }
  },
}).handler

const agent = createSessionAgent({
  ...server,
  relay: 'https://shop.example/relay/rpc', // left out: the keys pay for themselves
  onEnded: ({ session, reason }) => console.info(`Session ${session.id} is ${reason}.`),
})

/** Charges for one month, once, however often this is called and whatever crashes meanwhile. */
export function charge(session: string, month: string) {
  return agent.send({
    session,
    intent: `subscription ${month}`,
    calls: [{ to: gold, abi: erc20Abi, functionName: 'transfer', args: [shop, parseUnits('20', 18)] }],
  })
}
