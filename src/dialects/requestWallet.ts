import type { Provider, WireRequest } from './dialect.js'
import { sendToWallet } from './sendToWallet.js'
import { hasBusyCode, walletErrorKind } from './walletErrors.js'

/** How long to wait before each further try. */
export const busyRetryDelaysMs: readonly number[] = [500, 1_000, 2_000, 4_000]

export type RequestWalletOptions = {
  retryDelaysMs?: readonly number[] | undefined
  /**
   * What is taken for "busy". `code`: -32002 alone, for requests that must not be made twice · `known`: also MetaMask's own message, which
   * comes without that code. Default `code`.
   */
  busyBy?: 'code' | 'known' | undefined
}

/**
 * Sends a request; a wallet that turns it away because another one is open is asked again a few times. A request given as a function is
 * made anew for each try.
 */
export async function requestWallet(
  provider: Provider,
  request: WireRequest | (() => WireRequest),
  { retryDelaysMs = busyRetryDelaysMs, busyBy = 'code' }: RequestWalletOptions = {},
): Promise<unknown> {
  const send = () => sendToWallet(provider, typeof request === 'function' ? request() : request)
  for (const delayMs of retryDelaysMs) {
    try {
      return await send()
    } catch (error) {
      if (!(busyBy === 'known' ? walletErrorKind(error) === 'busy' : hasBusyCode(error))) throw error
      await new Promise((resolve) => setTimeout(resolve, delayMs))
    }
  }
  return send()
}
