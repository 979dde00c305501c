import type { Address, LocalAccount } from 'viem'
import type { CreateConnectorFn } from 'wagmi'
import type { ConsentQueue } from '../../consent/consentQueue.js'
import type { EmbeddedWalletProvider } from '../../wallet/createEmbeddedWallet.js'
import type { WalletEmitter } from '../../wallet/events.js'
import type { MockChain } from '../mockChain.js'
import type { Decide, EmbeddedDecision, GoodRequest, MockCall, Refusals } from './decision.js'

/** @see EIP-1193 */
export type MockProvider = Omit<EmbeddedWalletProvider, 'consent'> & {
  /** The embedded wallet's questions to the user. Others ask in a window of their own. */
  consent?: ConsentQueue | undefined
}

/** What a mock wallet is made of. */
export type MockWorld = {
  owner: LocalAccount
  chain: MockChain
  decision: Decide<EmbeddedDecision>
  /** What the 2024 dialect answers with: bytes that only the wallet can read, or delegations. */
  context: 'opaque' | 'delegations'
}

/** Makes a wallet and its wagmi connector. */
export type OpenMockWallet = (world: MockWorld) => { provider: MockProvider; connector: CreateConnectorFn }

/** By name; each throws as the wallet throws. */
export type MockMethods = { readonly [method: string]: (params: unknown) => unknown }

/** What the methods of one wallet work with. */
export type MockWalletState = Pick<MockWorld, 'owner' | 'context'> & {
  account: Address
  chainId: number
  /** The page may see the account. Begins true: the page has been here before. */
  connected: boolean
  /** While it is there, every request is turned away with it. */
  busy?: Error | undefined
  emit: WalletEmitter['emit']
  /** Does with a good request what was decided. */
  decide<request>(call: MockCall, asked: GoodRequest<request>): Promise<unknown>
}

/** A wallet as a mock plays it, with its faults: one file each, and one line in `mockDialects`. */
export type MockDialect = {
  /** wagmi's id and name of the connector. */
  readonly connector: { readonly id: string; readonly name: string }
  /** What anybody can see on the provider, such as `isOpenfort`. */
  readonly marks?: Readonly<Record<string, unknown>> | undefined
  /** Where a refusal sounds otherwise than EIP-1193 has it. */
  readonly refusals?: Refusals | undefined
  /** Its own methods, and those of every wallet that it answers otherwise. */
  methods(wallet: MockWalletState): MockMethods
  /** Its answer to any other `wallet_` method. */
  unknownMethod(method: string): Error
}
