import type { Session, SessionStatus } from '../src/index.js'
import { mockChain, mockWallet } from '../src/testing/index.js'
import { hour, mint, now, shopping, type WorldParameters } from './sessionWorld.js'

/** A quarter of them live. */
export function tenThousand(): WorldParameters {
  const wallet = mockWallet({ chain: mockChain({ timestamp: now }) })
  const states: readonly SessionStatus[] = ['active', 'expired', 'revoked', 'expired']
  // One of each state is made, and the others are like it: ten thousand keys would take their time.
  const models = states.map((status) => shopping({ status, account: wallet.account, permissions: [mint], dialect: 'erc7715-2024', ...(status === 'expired' ? { expiry: now - hour } : {}) }))
  const sessions = Array.from({ length: 10_000 }, (_, index): Session => {
    const model = models[index % models.length] as Session
    return { ...model, id: `session-${index}`, name: `round-${index}`, createdAt: (now - index * 60) * 1000 }
  })
  return { wallet, sessions }
}
