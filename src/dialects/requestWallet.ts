import type { Provider, WireRequest } from './dialect.js'
import { walletErrorKind } from './walletErrors.js'

/** How long to wait before each further try. */
export const busyRetryDelaysMs: readonly number[] = [500, 1_000, 2_000, 4_000]

/**
 * Sends a request; a wallet that turns it away because another one is open is asked again a few times. A request given as a function is
 * made anew for each try.
 */
export async function requestWallet(
  provider: Provider,
  request: WireRequest | (() => WireRequest),
  { retryDelaysMs = busyRetryDelaysMs }: { retryDelaysMs?: readonly number[] | undefined } = {},
): Promise<unknown> {
  const send = () => provider.request(typeof request === 'function' ? request() : request)
  for (const delayMs of retryDelaysMs) {
    try {
      return await send()
    } catch (error) {
      if (walletErrorKind(error) !== 'busy') throw error
      await new Promise((resolve) => setTimeout(resolve, delayMs))
    }
  }
  return send()
}
