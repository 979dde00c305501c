import type { Address } from 'viem'
import type { Provider, WalletProbe } from './dialect.js'
import { WalletTimeoutError } from './errors.js'
import { sendToWallet } from './sendToWallet.js'
import { walletError, walletErrorKind } from './walletErrors.js'

/** Long enough for a wallet that has to wake up. */
const timeoutSeconds = 10

export function createWalletProbe(wallet: { provider: Provider; connectorId: string; account: Address; chainId: number }): WalletProbe {
  const answers = new Map<string, Promise<unknown>>()
  const methods = listedMethods(wallet.provider)

  async function put(method: string, params: unknown): Promise<unknown> {
    // A WalletConnect session names its methods; what is not among them must not be sent.
    if (methods && !methods.includes(method)) return undefined
    let timer: ReturnType<typeof setTimeout> | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new WalletTimeoutError({ method, seconds: timeoutSeconds })), timeoutSeconds * 1_000)
    })
    try {
      return await Promise.race([sendToWallet(wallet.provider, { method, params }), late])
    } catch (error) {
      if (error instanceof WalletTimeoutError) throw error
      if (['unsupported', 'unauthorized', 'refused'].includes(walletErrorKind(error))) return undefined
      throw walletError(error, { method, chainId: wallet.chainId })
    } finally {
      clearTimeout(timer)
    }
  }

  return {
    ...wallet,
    ask(method, params = []) {
      const known = answers.get(method) ?? put(method, params)
      answers.set(method, known)
      return known
    },
  }
}

/** @see CAIP-25 `session.namespaces` */
function listedMethods(provider: Provider): readonly string[] | undefined {
  const { session } = provider as { session?: { namespaces?: { eip155?: { methods?: unknown } } } }
  const methods = session?.namespaces?.eip155?.methods
  return Array.isArray(methods) ? methods.filter((method) => typeof method === 'string') : undefined
}
