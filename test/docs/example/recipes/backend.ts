import { createMemoryAgentStore, type AgentStore } from 'react-session-keys/server'
import type { Address } from 'viem'

// What the recipes leave to the reader: the app's own sign-in, and its database.
export async function signedInUser(request: Request): Promise<{ id: string; wallets: readonly Address[] } | undefined> {
  return request.headers.has('cookie') ? { id: 'user-1', wallets: [] } : undefined
}
export const store: AgentStore = createMemoryAgentStore()
