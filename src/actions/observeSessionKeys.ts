import { observeWallet, type WalletExchange } from '../dialects/observeWallet.js'
import type { StatusChange } from '../sessions/statusChanges.js'
import type { SessionKeyConfig } from './createSessionKeyConfig.js'

/** What happened, for a log: never a key, a signature or a permission's context. */
export type SessionKeyEvent =
  /** A session's status, as this page wrote it, or saw another tab write it while it shows sessions. */
  | ({ kind: 'status' } & StatusChange)
  /** What the wallet is asked, and then, under the same `id`, what it answered. */
  | ({ kind: 'wallet' } & WalletExchange)

export type ObserveSessionKeysParameters = { onEvent: (event: SessionKeyEvent) => void }

/**
 * Calls back with what sessions become and with what goes to the wallet and comes back, until it is stopped. Nothing is read or asked for
 * it, and what `onEvent` throws disturbs nobody. The wallet's part is the page's: with several configs, of all of them.
 */
export function observeSessionKeys(config: SessionKeyConfig, { onEvent }: ObserveSessionKeysParameters): () => void {
  const stops = [
    config.sessions.onStatus((change) => onEvent({ kind: 'status', ...change })),
    observeWallet((exchange) => onEvent({ kind: 'wallet', ...exchange })),
  ]
  return () => stops.forEach((stop) => stop())
}
