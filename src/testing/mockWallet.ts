import type { Address, LocalAccount } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import type { CreateConnectorFn } from 'wagmi'
import type { ConsentDecision } from '../consent/consentRequest.js'
import { createEmbeddedWallet, type EmbeddedWalletProvider } from '../wallet/createEmbeddedWallet.js'
import { embeddedWallet } from '../wallet/embeddedWallet.js'
import { mockChain, type MockChain } from './mockChain.js'

export type MockWalletParameters = {
  /** What the user says: `ask` leaves it to the mounted consent dialog. Default `grant`. */
  decision?: 'grant' | 'reject' | 'ask' | undefined
  owner?: LocalAccount | undefined
}

export type MockWallet = {
  connector: CreateConnectorFn
  provider: EmbeddedWalletProvider
  /** Every request that reached the wallet, oldest first. */
  calls: { method: string; params: unknown }[]
  account: Address
  mockChain: MockChain
}

/** The kit's own embedded wallet, over a chain in memory, with a user who has made up their mind. Its signatures are real. */
export function mockWallet({ decision = 'grant', owner = privateKeyToAccount(generatePrivateKey()) }: MockWalletParameters = {}): MockWallet {
  const chain = mockChain()
  const answer: ConsentDecision = decision === 'grant' ? { approved: true } : { approved: false, reason: 'reject-press' }
  const provider = createEmbeddedWallet({ owner, ...chain, ...(decision === 'ask' ? {} : { onConsent: async () => answer }) })
  const calls: MockWallet['calls'] = []
  const { request } = provider
  provider.request = ((call: { method: string; params?: unknown }) => {
    calls.push({ method: call.method, params: call.params })
    return request(call as never)
  }) as typeof request
  return { connector: embeddedWallet({ provider, name: 'Mock wallet' }), provider, calls, account: owner.address, mockChain: chain }
}
