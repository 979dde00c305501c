/**
 * The kit in a page of its own, for tests that drive a browser: no interface, only `window.kit`. The chain and the relay
 * are the test's; the wallet is the embedded one, of a user who says yes.
 */
import { createSessionKeyConfig } from 'react-session-keys'
import { grantPermissions, sendSessionCalls, type GrantPermissionsParameters } from 'react-session-keys/actions'
import { embeddedWallet } from 'react-session-keys/wallet'
import { defineChain, http, type Hash } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { createConfig, type Connector, type CreateConnectorFn } from 'wagmi'
import { connect } from 'wagmi/actions'
import type { PageSettings } from './settings.js'

export type Kit = {
  grant: (definition: GrantPermissionsParameters) => ReturnType<typeof grantPermissions>
  /** `session`: the name of a definition, or a session's id. */
  send: (session: string, calls: readonly unknown[], options?: { skipCheck?: boolean }) => Promise<Hash>
  sessions: ReturnType<typeof createSessionKeyConfig>['sessions']['find']
  /** What the user was asked since the page was loaded. */
  questions: () => number
}

declare global {
  interface Window {
    kit: Kit
  }
}

const { chainId, rpcUrl, relayUrl, ownerKey, key } = JSON.parse(new URLSearchParams(location.search).get('settings') as string) as PageSettings

const chain = defineChain({
  id: chainId,
  name: 'Test chain',
  nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
  rpcUrls: { default: { http: [rpcUrl] } },
})
let questions = 0
const wallet = embeddedWallet({
  owner: privateKeyToAccount(ownerKey),
  sponsor: relayUrl,
  onConsent: async () => {
    questions += 1
    return { approved: true }
  },
})
const wagmi = createConfig({
  chains: [chain],
  transports: { [chainId]: http(rpcUrl) },
  connectors: [wallet as CreateConnectorFn],
  pollingInterval: 20,
  storage: null,
  multiInjectedProviderDiscovery: false,
})
const config = createSessionKeyConfig({ wagmi, relay: relayUrl, key })
await connect(wagmi, { connector: wagmi.connectors[0] as Connector })

window.kit = {
  grant: (definition) => grantPermissions(config, definition),
  send: async (session, calls, options) => (await sendSessionCalls(config, { session, calls: calls as [], ...options })).transactionHash,
  sessions: config.sessions.find,
  questions: () => questions,
}
