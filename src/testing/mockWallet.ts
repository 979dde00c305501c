import type { Address, LocalAccount } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import type { CreateConnectorFn } from 'wagmi'
import type { Decide, EmbeddedDecision, MockCall, MockDecision } from './mock/decision.js'
import type { MockProvider } from './mock/mockDialect.js'
import { mockDialects, type MockDialectId } from './mock/mockDialects.js'
import { mockChain, type MockChain } from './mockChain.js'

type Common = {
  /** Whose account it is. Default: a new one. */
  owner?: LocalAccount | undefined
  /** What it is on: `{ chain, transport }`. Default: a chain in memory, enough for grants. */
  chain?: MockChain | undefined
}

export type MockWalletParameters = Common &
  (
    | {
        /** The kit's own embedded wallet, which has no faults. */
        dialect?: 'embedded' | undefined
        /** What becomes of a grant or a transaction; `ask` leaves it to the mounted consent dialog. Default `grant`. */
        decision?: Decide<EmbeddedDecision> | undefined
      }
    | {
        /**
         * How it speaks, faults included:
         * - `erc7715` MetaMask: the text of 2026, for tokens only. Turns everything else away while it asks; has no method to revoke.
         * - `erc7715-2024` grants as viem asks, and lists and revokes by the names of 2026.
         * - `zerodev` the same, for calls of functions only; it counts transactions, not calls.
         * - `openfort` grants whole contracts for a time that counts from now, and asks nobody: a `reject` is its backend's.
         * - `porto` has its own words for everything.
         * - `none` grants nothing: it knows no `wallet_` method.
         */
        dialect: Exclude<MockDialectId, 'embedded'>
        /** What becomes of a grant or a transaction. Default `grant`. */
        decision?: Decide<MockDecision> | undefined
        /** `erc7715-2024` only: it answers with bytes that only it can read, or with delegations. Default `opaque`. */
        context?: 'opaque' | 'delegations' | undefined
      }
  )

export type MockWallet = {
  /** For wagmi's `connectors`. */
  connector: CreateConnectorFn
  provider: MockProvider
  /** Every request that reached the wallet, oldest first. */
  calls: MockCall[]
  account: Address
  mockChain: MockChain
}

/**
 * A wallet for tests and stories, over a chain in memory, with a user who has made up their mind: one that behaves, or one that speaks
 * as a real wallet does, with its faults. Delegations are really signed.
 *
 * @example mockWallet({ decision: 'reject' })
 * @example mockWallet({ dialect: 'openfort' })
 * @example mockWallet({ dialect: 'erc7715', decision: ({ method }) => (method === 'eth_sendTransaction' ? 'reject' : 'narrow') })
 */
export function mockWallet(parameters: MockWalletParameters = {}): MockWallet {
  const { dialect = 'embedded', decision = 'grant', owner = privateKeyToAccount(generatePrivateKey()), chain = mockChain() } = parameters
  const context = ('context' in parameters && parameters.context) || 'opaque'
  const { provider, connector } = mockDialects[dialect]({ owner, chain, decision, context })
  const calls: MockCall[] = []
  const { request } = provider
  provider.request = (call) => {
    calls.push({ method: call.method, params: call.params })
    return request(call)
  }
  return { connector, provider, calls, account: owner.address, mockChain: chain }
}
