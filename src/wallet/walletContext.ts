import { createPublicClient, type Chain, type LocalAccount, type PublicClient, type Transport } from 'viem'
import type { ConsentRequest, OnConsent } from '../consent/consentRequest.js'
import { createRelayClient, type RelayClient } from '../execution/relayClient.js'
import type { GrantsStore } from './grantsStore.js'
import type { OneAtATime } from '../execution/oneAtATime.js'

/** Who pays for gas: a relay's URL, that with its key, or a relay client. */
export type Sponsor =
  | string
  | { url: string; apiKey?: string | undefined; headers?: Record<string, string> | undefined }
  | RelayClient

/** What every method of the wallet works with. */
export type WalletContext = {
  owner: () => Promise<LocalAccount>
  chain: Chain
  client: PublicClient
  sponsor: RelayClient | undefined
  ask: OnConsent
  asker: () => Pick<ConsentRequest, 'origin' | 'app'>
  grants: GrantsStore
  /** The owner's nonce is used by one transaction or authorization at a time. */
  ownerTurn: OneAtATime
}

/** How often a receipt is looked for. */
const receiptPollingMs = 500

export function createWalletClientOf({ chain, transport }: { chain: Chain; transport: Transport }): PublicClient {
  return createPublicClient({ chain, transport, pollingInterval: receiptPollingMs, cacheTime: 0 })
}

export function sponsorClient(sponsor: Sponsor): RelayClient {
  if (typeof sponsor === 'string') return createRelayClient({ url: sponsor })
  if ('send' in sponsor) return sponsor
  return createRelayClient(sponsor)
}

/** One result for all callers; a failure is forgotten, so that the next caller tries again. */
export function once<result>(make: () => Promise<result>): () => Promise<result> {
  let made: Promise<result> | undefined
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined
      throw error
    })
    return made
  }
}
