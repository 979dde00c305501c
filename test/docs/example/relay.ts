import { createRelay } from 'react-session-keys/server'
import { http } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { base } from 'viem/chains'

/** A Fetch handler: mount it in Next.js, Hono, Bun, Deno, a worker, … */
export const POST = createRelay({
  chain: base,
  transport: http(),
  account: privateKeyToAccount(process.env['RELAY_KEY'] as `0x${string}`),
  limits: { perSender: { requests: 60, windowSeconds: 60 }, spending: { maxWei: 10n ** 17n, windowSeconds: 86_400 } },
})
