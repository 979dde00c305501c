import type { Address } from 'viem'
import type { Dialect, Provider, WalletAbilities, WalletProbe } from './dialect.js'
import { UnsupportedWalletError, WalletBusyError, WalletTimeoutError } from './errors.js'
import { dialects, type DialectId } from './dialects.js'
import { createWalletProbe } from './walletProbe.js'

export type DetectWalletParameters = {
  provider: Provider
  /** wagmi's id of the connector. */
  connectorId: string
  /** For people. */
  wallet: string
  account: Address
  chainId: number
  /** Speaks this one, whatever the wallet says. */
  dialect?: DialectId | Dialect | undefined
}

export type DetectedWallet = { dialect: Dialect; abilities: WalletAbilities }

/** By provider, then by account and chain. */
const found = new WeakMap<Provider, Map<string, Promise<DetectedWallet>>>()

/**
 * Finds out, without a prompt and without a side effect, which dialect a wallet speaks and what it can grant. Known once
 * for each provider, account and chain; a wallet that was busy or did not answer is asked again next time.
 *
 * @throws {UnsupportedWalletError} it grants nothing
 * @throws {WalletBusyError} {@link WalletTimeoutError} it could not be asked
 */
export function detectWallet(parameters: DetectWalletParameters): Promise<DetectedWallet> {
  const { provider, connectorId, account, chainId, dialect: explicit } = parameters
  const known = found.get(provider) ?? new Map<string, Promise<DetectedWallet>>()
  found.set(provider, known)
  const key = [connectorId, account, chainId, typeof explicit === 'object' ? explicit.id : explicit].join()
  const before = typeof explicit === 'object' ? undefined : known.get(key)
  if (before) return before
  const detected = detect(parameters)
  known.set(key, detected)
  detected.catch(() => known.delete(key))
  return detected
}

async function detect({ dialect: explicit, wallet, ...about }: DetectWalletParameters): Promise<DetectedWallet> {
  const probe = createWalletProbe(about)
  if (explicit !== undefined) {
    const dialect = typeof explicit === 'object' ? explicit : dialects.find(({ id }) => id === explicit)
    if (!dialect) throw new UnsupportedWalletError({ wallet, reason: `the kit knows no dialect "${String(explicit).slice(0, 60)}"` })
    return { dialect, abilities: (await dialect.detect(probe).catch(onlyPassing)) ?? { list: false } }
  }
  const marked = dialects.filter((dialect) => dialect.recognise?.(probe))
  const refusals: Error[] = []
  for (const dialect of marked.length > 0 ? marked : dialects) {
    try {
      const abilities = await dialect.detect(probe)
      if (abilities) return { dialect, abilities }
    } catch (error) {
      onlyPassing(error)
      refusals.push(error as Error)
    }
  }
  throw new UnsupportedWalletError({ wallet, cause: refusals[0] })
}

/** A wallet that could not answer now says nothing of what it can. */
function onlyPassing(error: unknown): undefined {
  if (error instanceof WalletBusyError || error instanceof WalletTimeoutError) throw error
  return undefined
}

export type { WalletProbe }
