import type { SessionKeyConfig } from '../../src/actions/createSessionKeyConfig.js'
import type { Provider } from '../../src/dialects/dialect.js'
import { createTestWrapper, type MockWallet } from '../../src/testing/index.js'

/** An app connected to a wallet, whose user agrees to whatever the kit asks. */
export function connectedApp(wallet: MockWallet): SessionKeyConfig {
  const { config } = createTestWrapper({ wallet })
  config.consent.mount()
  config.consent.subscribe(() => config.consent.approve(config.consent.getSnapshot()?.id ?? ''))
  return config
}

/** Another answer to one method, from now on; it may throw. */
export function answering(provider: Provider, method: string, answer: (genuine: () => Promise<unknown>, params: unknown) => unknown): void {
  const request = provider.request.bind(provider)
  provider.request = async (call) => (call.method === method ? answer(() => request(call), call.params) : request(call))
}

export const outcomeOf = (promise: Promise<unknown>): Promise<string> => promise.then(() => 'done', (error: Error) => error.name)
