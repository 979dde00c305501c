import { createConsentQueue } from '../../consent/consentQueue.js'
import type { OnConsent } from '../../consent/consentRequest.js'
import { createEmbeddedWallet, type EmbeddedWalletProvider } from '../../wallet/createEmbeddedWallet.js'
import { embeddedWallet } from '../../wallet/embeddedWallet.js'
import { bend2024, type Request2024 } from './bend2024.js'
import { bend2026, type Request2026 } from './bend2026.js'
import { createOutcomes, decisionOn, type Bending, type MockCall } from './decision.js'
import type { OpenMockWallet } from './mockDialect.js'

/**
 * The kit's own embedded wallet, which speaks both texts of ERC-7715 and grants every type. It has no faults of its own: `narrow`,
 * `broaden` and `other` change the request before the wallet reads it.
 */
export const embedded: OpenMockWallet = ({ owner, chain, decision: decide }) => {
  const consent = createConsentQueue()
  const remembered = new Map<string, string>()
  const storage = {
    getItem: (key: string) => remembered.get(key) ?? null,
    setItem: (key: string, value: string) => void remembered.set(key, value),
  }
  // One for each answer of the user, over one memory: a request goes to the wallet whose user answers so.
  const answering = (onConsent: OnConsent) => createEmbeddedWallet({ owner, ...chain, consent, storage, onConsent })
  const wallets = {
    grant: answering(async () => ({ approved: true })),
    reject: answering(async () => ({ approved: false, reason: 'reject-press' })),
    hang: answering(() => new Promise(() => undefined)),
    ask: answering(consent.ask),
  }
  const { grant } = wallets
  const outcome = createOutcomes()

  async function request(call: MockCall): Promise<unknown> {
    if (isConnection(call)) {
      const [answer] = await Promise.all(Object.values(wallets).map((wallet) => wallet.request(call)))
      return answer
    }
    if (!asking.has(call.method)) return grant.request(call)
    const decision = await decisionOn(call, decide)
    if (decision in wallets) return wallets[decision as keyof typeof wallets].request(call)
    return outcome(decision, { request: call, bend: bendCall, answer: (bent) => grant.request(bent) })
  }

  const provider: EmbeddedWalletProvider = { consent, on: grant.on, removeListener: grant.removeListener, request: request as EmbeddedWalletProvider['request'] }
  return { provider, connector: embeddedWallet({ provider, name: 'Mock wallet' }) }
}

/** What connects or disconnects the page goes to each of the four. */
function isConnection({ method, params }: MockCall): boolean {
  if (method === 'wallet_revokePermissions') return JSON.stringify(params) === '[{"eth_accounts":{}}]'
  return method === 'eth_requestAccounts' || method === 'wallet_requestPermissions'
}

/** What the user is asked about. */
const asking = new Set(['wallet_requestExecutionPermissions', 'wallet_grantPermissions', 'wallet_sendCalls', 'eth_sendTransaction'])

/** A malformed request stays as it is: the wallet says what is wrong with it. */
function bendCall(call: MockCall, how: Bending): MockCall {
  try {
    if (call.method === 'wallet_requestExecutionPermissions') return { ...call, params: bend2026(call.params as Request2026[], how) }
    if (call.method === 'wallet_grantPermissions') return { ...call, params: (call.params as Request2024[]).map((one) => bend2024(one, how)) }
    return call
  } catch {
    return call
  }
}
